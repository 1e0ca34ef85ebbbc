"""How soon a connection's listings are worth asking for again, from the dates of its races."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Race
from organiser_portal.sync.schedule import RACE_WEEK, interval, phase
from providers.port import Cadence

MOST_STARTS = 2_000
DAY = timedelta(days=1)


def wait_for(connection: Connection, cadence: Cadence, *, now: datetime) -> timedelta:
    """The interval at this hour."""
    return waits([connection], {connection.pk: cadence}, now=now)[connection.pk]


def waits(
    connections: Collection[Connection], cadences: Mapping[int, Cadence], *, now: datetime
) -> dict[int, timedelta]:
    """The interval of each connection at this hour, by its id, in one query."""
    starts = _near_starts([connection.pk for connection in connections], now)
    return {
        each.pk: interval(
            cadences[each.pk],
            polling=each.polling,
            phase=phase(starts[each.pk], now=now, zone=ZoneInfo(each.organisation.time_zone)),
        )
        for each in connections
    }


def _near_starts(connection_ids: Collection[int], now: datetime) -> Mapping[int, list[datetime]]:
    near = Race.objects.filter(
        listings__connection_id__in=connection_ids,
        starts_at__gt=now - DAY,
        starts_at__lt=now + RACE_WEEK + 2 * DAY,
    )
    starts: defaultdict[int, list[datetime]] = defaultdict(list)
    rows = near.order_by("starts_at").values_list("listings__connection_id", "starts_at").distinct()[:MOST_STARTS]
    for connection_id, start in rows:
        if connection_id is not None and start is not None:
            starts[connection_id].append(start)
    return starts
