"""Looking people up, and proving that an account is one's own."""

from typing import Any

import pytest

from providers.sandbox import Sandbox
from providers.sandbox.ticketing.proof_desk import EMAILED_CODE
from providers.sandbox.ticketing.seed import HOST_ADMIN, STRANGER
from tests.providers.sandbox.ticketing_desk import READER, at_gate, first, tt_client

EMAIL = f"{HOST_ADMIN}@mail.example"


def test_somebody_is_looked_up_by_name_or_address_and_role(sandbox: Sandbox):
    client = tt_client(sandbox, READER)
    number = sandbox.ticketing.state.usernames[HOST_ADMIN].number
    found = client.post("/lookups", json={"identification": EMAIL}).json()
    assert (found["found"], found["number"], found["role"]) == (True, number, "")
    other = client.post("/lookups", json={"identification": HOST_ADMIN, "role": "administrator"}).json()
    assert (other["found"], other["number"], other["role"]) == (False, "", "administrator")
    assert client.post("/lookups", json={}).status_code == 400


def test_an_address_is_verified_with_the_code_of_its_e_mail(sandbox: Sandbox):
    client = tt_client(sandbox, READER)
    begun = client.post("/verifications", json={"email": EMAIL}).json()
    assert begun["status"] == "Pending"
    assert client.patch(begun["self"], json={"code": "000000"}).status_code == 400
    assert client.patch(begun["self"], json={"code": EMAILED_CODE}).status_code == 200
    account = sandbox.ticketing.state.usernames[HOST_ADMIN]
    assert tt_client(sandbox).get(f"/accounts/{account.number}").json()["verified"] is True
    assert client.patch(begun["self"], json={"code": EMAILED_CODE}).status_code == 404


def test_a_password_is_set_anew(sandbox: Sandbox):
    client = tt_client(sandbox, READER)
    begun = client.post("/resets", json={"email": f"{STRANGER}@mail.example"}).json()
    assert "password" in client.patch(begun["self"], json={"code": EMAILED_CODE}).json()["error"]
    assert client.patch(begun["self"], json={"code": EMAILED_CODE, "password": "new-one"}).status_code == 200
    start = client.post("/sessions", json={"identification": STRANGER, "password": "new-one"})
    assert start.status_code == 201


@pytest.mark.parametrize(("body", "status"), [({}, 400), ({"email": "nobody@mail.example"}, 404)])
def test_who_is_not_there_proves_nothing(sandbox: Sandbox, body: dict[str, Any], status: int):
    for path in ("/verifications", "/resets"):
        assert tt_client(sandbox, READER).post(path, json=body).status_code == status
        assert at_gate(sandbox, first(sandbox).tokens[0].code).post(path, json=body).status_code == 403
