"""What ``manage.py doctor`` looks at, in the order in which a fault makes the next ones pointless."""

from collections.abc import Iterator
from datetime import datetime

from organiser_portal.operations.checks import (
    clocks,
    configuration,
    database,
    engines,
    keys,
    shared_cache,
    sources,
    static_files,
    upkeep,
)
from organiser_portal.operations.checks.finding import AsksDatabase, Check, Finding, Level

__all__ = ["ALL", "Check", "Finding", "Level", "look"]

ALL: tuple[Check, ...] = (
    configuration.settings_fit,
    static_files.are_collected,
    database.answers,
    database.is_migrated,
    database.searches_quickly,
    database.has_room,
    upkeep.is_looked_after,
    keys.open_what_is_stored,
    shared_cache.is_there,
    engines.broker_is_there,
    engines.clock_ticks,
    engines.every_queue_is_listened_to,
    engines.keep_up,
    clocks.agree_with_the_database,
    clocks.agree_with_the_providers,
    sources.are_fresh,
    sources.letters_go_out,
)


def look(now: datetime) -> Iterator[Finding]:
    """All of it. A database that is away is not asked again: each question would wait as long as the first."""
    away = False
    for check in ALL:
        found = [check.untold()] if away and isinstance(check, AsksDatabase) else list(check(now))
        away = away or any(finding.sentence == database.AWAY for finding in found)
        yield from found
