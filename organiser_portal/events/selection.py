"""Which races and which events an address asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from organiser_portal.core.selection import Selection
from organiser_portal.events.filters import PAST, DatedFilter, EventFilter, RaceFilter
from organiser_portal.events.models import Event, Race
from organiser_portal.events.tables import EVENTS, RACES
from organiser_portal.organisations.models import Organisation


def select_races(organisation: Organisation, address: Mapping[str, Any], *, now: datetime) -> Selection[Race]:
    races = Race.objects.of(organisation)
    asked = RaceFilter(address, races, organisation=organisation, now=now)
    view = RACES.read(address, sort=usual_sort(asked))
    return Selection(filter=asked, view=view, everything=races, found=asked.found())


def select_events(organisation: Organisation, address: Mapping[str, Any], *, now: datetime) -> Selection[Event]:
    events = Event.objects.of(organisation)
    asked = EventFilter(address, events, organisation=organisation, now=now)
    view = EVENTS.read(address, sort=usual_sort(asked))
    return Selection(filter=asked, view=view, everything=events, found=asked.found())


def usual_sort(asked: DatedFilter) -> str:
    """What comes next stands first, and of what is over the latest."""
    return "-date" if asked.when_chosen == PAST else "date"
