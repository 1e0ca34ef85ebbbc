"""What one may ask of the lists of events and races."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.core.form_fields import dress
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.organisations.models import Organisation

COMING, PAST, ALL = "coming", "past", "all"
WHEN = [(COMING, "Coming"), (PAST, "Past"), (ALL, "All")]
# A race is over some time after its start; until then it belongs to today's work.
RUNNING = timedelta(hours=12)


def providers_of(organisation: Organisation) -> list[tuple[str, str]]:
    keys = Connection.objects.of(organisation).order_by("provider").values_list("provider", flat=True).distinct()
    return [(key, face(key).label) for key in keys]


class DatedFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By when, where and words. Races without a date count as coming: they may not be missed."""

    q = filters.CharFilter(label="Search", method="by_words")
    provider = filters.ChoiceFilter(label="Source", method="by_provider", empty_label="Any source")
    when = filters.ChoiceFilter(label="When", method="by_when", choices=WHEN, empty_label=None)

    def __init__(
        self, data: Mapping[str, Any], queryset: QuerySet[Any], *, organisation: Organisation, now: datetime
    ) -> None:
        self.now = now
        super().__init__(data, queryset)
        self.filters["provider"].extra["choices"] = providers_of(organisation)
        for bound in self.form:
            dress(bound)

    @property
    def when_chosen(self) -> str:
        asked = str(self.data.get("when", ""))
        return asked if asked in dict(WHEN) else COMING

    def found(self) -> QuerySet[Any]:
        """What matches; nothing when the question makes no sense."""
        if not self.is_valid():
            nothing: QuerySet[Any] = self.queryset.none()
            return nothing
        found: QuerySet[Any] = self.by_when(self.qs, "", self.when_chosen)
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("q", "provider"))

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


class RaceFilter(DatedFilter):
    def by_words(self, queryset: QuerySet[Race], _name: str, value: str) -> QuerySet[Race]:
        for word in value.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(event__name__icontains=word))
        return queryset

    def by_provider(self, queryset: QuerySet[Race], _name: str, value: str) -> QuerySet[Race]:
        return queryset.filter(Exists(Listing.objects.filter(race=OuterRef("pk"), connection__provider=value)))

    def past(self, queryset: QuerySet[Race], over: datetime) -> QuerySet[Race]:
        return queryset.filter(starts_at__lt=over)

    def coming(self, queryset: QuerySet[Race], over: datetime) -> QuerySet[Race]:
        return queryset.filter(Q(starts_at__gte=over) | Q(starts_at=None))


class EventFilter(DatedFilter):
    def by_words(self, queryset: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        for word in value.split():
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_provider(self, queryset: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(Exists(EventListing.objects.filter(event=OuterRef("pk"), connection__provider=value)))

    def past(self, queryset: QuerySet[Event], over: datetime) -> QuerySet[Event]:
        races = Race.objects.filter(event=OuterRef("pk"))
        return queryset.filter(Exists(races), ~Exists(races.filter(Q(starts_at__gte=over) | Q(starts_at=None))))

    def coming(self, queryset: QuerySet[Event], over: datetime) -> QuerySet[Event]:
        races = Race.objects.filter(event=OuterRef("pk"))
        ahead = races.filter(Q(starts_at__gte=over) | Q(starts_at=None))
        return queryset.filter(Exists(ahead) | ~Exists(races))
