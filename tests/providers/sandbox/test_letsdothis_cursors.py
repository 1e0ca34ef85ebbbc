from typing import Any

import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import ldt_client, walk


@pytest.fixture
def rows(bare: Sandbox) -> list[str]:
    """Seven participants, updated a second apart; their ids in that order."""
    race = bare.letsdothis.add_race()
    made = []
    for _ in range(7):
        bare.clock.advance(1)
        made.append(bare.letsdothis.add_participant(race).id)
    return made


def pages(sandbox: Sandbox, **more: Any) -> list[dict[str, Any]]:
    return list(walk(ldt_client(sandbox), page__size=3, sort__updatedAt=1, **more))


def seen(found: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for page in found for row in page["data"]]


def test_a_walk_sees_every_row_once_and_ends_with_null(bare: Sandbox, rows: list[str]):
    found = pages(bare)
    assert [len(page["data"]) for page in found] == [3, 3, 1]
    assert seen(found) == rows
    assert found[0]["page"] == {
        "totalResults": 7, "first": rows[0], "last": rows[2], "prev": None, "next": rows[2],
    }  # fmt: skip
    assert found[-1]["page"]["next"] is None
    assert found[-1]["page"]["prev"] == rows[6]


def test_one_can_walk_backwards(bare: Sandbox, rows: list[str]):
    client = ldt_client(bare)
    page = client.get("/participants", params={"page[size]": 3, "page[before]": rows[5]}).json()
    assert [row["id"] for row in page["data"]] == rows[2:5]
    page = client.get("/participants", params={"page[size]": 3, "page[before]": page["page"]["prev"]}).json()
    assert [row["id"] for row in page["data"]] == rows[:2]
    assert page["page"]["prev"] is None


def test_an_empty_list_has_only_nulls(bare: Sandbox):
    page = ldt_client(bare).get("/participants").json()
    empty = {"totalResults": 0, "first": None, "last": None, "prev": None, "next": None}
    assert page == {"data": [], "page": empty}


def test_a_cursor_can_be_echoed_at_the_end(bare: Sandbox, rows: list[str]):
    bare.letsdothis.switches.echo_next = True
    found = pages(bare)
    assert seen(found) == rows
    assert [page["page"]["next"] for page in found] == [rows[2], rows[5], rows[6], rows[6]]
    assert found[-1]["data"] == []


def test_opaque_cursors_are_not_ids_and_keep_the_place_of_a_row_that_moves(bare: Sandbox, rows: list[str]):
    bare.letsdothis.switches.opaque_cursors = True
    bare.letsdothis.switches.touch_between_pages = "cursor"
    found = pages(bare)
    assert found[0]["page"]["next"] not in rows
    assert seen(found) == [*rows, rows[2]]


def test_an_inclusive_cursor_repeats_its_row(bare: Sandbox, rows: list[str]):
    bare.letsdothis.switches.inclusive_cursors = True
    assert seen(pages(bare)) == [*rows[:3], *rows[2:5], *rows[4:7]]


def test_one_row_can_be_doubled_across_pages(bare: Sandbox, rows: list[str]):
    bare.letsdothis.switches.duplicate_rows = 1
    assert seen(pages(bare)) == [*rows[:3], *rows[2:5], *rows[5:]]


def test_a_row_that_changes_during_the_walk_comes_again_at_the_end(bare: Sandbox, rows: list[str]):
    bare.letsdothis.switches.touch_between_pages = "first"
    found = pages(bare)
    assert seen(found) == [*rows, rows[0]]
    first, again = found[0]["data"][0], found[-1]["data"][-1]
    assert first["updatedAt"] < again["updatedAt"]


def test_rows_are_skipped_when_the_row_under_the_cursor_moves(bare: Sandbox, rows: list[str]):
    bare.letsdothis.switches.touch_between_pages = "cursor"
    found = pages(bare)
    assert len(set(seen(found))) < found[0]["page"]["totalResults"]


def test_a_cursor_whose_row_is_gone_is_400(bare: Sandbox, rows: list[str]):
    bare.letsdothis.delete(rows[2])
    reply = ldt_client(bare).get("/participants", params={"page[after]": rows[2]})
    assert reply.status_code == 400
