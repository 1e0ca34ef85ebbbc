"""Which days are read: every one, none twice, and never more than asked for."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from providers.trackier.windows import LONGEST, Mark, Trail, Window, recall, recall_mark, windows

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))


@given(start=DAYS, length=st.integers(0, 400))
def test_windows_cover_every_day_once(start: date, length: int) -> None:
    found = list(windows(start, start + timedelta(days=length)))
    days = [each.start + timedelta(days=n) for each in found for n in range((each.end - each.start).days + 1)]
    assert days == [start + timedelta(days=n) for n in range(length + 1)]
    assert all((each.end - each.start).days < LONGEST for each in found)


@given(start=DAYS, length=st.integers(1, 60))
def test_halves_are_shorter_and_make_the_whole(start: date, length: int) -> None:
    window = Window(start, start + timedelta(days=length))
    first, second = window.halves()
    assert (first.start, second.end) == (window.start, window.end)
    assert first.end + timedelta(days=1) == second.start
    assert first.start <= first.end
    assert second.start <= second.end


def test_the_first_walk_is_whole_and_the_next_looks_back() -> None:
    earliest, read_to = date(2026, 1, 1), date(2027, 3, 1)
    assert recall("", full=False).begin(earliest=earliest, trailing=45) == earliest
    stored = Trail(read_to=read_to).encode()
    assert recall(stored, full=False).begin(earliest=earliest, trailing=45) == date(2027, 1, 15)
    assert recall(stored, full=True).begin(earliest=earliest, trailing=45) == earliest
    assert recall(stored, full=False).begin(earliest=date(2027, 2, 20), trailing=45) == date(2027, 2, 20)


def test_a_whole_walk_goes_on_only_from_one_that_was_whole() -> None:
    half = Trail(read_to=date(2027, 3, 1), resume=date(2027, 2, 1))
    assert recall(half.encode(), full=False) == half
    assert recall(half.encode(), full=True).resume is None
    whole = Trail(resume=date(2027, 2, 1), whole=True)
    assert recall(whole.encode(), full=True) == whole


def test_a_cursor_of_somebody_else_starts_from_the_beginning() -> None:
    assert recall("nonsense", full=False) == Trail(whole=True)
    assert recall_mark("nonsense", full=False) == Mark()
