"""A worker that is killed, a cursor that is refused, rows that go missing under a cursor."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import islice

import httpx
import pytest

from providers.errors import CredentialsRejected, NotFound, ProviderUnavailable, RateLimited
from providers.port import Page
from tests.providers.letsdothis.world import START, Remote, client, named, nothing_known, row, walk


def remote_of(count: int, **how: object) -> Remote:
    """Rows a quarter of an hour apart, so that the overlap holds one at most."""
    return Remote(rows=[row(f"p{number}", number * 15) for number in range(count)], **how)  # type: ignore[arg-type]


def first_pages(remote: Remote, count: int, cursor: str = "", *, full: bool = False) -> list[Page]:
    """What a worker got before it was killed."""
    with client(remote) as provider:
        pages = provider.pull("entries", cursor, full=full, known=nothing_known)
        return [next(pages) for _ in range(count)]


def test_a_killed_worker_goes_on_near_where_it_was():
    remote = remote_of(12)
    before = first_pages(remote, 2)
    after = walk(remote, before[-1].cursor)
    assert remote.params(2)["updatedAt[after]"] == "2027-05-01T13:14:59.999Z"
    assert named(before) + named(after) == [f"p{number}" for number in [*range(6), 5, *range(6, 12)]]
    assert after[-1].last
    assert not after[-1].short


def test_no_cursor_of_theirs_is_ever_stored():
    remote = remote_of(12, cursors="row")
    for page in first_pages(remote, 3):
        assert not any(f'"p{number}"' in page.cursor for number in range(12))
        assert "next" not in page.cursor


def test_a_whole_walk_that_is_gone_on_with_says_so_of_all_of_it():
    remote = remote_of(12)
    pages = walk(remote, first_pages(remote, 2, full=True)[-1].cursor, full=True)
    assert {(page.resumed, page.promised) for page in pages} == {(True, 12)}
    assert [page.complete for page in pages] == [False, False, True]
    assert json.loads(pages[-1].cursor) == {"watermark": "2027-05-01T13:15:00Z"}, "what turned up late comes next"


def test_what_vanished_meanwhile_before_it_was_read_has_it_begin_again():
    remote = remote_of(12)
    cursor = first_pages(remote, 2, full=True)[-1].cursor
    remote.remove("p8")
    pages = walk(remote, cursor, full=True)
    assert set(named(pages)) == {f"p{number}" for number in range(12)} - {"p8"}
    assert (pages[-1].resumed, pages[-1].complete) == (False, True)


def test_a_cut_off_incremental_walk_is_no_start_for_a_full_one():
    remote = remote_of(12)
    cursor = walk(remote)[-1].cursor
    remote.now += timedelta(minutes=1)
    for number in range(8):
        remote.touch(f"p{number}")
    cut = first_pages(remote, 1, cursor)[-1].cursor
    pages = walk(remote, cut, full=True)
    assert len(set(named(pages))) == 12
    assert pages[-1].complete


def test_a_walk_that_is_cut_off_again_and_again_gets_to_the_end_of_what_changed_meanwhile():
    remote = remote_of(12)
    cut = first_pages(remote, 2)[-1].cursor
    for number in range(12):
        remote.now += timedelta(minutes=15)
        remote.touch(f"p{number}")
    cut_again = first_pages(remote, 2, cut)[-1].cursor
    assert named(walk(remote, cut_again)) == [f"p{number}" for number in range(5, 12)]


def nothing(remote: Remote, number: int) -> None:
    """Happens meanwhile."""


def lives(
    remote: Remote, pages: int, *, most: int, meanwhile: Callable[[Remote, int], None] = nothing
) -> tuple[int, set[str]]:
    """How many workers it took, each killed after so many pages, and what they read together."""
    cursor, found = "", set[str]()
    for number in range(1, most + 1):
        with client(remote) as provider:
            got = list(islice(provider.pull("entries", cursor, known=nothing_known), pages))
        cursor = got[-1].cursor
        found.update(named(got))
        if got[-1].last:
            return number, found
        remote.now += timedelta(minutes=1)
        meanwhile(remote, number)
    return most + 1, found


def test_many_rows_changed_within_the_overlap_do_not_keep_a_walk_that_is_cut_off_from_its_end():
    """As when waves are given out: more rows within five minutes than a worker reads before it is killed."""
    remote = Remote(rows=[row(f"p{number:02}", number / 60) for number in range(60)])
    took, found = lives(remote, 3, most=20)
    assert (len(found), took <= 12) == (60, True)


def test_nor_do_those_that_were_changed_just_now():
    remote = Remote(rows=[row(f"p{number:02}", number / 60) for number in range(60)])
    remote.now = START + timedelta(minutes=1)
    took, found = lives(remote, 3, most=30)
    assert (len(found), took <= 20) == (60, True)


@pytest.mark.parametrize(("pages", "most"), [(8, 6), (10, 5)])
def test_rows_that_vanish_while_each_worker_is_dead_have_the_walk_begin_again_once(pages: int, most: int):
    """Fewer come than were announced: that may be what vanished, or rows that were skipped. Nobody knows, ever."""
    remote = remote_of(60)
    took, found = lives(remote, pages, most=40, meanwhile=lambda world, number: world.remove(f"p{60 - number}"))
    assert took <= most
    assert {row["id"] for row in remote.rows} <= found


def test_a_row_that_became_visible_behind_the_worker_that_was_killed_is_read_by_the_next():
    remote = Remote(rows=[row(f"p{number}", number / 10) for number in range(12)], now=START + timedelta(minutes=2))
    cut = first_pages(remote, 3)[-1].cursor
    remote.rows.append(row("late", 0.45))
    remote.now += timedelta(minutes=30)
    cut_again = first_pages(remote, 1, cut)[-1].cursor
    assert "late" in named(walk(remote, cut))
    assert "late" in named(walk(remote, cut_again))


def test_what_turned_up_behind_a_walk_that_was_cut_off_is_read_by_the_one_after_it_though_their_date_is_ahead():
    """By twenty minutes, of the times on rows: what was thought to be old was not."""
    remote = Remote(rows=[row("p0")], now=START + timedelta(minutes=20))
    settled = walk(remote)[-1].cursor
    remote.now += timedelta(minutes=10)
    remote.rows += [row(f"p{number}", 10 + number / 10) for number in range(1, 12)]
    cut = first_pages(remote, 2, settled)[-1].cursor
    remote.rows.append(row("late", 10.35))
    cut_again = first_pages(remote, 2, cut)[-1].cursor
    remote.now += timedelta(minutes=20)
    remote.rows += [row(f"q{number}", 30 + number) for number in range(6)]
    after = walk(remote, cut_again)
    assert "late" not in named(after)
    following = walk(remote, after[-1].cursor)
    assert "late" in named(following)
    assert json.loads(following[-1].cursor) == {"watermark": "2027-05-01T12:35:00Z"}


def test_what_changes_while_the_worker_is_dead_is_read_by_the_next_one():
    remote = remote_of(9)
    cut = first_pages(remote, 2)[-1].cursor
    remote.now += timedelta(hours=2)
    remote.touch("p1", bibNumber="0417")
    pages = walk(remote, cut)
    assert "p1" in named(pages)


def test_a_row_from_the_future_does_not_carry_the_resume_point_with_it():
    remote = remote_of(4)
    remote.rows += [row(f"z{number}", 60 * 24 * 365 + number) for number in range(5)]
    cut = first_pages(remote, 2)[-1].cursor
    remote.touch("p0", bibNumber="1")
    assert "p0" in named(walk(remote, cut))


def test_a_remote_that_ignores_the_sort_cannot_be_resumed_inside():
    pages = [
        {"data": [row("a", 9), row("b", 1), row("c", 5)], "page": {"next": "x"}},
        {"data": [row("d", 2)], "page": {"next": None}},
    ]
    remote = Remote(answers={number: httpx.Response(200, json=page) for number, page in enumerate(pages)})
    assert "resume" not in json.loads(first_pages(remote, 1)[-1].cursor)


def test_a_refused_cursor_restarts_the_walk_once():
    remote = remote_of(7, cursors="row", moments={2: lambda world: world.remove("p5")})
    pages = walk(remote)
    assert set(named(pages)) == {"p0", "p1", "p2", "p3", "p4", "p5", "p6"}
    assert "page[after]" not in remote.params(3)
    assert pages[-1].complete
    assert "p5" not in named(pages[2:])


def test_a_cursor_refused_twice_is_an_error():
    refusal = {number: httpx.Response(404, json={"message": "no"}) for number in (1, 3)}
    with pytest.raises(NotFound):
        walk(remote_of(7, answers=refusal))


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
def test_any_other_4xx_on_a_cursor_means_the_cursor(status: int):
    remote = remote_of(7, answers={1: httpx.Response(status, json={"message": "cursor"})})
    assert len(set(named(walk(remote)))) == 7


@pytest.mark.parametrize(
    ("status", "error"), [(401, CredentialsRejected), (429, RateLimited), (500, ProviderUnavailable)]
)
def test_what_is_not_about_the_cursor_is_raised_as_it_is(status: int, error: type[Exception]):
    remote = remote_of(7, answers={1: httpx.Response(status)})
    with pytest.raises(error):
        walk(remote)
    assert len(remote.asked) == 2


def test_a_refused_first_page_is_an_error_at_once():
    remote = remote_of(7, answers={0: httpx.Response(404)})
    with pytest.raises(NotFound):
        walk(remote)
    assert len(remote.asked) == 1


def test_rows_skipped_because_the_cursor_row_moved_are_read_by_walking_again_at_once():
    remote = remote_of(7, cursors="row", moments={1: lambda world: world.touch("p2")})
    pages = walk(remote)
    assert set(named(pages)) == {f"p{number}" for number in range(7)}
    assert [page.last for page in pages].count(True) == 1
    assert pages[-1].complete
    assert not pages[-1].short


def test_rows_missing_twice_leave_the_watermark_and_ask_for_a_full_walk():
    remote = remote_of(7, cursors="row")
    cursor = walk(remote)[-1].cursor
    start = len(remote.asked)
    remote.now += timedelta(hours=1)
    for number in range(7):
        remote.touch(f"p{number}")
        remote.now += timedelta(minutes=15)
    remote.moments = {
        start + 1: lambda world: world.touch("p2"),
        start + 3: lambda world: world.touch("p3"),
    }
    pages = walk(remote, cursor)
    assert pages[-1].last
    assert pages[-1].short
    assert not pages[-1].complete
    assert json.loads(pages[-1].cursor)["watermark"] == json.loads(cursor)["watermark"]
    assert walk(remote, pages[-1].cursor, full=True)[-1].complete


def moved_with_newcomers(count: int) -> Callable[[Remote], None]:
    """The row under the cursor goes to the end, and others come after it."""

    def happen(world: Remote) -> None:
        world.touch("p2")
        for number in range(count):
            world.touch(f"z{number}")

    return happen


def test_a_skip_made_up_for_by_newcomers_is_still_noticed():
    remote = remote_of(7, cursors="row", moments={1: moved_with_newcomers(4)})
    assert {f"p{number}" for number in range(7)} <= set(named(walk(remote)))


def test_rows_skipped_before_the_worker_was_killed_are_not_forgotten():
    remote = remote_of(12, cursors="row", moments={1: moved_with_newcomers(7)})
    cut = first_pages(remote, 2)
    found = walk(remote, cut[-1].cursor)
    assert {f"p{number}" for number in range(12)} <= set(named(cut) + named(found))
