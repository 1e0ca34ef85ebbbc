"""Moments as numbers of microseconds, for what is kept by the million."""

from datetime import datetime, timedelta

from providers.letsdothis.cursor import EPOCH

MICROSECOND = timedelta(microseconds=1)


def stamp_of(moment: datetime | None) -> int:
    """Since 1970; nought of what bears no time."""
    return (moment - EPOCH) // MICROSECOND if moment else 0


def moment_of(stamp: int) -> datetime:
    return EPOCH + stamp * MICROSECOND
