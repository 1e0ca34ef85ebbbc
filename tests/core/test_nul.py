"""A NUL character, which PostgreSQL refuses, breaks no page and is kept nowhere."""

import pytest

from organiser_portal.organisations.models import User
from tests.factories import make_connection, make_entry, make_listing


@pytest.mark.parametrize(
    "address",
    [
        "entries/?q=%00",
        "entries/?q=sio%00bhan",
        "entries/?tag=%00&ticket=%00&club=%00&source=%00&race=%00",
        "entries/?view=%00&after=%00&sort=%00&columns=%00",
        "runs/?resource=%00&connection=%00",
        "races/?q=%00",
        "search/?q=%00",
    ],
)
def test_a_nul_in_an_address_is_passed_over(owner: User, sign_in, address: str):
    assert sign_in(owner).get(f"/o/fellgate/{address}").status_code in (200, 302, 404)


def test_a_nul_in_a_form_is_left_out(editor: User, organisation, sign_in):
    entry = make_entry(make_listing(make_connection(organisation)))
    answer = sign_in(editor).post(f"/o/fellgate/entries/{entry.pk}/notes/", {"notes": "Starts\x00 late"})
    entry.refresh_from_db()
    assert (answer.status_code, entry.notes) == (303, "Starts late")
