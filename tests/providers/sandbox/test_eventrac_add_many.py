import pytest

from providers.sandbox import Sandbox
from providers.sandbox.eventrac.objects import Race
from tests.providers.sandbox.conftest import ev_client


@pytest.fixture
def race(bare: Sandbox) -> Race:
    state = bare.eventrac.state
    return state.add_race(state.add_event(20417, "Festival"), "10K")


def item(race: Race, number: int, **more: object) -> dict[str, object]:
    return {"external_reference": f"r{number}", "email": f"r{number}@mail.example", "race_id": race.id, **more}


def test_each_item_stands_by_itself_and_the_order_is_kept(bare: Sandbox, race: Race):
    items = [item(race, 1), item(race, 1, email="bad"), item(race, 2)]
    reply = ev_client(bare).post("/races/participants", json={"participants": items})
    assert reply.status_code == 200
    body = reply.json()
    assert body["hasErrors"] is True
    assert ["errors" in result for result in body["participants"]] == [False, True, False]
    assert race.participant_count == 2


def test_a_failed_item_names_its_reference_and_has_no_id(bare: Sandbox, race: Race):
    ev_client(bare).post("/races/participants", json={"participants": [item(race, 1)]})
    again = [item(race, 1, email="bad")]
    body = ev_client(bare).post("/races/participants", json={"participants": again}).json()
    assert body["participants"] == [
        {
            "external_reference": "r1",
            "errors": {
                "external_reference": {"unique": "The provided value is invalid"},
                "email": {"email": "The provided value is invalid"},
            },
        }
    ]


def test_a_saved_item_has_no_reference_and_blank_addresses(bare: Sandbox, race: Race):
    body = ev_client(bare).post("/races/participants", json={"participants": [item(race, 1)]}).json()
    saved = body["participants"][0]
    assert body["hasErrors"] is False
    assert saved["address_city"] == saved["address_2"] == saved["contact_number"] == ""
    assert not saved.keys() & {"external_reference", "form_additions", "orders", "affiliations", "profile_image"}


def test_an_item_without_a_race_fails_by_itself(bare: Sandbox, race: Race):
    items = [{"external_reference": "x", "email": "x@mail.example"}, item(race, 1, race_id=1)]
    body = ev_client(bare).post("/races/participants", json={"participants": items}).json()
    assert [list(result["errors"]["race_id"]) for result in body["participants"]] == [["_required"], ["exists"]]


def test_an_empty_list_is_fine_and_more_than_200_are_not(bare: Sandbox, race: Race):
    client = ev_client(bare)
    empty = client.post("/races/participants", json={"participants": []})
    assert empty.json() == {"hasErrors": False, "participants": []}
    many = [item(race, number) for number in range(201)]
    assert client.post("/races/participants", json={"participants": many}).status_code == 422
    assert race.participant_count == 0


@pytest.mark.parametrize(
    ("path", "statuses"),
    [("both", (200, 200)), ("races/participants", (200, 404)), ("participants", (405, 200))],
)
def test_either_bulk_path_can_be_the_only_one(bare: Sandbox, path: str, statuses: tuple[int, int]):
    bare.eventrac.switches.bulk_path = path
    client = ev_client(bare)
    found = tuple(
        client.post(at, json={"participants": []}).status_code for at in ("/races/participants", "/participants")
    )
    assert found == statuses


def test_a_partial_failure_can_have_status_422(bare: Sandbox, race: Race):
    bare.eventrac.switches.partial_failure_status = 422
    items = [item(race, 1), item(race, 2, email="bad")]
    reply = ev_client(bare).post("/races/participants", json={"participants": items})
    assert reply.status_code == 422
    assert reply.json()["hasErrors"] is True
    assert race.participant_count == 1
