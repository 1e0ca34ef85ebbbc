"""Nobody takes an address that they have not proved."""

import pytest

from organiser_portal.organisations.models import User


@pytest.mark.parametrize("action", ["action_add", "action_primary"])
def test_nobody_gives_themselves_another_address(action: str, viewer: User, sign_in):
    client = sign_in(viewer)
    assert client.post("/accounts/email/", {action: "", "email": "boss@fellgate.example"}).status_code == 405
    viewer.refresh_from_db()
    assert viewer.email == "vic@fellgate.example"
