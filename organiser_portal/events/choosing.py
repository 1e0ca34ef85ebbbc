"""Choosing an event or a race where several bear one name: by when it is, where it is sold, or all of them together."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Min, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.core import wording
from organiser_portal.core.display import zone_named
from organiser_portal.core.keyset import row_id
from organiser_portal.events.models import Event, Race
from organiser_portal.events.naming import NAMED_WITH

TOGETHER = "."
MOST_TOGETHER = 20


def races_to_choose(races: QuerySet[Race]) -> QuerySet[Race]:
    """By name, the soonest of a name first."""
    return races.select_related("event").prefetch_related(*NAMED_WITH).order_by("name", "starts_at", "id")


def events_to_choose(events: QuerySet[Event]) -> QuerySet[Event]:
    """The same of events: each is when its first race is."""
    dated = events.annotate(starts_at=Min("races__starts_at"))
    return dated.prefetch_related(*NAMED_WITH).order_by("name", "starts_at", "id")


class EachByItself(ModelChoiceIterator):  # type: ignore[type-arg]  # it takes none when it runs
    """("2", "Hexley 10K, one platform"), ("7", "Hexley 10K, another"), ("3", "Hexley Half Marathon"), ..."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield "", str(self.field.empty_label)
        same: dict[tuple[object, ...], list[Any]] = {}
        for row in self.queryset:
            same.setdefault((row.name.casefold(), row.starts_at or row.pk), []).append(row)
        names = Counter(name for name, _ in same)
        for (name, _), rows in same.items():
            title = f"{rows[0].name}{_start(rows[0])}" if names[name] > 1 else rows[0].name
            yield from self.choices_of(title, rows)

    def choices_of(self, title: str, rows: list[Any]) -> Iterator[tuple[str, str]]:
        """``rows`` bear one name and begin together."""
        if len(rows) == 1:
            yield str(rows[0].pk), title
        else:
            yield from ((str(row.pk), f"{title}, {_sold_at(row)}") for row in rows)


class AlsoTogether(EachByItself):
    """The same, with ("2.7", "Hexley 10K, both platforms") in front of those."""

    def choices_of(self, title: str, rows: list[Any]) -> Iterator[tuple[str, str]]:
        if len(rows) > 1:
            every = "both" if len(rows) == 2 else f"all {len(rows)}"
            yield TOGETHER.join(str(row.pk) for row in rows), f"{title}, {every} platforms"
        yield from super().choices_of(title, rows)


class OneField(filters.fields.ModelChoiceField):  # type: ignore[misc]  # the library has no types
    iterator = EachByItself


class SeveralField(filters.fields.ModelChoiceField):  # type: ignore[misc]  # the library has no types
    """Cleaned, a list: one, or all that are named together. None where none is."""

    iterator = AlsoTogether

    def to_python(self, value: Any) -> list[Any] | None:
        if value in self.empty_values:
            return None
        ids = {row_id(part) for part in str(value).split(TOGETHER)[:MOST_TOGETHER]}
        rows = list(self.queryset.prefetch_related(None).filter(pk__in=ids - {None}))
        if len(rows) != len(ids):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return rows


class OneFilter(filters.ModelChoiceFilter):  # type: ignore[misc]  # the library has no types
    """One of ``queryset``, which `events_to_choose` or `races_to_choose` made."""

    field_class = OneField


class SeveralFilter(filters.ModelChoiceFilter):  # type: ignore[misc]  # the library has no types
    """One of ``queryset``, or all of a name that begin together."""

    field_class = SeveralField

    def __init__(self, **more: Any) -> None:
        super().__init__(lookup_expr="in", **more)


def _start(row: Any) -> str:
    if row.starts_at is None:
        return ", no date told"
    zone = (row.event if isinstance(row, Race) else row).time_zone
    return f", {wording.day_and_time(row.starts_at, timezone.now(), zone_named(zone))}"


def _sold_at(row: Any) -> str:
    """The platform; "here only"."""
    names = sorted({gateway.connection_name(listing.connection) for listing in row.listings.all()})
    return " and ".join(names) or "here only"
