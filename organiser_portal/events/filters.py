"""What one may ask of the lists of events and races."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from organiser_portal.connections.sources import providers_of
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.organisations.models import Organisation

COMING, PAST, ALL = "coming", "past", "all"
WHEN = [(COMING, "Coming"), (PAST, "Past"), (ALL, "All")]
# A race is over some time after its start; until then it belongs to today's work.
RUNNING = timedelta(hours=12)


class DatedFilter(ListFilter):
    """By when, where and words. Races without a date count as coming: they may not be missed."""

    always = frozenset({"when"})

    provider = filters.ChoiceFilter(label="Source", method="by_provider", empty_label="Any source")
    when = filters.ChoiceFilter(label="When", method="by_when", choices=WHEN, empty_label=None)

    def __init__(
        self, data: Mapping[str, Any], queryset: QuerySet[Any], *, organisation: Organisation, now: datetime
    ) -> None:
        self.organisation = organisation
        self.now = now
        super().__init__(data, queryset)

    def offer(self) -> None:
        self.filters["provider"].extra["choices"] = providers_of(self.organisation)

    @property
    def when_chosen(self) -> str:
        asked = str(self.data.get("when", ""))
        return asked if asked in dict(WHEN) else COMING

    def by_default(self, found: QuerySet[Any]) -> QuerySet[Any]:
        return self.by_when(found, "", self.when_chosen)

    def by_when(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        over = self.now - RUNNING
        if value == PAST:
            return self.past(queryset, over)
        return queryset if value == ALL else self.coming(queryset, over)

    @abstractmethod
    def past(self, queryset: QuerySet[Any], over: datetime) -> QuerySet[Any]:
        """Those that are over: began before ``over``."""

    @abstractmethod
    def coming(self, queryset: QuerySet[Any], over: datetime) -> QuerySet[Any]:
        """Those that are not."""


def not_over(over: datetime) -> Q:
    """Of a race: it is still to come or being run, or nobody says when."""
    return Q(starts_at__gte=over) | Q(starts_at=None)


class RaceFilter(DatedFilter):
    searched = ("name", "event__name")

    def by_provider(self, queryset: QuerySet[Race], _name: str, value: str) -> QuerySet[Race]:
        return queryset.filter(Exists(Listing.objects.filter(race=OuterRef("pk"), connection__provider=value)))

    def past(self, queryset: QuerySet[Race], over: datetime) -> QuerySet[Race]:
        return queryset.filter(starts_at__lt=over)

    def coming(self, queryset: QuerySet[Race], over: datetime) -> QuerySet[Race]:
        return queryset.filter(not_over(over))


class EventFilter(DatedFilter):
    def by_provider(self, queryset: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(Exists(EventListing.objects.filter(event=OuterRef("pk"), connection__provider=value)))

    def past(self, queryset: QuerySet[Event], over: datetime) -> QuerySet[Event]:
        races = Race.objects.filter(event=OuterRef("pk"))
        return queryset.filter(Exists(races), ~Exists(races.filter(not_over(over))))

    def coming(self, queryset: QuerySet[Event], over: datetime) -> QuerySet[Event]:
        races = Race.objects.filter(event=OuterRef("pk"))
        return queryset.filter(Exists(races.filter(not_over(over))) | ~Exists(races))
