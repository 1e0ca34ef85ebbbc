"""Filtering by a race that several platforms list: at one of them, or at all together, whether linked or not."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.core import wording
from organiser_portal.core.display import zone_named
from organiser_portal.core.keyset import row_id
from organiser_portal.events.models import Race
from organiser_portal.events.naming import NAMED_WITH

TOGETHER = "."
MOST_TOGETHER = 20


def races_of(request: Any) -> QuerySet[Race]:
    """By name, the soonest of a name first."""
    races = Race.objects.of(request.organisation).select_related("event").prefetch_related(*NAMED_WITH)
    return races.order_by("name", "starts_at", "id")


class Races(ModelChoiceIterator):  # type: ignore[type-arg]  # it takes none when it runs
    """("2.7", "Hexley 10K, both platforms"), ("2", "Hexley 10K, one platform"), ("3", "Hexley Half Marathon"), ..."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield "", str(self.field.empty_label)
        same: dict[tuple[object, ...], list[Race]] = {}
        for race in self.queryset:
            same.setdefault((race.name.casefold(), race.starts_at or race.pk), []).append(race)
        names = Counter(name for name, _ in same)
        for (name, _), races in same.items():
            title = f"{races[0].name}{_start(races[0])}" if names[name] > 1 else races[0].name
            if len(races) == 1:
                yield str(races[0].pk), title
                continue
            yield (
                TOGETHER.join(str(race.pk) for race in races),
                f"{title}, {'both' if len(races) == 2 else f'all {len(races)}'} platforms",
            )
            yield from ((str(race.pk), f"{title}, {_sold_at(race)}") for race in races)


class RaceField(filters.fields.ModelChoiceField):  # type: ignore[misc]  # the library has no types
    """Cleaned, a list of races: one, or all that are named together. None where none is."""

    iterator = Races

    def to_python(self, value: Any) -> list[Race] | None:
        if value in self.empty_values:
            return None
        ids = {row_id(part) for part in str(value).split(TOGETHER)[:MOST_TOGETHER]}
        races = list(self.queryset.prefetch_related(None).filter(pk__in=ids - {None}))
        if len(races) != len(ids):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return races


class RaceFilter(filters.ModelChoiceFilter):  # type: ignore[misc]  # the library has no types
    field_class = RaceField

    def __init__(self, *, field_name: str = "race", **more: Any) -> None:
        super().__init__(
            label="Race", field_name=field_name, lookup_expr="in", queryset=races_of, empty_label="Any", **more
        )


def _start(race: Race) -> str:
    if race.starts_at is None:
        return ""
    return f", {wording.day_and_time(race.starts_at, timezone.now(), zone_named(race.event.time_zone))}"


def _sold_at(race: Race) -> str:
    """The platform; "here only"."""
    names = sorted({gateway.connection_name(listing.connection) for listing in race.listings.all()})
    return " and ".join(names) or "here only"
