import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import NOON, ldt_client, walk


@pytest.fixture
def three(bare: Sandbox) -> list[str]:
    """Created a second apart, and updated in the opposite order."""
    race = bare.letsdothis.add_race()
    at = [NOON.replace(second=second) for second in range(6)]
    rows = [bare.letsdothis.add_participant(race, created=at[n], updated=at[5 - n]) for n in range(3)]
    return [row.id for row in rows]


def ids(sandbox: Sandbox, **params: str) -> list[str]:
    return [row["id"] for row in ldt_client(sandbox).get("/participants", params=params).json()["data"]]


def stamp(second: int, ms: int = 0) -> str:
    return f"2027-03-01T12:00:{second:02d}.{ms:03d}Z"


@pytest.mark.parametrize(
    ("params", "order"),
    [
        ({}, [0, 1, 2]),
        ({"sort[createdAt]": "1"}, [0, 1, 2]),
        ({"sort[createdAt]": "-1"}, [2, 1, 0]),
        ({"sort[updatedAt]": "1"}, [2, 1, 0]),
        ({"sort[updatedAt]": "-1", "sort[createdAt]": "1"}, [0, 1, 2]),
        ({"createdAt[after]": stamp(0)}, [1, 2]),
        ({"createdAt[before]": stamp(2)}, [0, 1]),
        ({"createdAt[after]": stamp(0), "createdAt[before]": stamp(2)}, [1]),
        ({"updatedAt[after]": stamp(3)}, [0, 1]),
        ({"updatedAt[after]": stamp(2, 999)}, [0, 1, 2]),
        ({"updatedAt[after]": "2027-03-01T13:00:03.000+01:00"}, [0, 1]),
        ({"updatedAt[after]": stamp(5)}, []),
        ({"colour": "blue"}, [0, 1, 2]),
    ],
)
def test_filters_are_strict_and_sorts_are_kept(bare: Sandbox, three: list[str], params: dict, order: list[int]):
    assert ids(bare, **params) == [three[index] for index in order]


@pytest.mark.parametrize("sort", ["1", "-1"])
def test_ties_are_ordered_by_id_in_both_directions(bare: Sandbox, sort: str):
    race = bare.letsdothis.add_race()
    made = [bare.letsdothis.add_participant(race).id for _ in range(9)]
    assert ids(bare, **{"sort[updatedAt]": sort}) == sorted(made)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page[size]", "0"), ("page[size]", "501"), ("page[size]", "abc"), ("page[size]", "-5"), ("page[size]", ""),
        ("updatedAt[after]", "yesterday"), ("updatedAt[after]", "null"), ("createdAt[before]", "2027-03-01T12:00:00"),
        ("sort[updatedAt]", "asc"), ("sort[createdAt]", "0"), ("extendMetadata", "1"), ("page[after]", "no-such-row"),
        ("page[before]", "null"), ("page[after]", ""),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_400_and_named(sandbox: Sandbox, name: str, value: str):
    reply = ldt_client(sandbox).get("/participants", params={name: value})
    assert reply.status_code == 400
    assert reply.json()["error"] == "Bad Request"
    assert reply.json()["message"].startswith(f"querystring/{name} ")


def test_both_directions_at_once_are_400(sandbox: Sandbox):
    row = ids(sandbox)[0]
    params = {"page[after]": row, "page[before]": row}
    assert ldt_client(sandbox).get("/participants", params=params).status_code == 400


def test_brackets_may_be_encoded_or_literal_but_not_as_the_reference_prints_them(sandbox: Sandbox):
    client = ldt_client(sandbox)
    sizes = [
        len(client.get(f"/participants?{query}").json()["data"])
        for query in ("page%5Bsize%5D=7", "page[size]=7", "page%3Fsize%5B=7")
    ]
    assert sizes == [7, 7, 100]


def test_a_race_can_be_narrowed_to_one_edition(bare: Sandbox):
    ldt = bare.letsdothis
    last_year = ldt.add_race(event_id="48", race_id="90", occurrence_id="aa")
    this_year = ldt.add_race(event_id="48", race_id="90", occurrence_id="bb")
    old, new = ldt.add_participant(last_year).id, ldt.add_participant(this_year).id
    ldt.add_participant(ldt.add_race())
    client = ldt_client(bare)
    both = client.get("/races/90/participants").json()
    assert {row["id"] for row in both["data"]} == {old, new}
    one = client.get("/races/90/participants", params={"eventOccurrenceId": "bb"}).json()
    assert [row["id"] for row in one["data"]] == [new]
    assert one["page"]["totalResults"] == 1


def test_applications_of_an_event_are_only_its_own(sandbox: Sandbox):
    client = ldt_client(sandbox)
    event = client.get("/applications").json()["data"][0]["eventId"]
    rows = [row for page in walk(client, f"/events/{event}/applications", page__size=50) for row in page["data"]]
    assert len(rows) == 140
    assert {row["eventId"] for row in rows} == {event}
    assert client.get("/events/4820191/applications").json()["data"] == []


def test_tickets_come_without_a_page(sandbox: Sandbox):
    reply = ldt_client(sandbox).get("/events/4820191/tickets").json()
    assert reply.keys() == {"data"}
    assert len(reply["data"]) == 6
    assert reply["data"][0].keys() == {"id", "title", "raceId", "eventOccurrenceId", "price"}


def test_one_row_is_bare_and_the_same_as_in_the_list(sandbox: Sandbox):
    client = ldt_client(sandbox)
    for path in ("/participants", "/applications"):
        listed = client.get(path, params={"extendMetadata": "true"}).json()["data"][3]
        assert client.get(f"{path}/{listed['id']}", params={"extendMetadata": "true"}).json() == listed
