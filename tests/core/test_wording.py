"""How lengths of time are written."""

from datetime import timedelta

import pytest

from organiser_portal.core.wording import span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (0.04, "0.1 s"), (0.4, "0.4 s"), (9.94, "9.9 s"), (10, "10 s"), (59.9, "59 s"), (60, "1 min")],
)
def test_what_took_less_than_ten_seconds_is_told_to_a_tenth(seconds: float, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text
