"""What the list of partners shows beside their names: places, race by race where one event is chosen, and money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from organiser_portal.events.models import Event
from organiser_portal.partners.batches import Release, releases, reminders
from organiser_portal.partners.figures import figures_of, filling, money_of_all
from organiser_portal.partners.jobs import offered
from organiser_portal.partners.models import Partner
from organiser_portal.partners.selection import PartnerSelection
from providers.operations import Verb


def summary(chosen: PartnerSelection, rows: Sequence[Partner], *, now: datetime, may_write: bool) -> dict[str, Any]:
    """For the template; as many queries for few partners as for many."""
    figures = figures_of(rows, event=chosen.event)
    links = {row.connection_id: bool(offered(row.connection, [Verb.SEND_CLAIM_LINK])) for row in rows}
    near = releases(chosen.organisation, now=now)
    waiting = reminders(chosen.found, now=now, event=chosen.event) if may_write else []
    return {
        "lines": [(row, figures[row.pk], chosen.races.of(row), links[row.connection_id]) for row in rows],
        "event": chosen.event,
        "races": chosen.races,
        "filling": filling(chosen.found, event=chosen.event),
        "money": money_of_all(chosen.found),
        "to_remind": len(waiting),
        "coming_back": coming_back(near),
        "coming_back_left": sum(each.group.left for each in near),
    }


@dataclass(slots=True, kw_only=True)
class ComingBack:
    """``left``: places at an event that nobody has claimed."""

    event: Event | None
    starts: datetime | None
    left: int = 0


def coming_back(found: Sequence[Release]) -> list[ComingBack]:
    """Event by event, the nearest first."""
    events: dict[int | None, ComingBack] = {}
    for each in found:
        event = each.group.event_listing.event if each.group.event_listing else None
        line = events.setdefault(event.pk if event else None, ComingBack(event=event, starts=each.starts))
        line.left += each.group.left
    return list(events.values())
