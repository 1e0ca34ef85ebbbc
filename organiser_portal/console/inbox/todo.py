"""One line of the inbox, and the words and addresses that all of them are made with."""

from dataclasses import dataclass

from django.urls import reverse

from organiser_portal.core.keyset import Count
from organiser_portal.organisations.models import Organisation

NAMED = 3  # how many people, races or records one line names


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """``tone`` is one of the page's: bad, wait, ours, idle. ``count``: how many things wait behind the line."""

    tone: str
    icon: str
    title: str
    why: str
    action: str
    url: str
    count: int = 1


def so_many(count: Count | int, one: str, many: str) -> str:
    """ "1 entry", "2,400 entries", "more than 10,000 entries"."""
    counted = Count(count) if isinstance(count, int) else count
    return f"{counted} {one if counted.number == 1 and not counted.capped else many}"


def named(names: list[str], number: int) -> str:
    """ "Ada, Eda, Ida and 12 more"."""
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {number - NAMED:,} more" if number > NAMED else shown


def address(organisation: Organisation, name: str, **kwargs: object) -> str:
    return reverse(name, kwargs={"organisation": organisation.slug, **kwargs})
