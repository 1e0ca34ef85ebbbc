"""Whatever changes while a walk is under way, nothing that stays is missed."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tests.providers.letsdothis.world import Remote, apply, client, iso, nothing_known, row, walk

ROWS = 9
type Event = tuple[int, str, int]

# Between which requests (of one walk), what happens, to which row.
changes = st.lists(
    st.tuples(st.integers(1, 8), st.sampled_from(["edit", "edit the cursor row", "late"]), st.integers(0, ROWS + 3)),
    max_size=5,
)
removals = st.lists(st.tuples(st.integers(1, 8), st.just("remove"), st.integers(0, ROWS - 1)), max_size=2)


def happen(remote: Remote, what: str, number: int) -> None:
    remote.now += timedelta(seconds=20)
    name = f"p{number}"
    if what == "edit the cursor row":
        name = remote.handed_out or name
    if what == "remove":
        remote.remove(name)
    elif what == "late":
        if all(found["id"] != f"late-{name}" for found in remote.rows):
            remote.rows.append(row(f"late-{name}") | {"updatedAt": iso(remote.now - timedelta(seconds=60))})
    else:
        remote.touch(name, bibNumber=str(len(remote.asked)))


def schedule(remote: Remote, events: list[Event]) -> None:
    begun = len(remote.asked)
    by_request: dict[int, list[Event]] = {}
    for event in events:
        by_request.setdefault(begun + event[0], []).append(event)
    remote.moments = {
        number: lambda world, due=due: [happen(world, what, name) for _, what, name in due]
        for number, due in by_request.items()
    }


def sync(remote: Remote, cursor: str, store: dict[str, dict[str, Any]]) -> str:
    """As the engine does it: a walk, and a whole one when it ended short."""
    pages = walk(remote, cursor, overlap_seconds="90")
    apply(pages, store)
    if pages[-1].short:
        pages = walk(remote, pages[-1].cursor, full=True, overlap_seconds="90")
        apply(pages, store)
    remote.now += timedelta(minutes=30)
    return pages[-1].cursor


def remote_for(inclusive: bool, cursors: str) -> Remote:
    rows = [row(f"p{number}", number // 2) for number in range(ROWS)]
    return Remote(rows=rows, inclusive=inclusive, cursors=cursors)


def everything(remote: Remote) -> dict[str, str]:
    return {found["id"]: found["updatedAt"] for found in remote.rows}


@given(st.lists(changes, min_size=1, max_size=3), st.booleans(), st.sampled_from(["position", "row"]))
def test_after_the_changes_have_stopped_one_more_run_has_it_all(runs: list[list[Event]], inclusive: bool, cursors: str):
    remote, store, cursor = remote_for(inclusive, cursors), {}, ""
    for events in [*runs, []]:
        schedule(remote, events)
        cursor = sync(remote, cursor, store)
    assert {name: found["updatedAt"] for name, found in store.items()} == everything(remote)


@given(changes, removals, st.booleans())
def test_a_complete_walk_names_everything_that_was_there_from_first_to_last(
    events: list[Event], removed: list[Event], inclusive: bool
):
    remote = remote_for(inclusive, "position")
    before = everything(remote)
    schedule(remote, [*events, *removed])
    pages = walk(remote, full=True)
    named = {item.external_id for page in pages for item in page.items}
    assert not pages[-1].complete or set(before) & set(everything(remote)) <= named


@given(changes, st.lists(st.integers(1, 3), min_size=1, max_size=4), st.booleans())
def test_a_worker_killed_again_and_again_loses_nothing(events: list[Event], kills: list[int], inclusive: bool):
    remote, store, cursor = remote_for(inclusive, "position"), {}, ""
    schedule(remote, events)
    for pages_before_the_kill in kills:
        with client(remote, overlap_seconds="90") as provider:
            walked = provider.pull("entries", cursor, known=nothing_known)
            for _, page in zip(range(pages_before_the_kill), walked, strict=False):
                apply([page], store)
                cursor = page.cursor
    remote.moments = {}
    for _ in range(2):
        cursor = sync(remote, cursor, store)
    assert {name: found["updatedAt"] for name, found in store.items()} == everything(remote)


@given(changes)
@example([(1, "edit the cursor row", 0), (4, "edit the cursor row", 0), (6, "edit", 3), (8, "edit the cursor row", 0)])
def test_the_watermark_only_rises(events: list[Event]):
    remote, cursor, marks = remote_for(False, "row"), "", []
    for run in (events, events[::-1], []):
        schedule(remote, run)
        cursor = sync(remote, cursor, {})
        marks.append(json.loads(cursor).get("watermark", ""))
    assert all(earlier <= later for earlier, later in pairwise(marks))
