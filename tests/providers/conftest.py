"""A clock that is turned by hand, and a sleep that only takes notes."""

from datetime import UTC, datetime, timedelta

import pytest


class HandClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2027, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
def naps() -> list[float]:
    """Every pause asked for, in seconds."""
    return []
