"""How soon a connection's listings are worth asking for again, from the dates of its races."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Race
from organiser_portal.sync.schedule import RACE_WEEK, interval, phase
from providers.port import Cadence

MOST_STARTS = 500


def wait_for(connection: Connection, cadence: Cadence, *, now: datetime) -> timedelta:
    """The interval at this hour."""
    zone = ZoneInfo(connection.organisation.time_zone)
    near = phase(_coming_starts(connection, now), now=now, zone=zone)
    return interval(cadence, polling=connection.polling, phase=near)


def _coming_starts(connection: Connection, now: datetime) -> list[datetime]:
    day = timedelta(days=1)
    near = Race.objects.filter(
        listings__connection=connection, starts_at__gt=now - day, starts_at__lt=now + RACE_WEEK + 2 * day
    )
    starts = near.order_by("starts_at").values_list("starts_at", flat=True).distinct()[:MOST_STARTS]
    return [start for start in starts if start is not None]
