from typing import Any

import httpx
import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import ldt_client

NEW_PARTNER = {"name": "Harbour Hospice", "type": "CHARITY", "contacts": [{"emailAddress": "lee@hospice.example"}]}
TICKETS = [{"ticketId": "70aa12000000000000000abc"}]
NEW_GROUP = {"name": "Hospice runners", "maxCapacity": 25, "type": "SINGLE_USE", "tickets": TICKETS}
EVENT = "/events/4820191/reserved-entries"


@pytest.fixture
def client(sandbox: Sandbox) -> httpx.Client:
    return ldt_client(sandbox)


def names(client: httpx.Client, **params: Any) -> list[str]:
    return [partner["name"] for partner in client.get("/partners", params=params).json()["data"]]


def test_partners_are_searched_by_any_part_of_the_name(client: httpx.Client):
    assert len(names(client)) == 6
    assert names(client, search="HARBOUR") == ["Harbour Lights Hospice"]
    assert len(names(client, **{"page[size]": 4})) == 4


def test_a_partner_is_found_by_its_id_and_by_an_external_one(client: httpx.Client):
    partner = client.get("/partners").json()["data"][-1]
    assert client.get(f"/partners/{partner['id']}").json() == partner
    enthuse = partner["externalIds"]["enthuse"]
    assert client.get(f"/partners/{enthuse}", params={"externalId": "enthuse"}).json() == partner
    assert client.get(f"/partners/{enthuse}").status_code == 404
    assert client.get(f"/partners/{enthuse}", params={"externalId": "myspace"}).status_code == 400


def test_a_new_partner_has_an_id_and_times(client: httpx.Client):
    made = client.post("/partners", json=NEW_PARTNER | {"colour": "blue"}).json()
    assert made["id"].startswith("p_")
    assert made["createdAt"] == made["updatedAt"] == "2027-03-01T12:00:00.000Z"
    assert "colour" not in made
    assert client.get(f"/partners/{made['id']}").json() == made


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "A"}, {"name": " AB"}, {"name": ""}, {"name": "two\nlines"}, {"contacts": []}, {"contacts": [{}]},
        {"type": "FRIEND"}, {"externalIds": []}, {"canCreateSubPartners": "yes"},
    ],
)  # fmt: skip
def test_a_bad_partner_is_400(client: httpx.Client, fault: dict[str, Any]):
    reply = client.post("/partners", json=NEW_PARTNER | fault)
    assert reply.status_code == 400
    assert reply.json()["message"].startswith(f"body/{next(iter(fault))}")


@pytest.mark.parametrize("missing", ["name", "contacts"])
def test_name_and_contacts_are_required(client: httpx.Client, missing: str):
    body = {name: value for name, value in NEW_PARTNER.items() if name != missing}
    assert client.post("/partners", json=body).json()["message"] == f"body must have required property '{missing}'"


def test_a_name_of_two_characters_is_enough(client: httpx.Client):
    assert client.post("/partners", json=NEW_PARTNER | {"name": "A "}).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_type_and_contacts_are_ignored_on_update(client: httpx.Client, method: str):
    partner = client.get("/partners").json()["data"][0]
    change = {"name": "Renamed Trust", "type": "SPONSOR", "contacts": []}
    updated = client.request(method, f"/partners/{partner['id']}", json=change).json()
    assert (updated["name"], updated["type"]) == ("Renamed Trust", partner["type"])
    assert updated["contacts"] == partner["contacts"]
    assert updated["updatedAt"] > partner["updatedAt"]


def test_groups_are_listed_by_event_without_a_page(client: httpx.Client):
    listed = client.get(EVENT).json()
    assert listed.keys() == {"data"}
    assert client.get(f"/reserved-entries/{listed['data'][0]['id']}").json() == listed["data"][0]
    assert client.get("/events/1/reserved-entries").status_code == 404


def test_a_group_can_be_made_changed_and_deleted_once(client: httpx.Client):
    made = client.post(EVENT, json=NEW_GROUP).json()
    assert (made["usedCapacity"], made["partnerId"]) == (0, None)
    path = f"/reserved-entries/{made['id']}"
    assert client.patch(path, json={"maxCapacity": 0, "type": "MULTI_USE"}).json()["type"] == "SINGLE_USE"
    deleted = client.delete(path)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert client.delete(path).status_code == 404


@pytest.mark.parametrize(
    "fault",
    [{"maxCapacity": -1}, {"maxCapacity": "9"}, {"tickets": []}, {"type": "OTHER"}, {"partnerId": "p_nobody"}],
)
def test_a_bad_group_is_400(client: httpx.Client, fault: dict[str, Any]):
    assert client.post(EVENT, json=NEW_GROUP | fault).status_code == 400


def test_a_group_cannot_shrink_below_what_is_used(client: httpx.Client):
    group = next(group for group in client.get(EVENT).json()["data"] if group["usedCapacity"])
    reply = client.put(f"/reserved-entries/{group['id']}", json={"maxCapacity": group["usedCapacity"] - 1})
    assert reply.status_code == 400


@pytest.mark.parametrize(("answer", "body"), [("{}", "{}"), ("empty", ""), ("url", '{"url":')])
def test_a_claim_link_sends_one_mail_whatever_it_answers(
    client: httpx.Client, sandbox: Sandbox, answer: str, body: str
):
    sandbox.letsdothis.switches.claim_link_answer = answer
    partner = client.get("/partners").json()["data"][0]["id"]
    reply = client.post(f"/partners/{partner}/claim-link", json={"emailAddress": "lee@hospice.example"})
    assert reply.status_code == 200
    assert reply.text.startswith(body)
    assert sandbox.letsdothis.organiser.outbox == [{"partnerId": partner, "emailAddress": "lee@hospice.example"}]
    assert client.post(f"/partners/{partner}/claim-link", json={"emailAddress": "lee"}).status_code == 400


def test_the_routes_can_be_spelt_otherwise(client: httpx.Client, sandbox: Sandbox):
    sandbox.letsdothis.switches.reserved_entries_path = "reservedEntries"
    sandbox.letsdothis.switches.claim_link_path = "claim-links"
    partner = client.get("/partners").json()["data"][0]["id"]
    assert client.get("/events/4820191/reservedEntries").status_code == 200
    assert client.get(EVENT).status_code == 404
    assert client.post(f"/partners/{partner}/claim-links", json={}).status_code == 200
    assert client.post(f"/partners/{partner}/claim-link", json={}).status_code == 404


def test_creating_can_answer_201_and_updating_can_want_one_method(client: httpx.Client, sandbox: Sandbox):
    sandbox.letsdothis.switches.create_status = 201
    sandbox.letsdothis.switches.update_method = "PUT"
    made = client.post("/partners", json=NEW_PARTNER)
    assert made.status_code == 201
    path = f"/partners/{made.json()['id']}"
    assert client.patch(path, json={"description": "x"}).status_code == 404
    assert client.put(path, json={"description": "x"}).status_code == 200
