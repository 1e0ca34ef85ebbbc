"""Held places that nobody has claimed while their last day nears, or though it is over."""

from datetime import datetime

from organiser_portal.console.inbox.todo import Todo, address, so_many
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.claims import Waiting, unclaimed


def expiring_claims(organisation: Organisation, now: datetime) -> list[Todo]:
    """An event each; gone when its places are claimed or given back, or it has been run."""
    return [_todo(organisation, each) for each in unclaimed(organisation, now)]


def _todo(organisation: Organisation, waiting: Waiting) -> Todo:
    places = so_many(waiting.left, "held place", "held places")
    partners = so_many(waiting.partners, "partner", "partners")
    if waiting.over:
        return Todo(
            tone="wait",
            icon="lock-open",
            title=f"{places} at {waiting.name} can be sold again",
            why=f"Claims ended {_day(waiting)}. They are still held for {partners}.",
            action="Release",
            url=address(organisation, "partners:release"),
        )
    url = f"{address(organisation, 'partners:remind')}?event={waiting.event_id}"
    if waiting.closes:
        title = f"{places} at {waiting.name}: claims end {_in(waiting.days)}"
        why = f"{partners} may claim them until {_day(waiting)}."
    else:
        title = (
            f"{places} at {waiting.name} are not claimed"
            if waiting.left > 1
            else f"{places} at {waiting.name} is not claimed"
        )
        why = f"Held for {partners}. The event is {_in(waiting.days)}; no last day for claims is set."
    return Todo(tone="wait", icon="hourglass", title=title, why=why, action="Remind", url=url)


def _day(waiting: Waiting) -> str:
    assert waiting.closes
    return f"{waiting.closes:%a} {waiting.closes.day} {waiting.closes:%b}"


def _in(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
