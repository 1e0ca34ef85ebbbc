"""When a listing is asked for again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.sync.schedule import (
    LONGEST_BACK_OFF,
    Due,
    Ending,
    Phase,
    back_off,
    full_walk_due,
    interval,
    next_due,
    phase,
)
from providers.port import Cadence

NOW = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime(2027, 5, 14, 8, 0, tzinfo=UTC), Phase.RACE_DAY),
        (datetime(2027, 5, 14, 22, 30, tzinfo=UTC), Phase.RACE_DAY),
        (datetime(2027, 5, 14, 23, 30, tzinfo=UTC), Phase.RACE_WEEK),  # already tomorrow where it is run
        (datetime(2027, 5, 21, 9, 0, tzinfo=UTC), Phase.RACE_WEEK),
        (datetime(2027, 5, 22, 9, 0, tzinfo=UTC), Phase.USUAL),
        (datetime(2027, 5, 13, 9, 0, tzinfo=UTC), Phase.USUAL),
    ],
)
def test_the_nearer_the_race_the_nearer_the_phase(start: datetime, expected: Phase) -> None:
    assert phase([start], now=NOW, zone=LONDON) == expected


def test_the_nearest_race_decides() -> None:
    starts = [NOW + timedelta(days=90), NOW + timedelta(days=3), NOW - timedelta(days=3)]
    assert phase(starts, now=NOW, zone=LONDON) == Phase.RACE_WEEK
    assert phase([], now=NOW, zone=LONDON) == Phase.USUAL


@pytest.mark.parametrize(
    ("cadence", "near", "polling", "expected"),
    [
        (Cadence.FAST, Phase.USUAL, {}, 4 * HOUR),
        (Cadence.FAST, Phase.RACE_WEEK, {}, 15 * MINUTE),
        (Cadence.FAST, Phase.RACE_DAY, {}, MINUTE),
        (Cadence.STEADY, Phase.RACE_DAY, {}, 10 * MINUTE),
        (Cadence.SLOW, Phase.RACE_DAY, {}, HOUR),
        (Cadence.FAST, Phase.USUAL, {"usual": 30}, 30 * MINUTE),
        (Cadence.FAST, Phase.RACE_DAY, {"usual": 30}, MINUTE),
        (Cadence.FAST, Phase.USUAL, {"usual": "soon"}, 4 * HOUR),
        (Cadence.FAST, Phase.USUAL, {"usual": 0}, 4 * HOUR),
        (Cadence.FAST, Phase.RACE_DAY, {"race_day": 0.1}, MINUTE),
    ],
)
def test_cadence_phase_and_settings_make_the_interval(
    cadence: Cadence, near: Phase, polling: dict[str, object], expected: timedelta
) -> None:
    assert interval(cadence, polling=polling, phase=near) == expected


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (5, 16), (9, 256), (10, 360), (500, 360)])
def test_the_back_off_doubles_up_to_six_hours(failures: int, minutes: int) -> None:
    assert back_off(failures, jitter=0.5) == minutes * MINUTE


@given(failures=st.integers(0, 10_000), jitter=st.floats(0, 1))
def test_chance_stretches_the_back_off_by_a_quarter_and_never_over_six_hours(failures: int, jitter: float) -> None:
    plain = back_off(failures, jitter=0.5)
    assert plain * 0.749 <= back_off(failures, jitter=jitter) <= min(plain * 1.251, LONGEST_BACK_OFF)


@pytest.mark.parametrize(
    ("ending", "retry_after", "expected"),
    [
        (Ending.DONE, None, Due(at=NOW + 4 * HOUR, failures=0)),
        (Ending.CONTINUES, None, Due(at=NOW, failures=0)),
        (Ending.SHORT, None, Due(at=NOW + 4 * MINUTE, failures=3)),
        (Ending.FAILED, None, Due(at=NOW + 4 * MINUTE, failures=3)),
        (Ending.LIMITED, 97.0, Due(at=NOW + timedelta(seconds=97), failures=2)),
        (Ending.LIMITED, 0.0, Due(at=NOW, failures=2)),
        (Ending.LIMITED, None, Due(at=NOW + 4 * MINUTE, failures=3)),
        (Ending.HELD, None, Due(at=NOW + timedelta(hours=1), failures=3)),
        (Ending.PARKED, None, Due(at=NOW, failures=2)),
    ],
)
def test_the_ending_says_when_it_is_due(ending: Ending, retry_after: float | None, expected: Due) -> None:
    due = next_due(ending, now=NOW, interval=4 * HOUR, failures=2, jitter=0.5, retry_after=retry_after)
    assert due == expected


@pytest.mark.parametrize("failures", [4, 9, 30])
def test_a_key_that_is_asked_to_wait_and_not_told_how_long_rests_for_a_quarter_of_an_hour_at_most(
    failures: int,
) -> None:
    """Whatever failed of this listing before: all that uses the key would rest with it, for hours."""
    due = next_due(Ending.LIMITED, now=NOW, interval=4 * HOUR, failures=failures, jitter=1.0)
    assert timedelta() < due.at - NOW <= 15 * MINUTE


@pytest.mark.parametrize(
    ("every", "denied_before", "expected"),
    [
        (4 * HOUR, 0, 15 * MINUTE),
        (4 * HOUR, 4, 4 * HOUR),
        (24 * HOUR, 5, 6 * HOUR),
        (24 * HOUR, 500, 6 * HOUR),
        (15 * MINUTE, 9, 15 * MINUTE),
        (MINUTE, 9, 15 * MINUTE),
    ],
)
def test_what_is_not_allowed_is_asked_for_no_more_seldom_than_if_it_were(
    every: timedelta, denied_before: int, expected: timedelta
) -> None:
    due = next_due(Ending.HELD, now=NOW, interval=every, failures=denied_before, jitter=0.5)
    assert due == Due(at=NOW + expected, failures=denied_before + 1)


@pytest.mark.parametrize(
    ("asked", "every_hours", "last_full_hours_ago", "expected"),
    [
        (True, None, None, True),
        (True, 24, 1, True),
        (False, None, None, False),
        (False, 24, None, True),
        (False, 24, 23, False),
        (False, 24, 24, True),
    ],
)
def test_a_whole_walk_is_due_when_asked_for_or_when_it_is_long_ago(
    asked: bool, every_hours: int | None, last_full_hours_ago: int | None, expected: bool
) -> None:
    last = None if last_full_hours_ago is None else NOW - last_full_hours_ago * HOUR
    assert full_walk_due(asked=asked, every_hours=every_hours, last_full_at=last, now=NOW) is expected
