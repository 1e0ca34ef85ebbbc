"""The first sentence of the first page: what comes next, and whether anything needs a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation

NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"]
SOON = 60  # days


def headline(organisation: Organisation, waiting: int, now: datetime) -> str:
    """ "Hexley 10K is nine days away. Eight things need a person." """
    race = Race.objects.of(organisation).ahead(now).select_related("event").order_by("starts_at").first()
    return f"{_next_race(race, now)} {_needs(waiting)}".strip()


def _next_race(race: Race | None, now: datetime) -> str:
    if race is None or race.starts_at is None:
        return ""
    zone = ZoneInfo(race.event.time_zone)
    days = (race.starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days > SOON:
        return ""
    if days == 0:
        return f"{race.name} is today."
    if days == 1:
        return f"{race.name} is tomorrow."
    return f"{race.name} is {_number(days).lower()} days away."


def _needs(waiting: int) -> str:
    if not waiting:
        return "Nothing needs a person."
    return "One thing needs a person." if waiting == 1 else f"{_number(waiting)} things need a person."


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
