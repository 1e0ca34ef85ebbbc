"""Where the next run starts: the provider's clock only, moved only by a walk that ended properly."""

import json
from datetime import timedelta

import pytest

from tests.providers.letsdothis.world import START, Remote, iso, named, row, walk


def watermark(cursor: str) -> str:
    return json.loads(cursor)["watermark"]


def test_the_watermark_is_the_newest_change_seen():
    pages = walk(Remote(rows=[row("a", 1), row("b", 9), row("c", 4)]))
    assert watermark(pages[-1].cursor) == "2027-05-01T12:09:00Z"


def test_a_row_from_the_future_does_not_drag_the_watermark_past_real_changes():
    remote = Remote(rows=[row("a", 1), row("z", 60 * 24 * 365)])
    pages = walk(remote)
    assert watermark(pages[-1].cursor) == "2027-05-01T22:00:00Z"  # the Date of the first answer
    remote.now += timedelta(minutes=5)
    remote.touch("b")
    assert "b" in named(walk(remote, pages[-1].cursor))


def test_a_total_that_is_always_too_high_does_not_make_every_walk_a_whole_one():
    remote = Remote(rows=[row("a", 1), row("b", 9)], too_many=5)
    pages = walk(remote)
    assert len(remote.asked) == 2  # the second look found the same
    assert pages[-1].short
    assert not pages[-1].complete
    assert watermark(pages[-1].cursor) == "2027-05-01T12:09:00Z"


def test_the_bound_is_the_date_of_the_first_answer_not_of_a_later_one():
    def an_hour_passes(remote: Remote) -> None:
        remote.now += timedelta(hours=1)
        remote.touch("d")

    pages = walk(Remote(rows=[row(name, 1) for name in "abcd"], moments={1: an_hour_passes}))
    assert watermark(pages[-1].cursor) == iso(START + timedelta(hours=10)).replace(".000", "")


def test_the_next_run_asks_from_the_watermark_less_the_overlap_in_milliseconds_and_utc():
    remote = Remote(rows=[row("a") | {"updatedAt": "2027-05-01T14:00:00.1239+02:00"}])
    cursor = walk(remote)[-1].cursor
    walk(remote, cursor)
    assert remote.params(-1)["updatedAt[after]"] == "2027-05-01T11:55:00.123Z"
    walk(remote, cursor, overlap_seconds="60")
    assert remote.params(-1)["updatedAt[after]"] == "2027-05-01T11:59:00.123Z"


def test_no_rows_leave_the_watermark_where_it_was():
    remote = Remote(rows=[row("a", 9)])
    cursor = walk(remote)[-1].cursor
    remote.rows.clear()
    assert walk(remote, cursor)[-1].cursor == cursor


def test_the_watermark_never_goes_back():
    remote = Remote(rows=[row("a", 9)])
    cursor = walk(remote)[-1].cursor
    remote.rows = [row("a", 8)]
    assert watermark(walk(remote, cursor)[-1].cursor) == watermark(cursor)


def test_without_a_date_header_the_newest_change_counts():
    pages = walk(Remote(rows=[row("a", 3)], dated=False))
    assert watermark(pages[-1].cursor) == "2027-05-01T12:03:00Z"


def test_the_overlap_catches_a_row_that_shares_the_last_millisecond():
    remote = Remote(rows=[row("a", 9)])
    cursor = walk(remote)[-1].cursor
    remote.rows.append(row("b", 9))
    assert "b" in named(walk(remote, cursor))


def test_the_overlap_catches_a_row_that_became_visible_after_its_time():
    remote = Remote(rows=[row("a", 9)])
    cursor = walk(remote)[-1].cursor
    remote.rows.append(row("late", 5))
    assert "late" in named(walk(remote, cursor))


def test_a_thousand_rows_with_one_timestamp_are_all_read():
    remote = Remote(rows=[row(f"p{number:04}", 1) for number in range(1000)])
    assert len(set(named(walk(remote, page_size="100")))) == 1000


def test_an_incremental_walk_is_never_complete():
    remote = Remote(rows=[row("a", 1), row("b", 2)])
    cursor = walk(remote)[-1].cursor
    pages = walk(remote, cursor, overlap_seconds="100000")
    assert set(named(pages)) == {"a", "b"}
    assert not any(page.complete for page in pages)


def test_a_full_walk_sends_no_filter_and_says_what_is_gone():
    remote = Remote(rows=[row("a", 1), row("b", 2)])
    cursor = walk(remote)[-1].cursor
    remote.remove("a")
    pages = walk(remote, cursor, full=True)
    assert named(pages) == ["b"]
    assert pages[-1].complete
    assert "updatedAt[after]" not in remote.params(-1)
    assert watermark(pages[-1].cursor) == watermark(cursor)


@pytest.mark.parametrize(
    "stored", ["", "{}", "garbage", "[]", '{"watermark": 3}', '{"watermark": "2027-05-01T12:00:00"}']
)
def test_a_cursor_that_is_not_ours_starts_from_the_beginning(stored: str):
    remote = Remote(rows=[row("a", 1)])
    assert named(walk(remote, stored)) == ["a"]
