"""What a race is called where several that may bear one name can be chosen."""

from collections.abc import Iterable

from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.core import wording
from organiser_portal.core.display import zone_named
from organiser_portal.events.models import Race

NAMED_WITH = ("listings__connection",)
"""What ``race_choices`` looks at of a race besides its event: for ``prefetch_related``."""


def race_choices(races: Iterable[Race]) -> list[tuple[str, str]]:
    """(key, "Hexley 10K, Sun 6 Dec (Hexley Spring Running Festival, at a platform)"), in the order given.

    The day is that of the event's own zone. Platforms tell races apart until somebody has said which are the same.
    """
    return [(str(race.pk), _name(race)) for race in races]


def _name(race: Race) -> str:
    zone = zone_named(race.event.time_zone)
    date = f", {wording.day(race.starts_at, timezone.now(), zone)}" if race.starts_at else ""
    listed_at = sorted({gateway.connection_name(listing.connection) for listing in race.listings.all()})
    where = f", at {' and '.join(listed_at)}" if listed_at else ""
    return f"{race.name}{date} ({race.event.name}{where})"
