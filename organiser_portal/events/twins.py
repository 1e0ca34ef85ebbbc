"""Races with one name and one start at several platforms: probably one race, and only a person can say so."""

from dataclasses import dataclass

from django.db.models import Count, Min

from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """``first`` is the oldest of them here: where they are linked from."""

    name: str
    first: int


def twins(organisation: Organisation) -> list[Twins]:
    """The soonest first. One query."""
    rows = (
        Race.objects.of(organisation)
        .exclude(starts_at=None)
        .values("name", "starts_at")
        .annotate(
            sources=Count("listings__connection", distinct=True), races=Count("id", distinct=True), first=Min("id")
        )
        .filter(sources__gt=1, races__gt=1)
        .order_by("starts_at", "name")[:MOST]
    )
    return [Twins(name=row["name"], first=row["first"]) for row in rows]
