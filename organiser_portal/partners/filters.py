"""What one may ask of the lists of partners, of places held and of campaigns."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.core.form_fields import LONGEST_SEARCH, dress
from organiser_portal.events.models import Event
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.partners.models.partner import KINDS


class PartnerFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By words of the name, type, source, and the event that places are held at."""

    q = filters.CharFilter(label="Search", method="by_words")
    kind = filters.ChoiceFilter(
        label="Type", choices=[(kind.value, label) for kind, label in KINDS.items()], empty_label="Any type"
    )
    event = filters.ModelChoiceFilter(
        label="Places at", queryset=Event.objects.none(), method="by_event", empty_label="Any event"
    )
    provider = filters.ChoiceFilter(label="Source", field_name="connection__provider", empty_label="Any source")

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Partner], *, organisation: Organisation) -> None:
        super().__init__(data, queryset)
        self.filters["provider"].extra["choices"] = _providers(organisation)
        self.filters["event"].queryset = _events_of(ReservedGroup.objects.of(organisation).listed())
        for bound in self.form:
            dress(bound)

    def found(self) -> QuerySet[Partner]:
        """What matches; nothing when the question makes no sense."""
        found: QuerySet[Partner] = self.qs if self.is_valid() else self.queryset.none()
        return found

    @property
    def at_event(self) -> Event | None:
        """The event that was asked for."""
        asked = self.form.cleaned_data.get("event") if self.is_valid() else None
        return asked if isinstance(asked, Event) else None

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("q", "kind", "event", "provider"))

    def by_words(self, queryset: QuerySet[Partner], _name: str, value: str) -> QuerySet[Partner]:
        for word in value.split():
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_event(self, queryset: QuerySet[Partner], _name: str, value: Event) -> QuerySet[Partner]:
        held = ReservedGroup.objects.listed().filter(event_listing__event=value, partner__isnull=False)
        return queryset.filter(pk__in=held.order_by().values("partner"))


class GroupFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By words of the name, the event, whether places are left, and source."""

    q = filters.CharFilter(label="Search", method="by_words", max_length=LONGEST_SEARCH)
    event = filters.ModelChoiceFilter(
        label="Event", field_name="event_listing__event", queryset=Event.objects.none(), empty_label="Any event"
    )
    left = filters.ChoiceFilter(
        label="Places left", choices=[("some", "Some"), ("none", "None")], method="by_left", empty_label="Either"
    )
    provider = filters.ChoiceFilter(label="Source", field_name="connection__provider", empty_label="Any source")

    def __init__(
        self, data: Mapping[str, Any], queryset: QuerySet[ReservedGroup], *, organisation: Organisation
    ) -> None:
        super().__init__(data, queryset)
        self.filters["provider"].extra["choices"] = _providers(organisation)
        self.filters["event"].queryset = _events_of(queryset)
        for bound in self.form:
            dress(bound)

    def found(self) -> QuerySet[ReservedGroup]:
        """What matches; nothing when the question makes no sense."""
        found: QuerySet[ReservedGroup] = self.qs if self.is_valid() else self.queryset.none()
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def by_words(self, queryset: QuerySet[ReservedGroup], _name: str, value: str) -> QuerySet[ReservedGroup]:
        for word in value.split():
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_left(self, queryset: QuerySet[ReservedGroup], _name: str, value: str) -> QuerySet[ReservedGroup]:
        some = Q(used__lt=F("capacity"))
        return queryset.filter(some if value == "some" else ~some)


class CampaignFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By words of the name, whether it runs, whether a race of ours is linked, and source."""

    q = filters.CharFilter(label="Search", method="by_words", max_length=LONGEST_SEARCH)
    runs = filters.ChoiceFilter(
        label="Runs", choices=[("yes", "Runs"), ("no", "Stands")], method="by_runs", empty_label="Either"
    )
    race = filters.ChoiceFilter(
        label="Race", choices=[("linked", "Linked"), ("none", "Not linked")], method="by_race", empty_label="Either"
    )
    provider = filters.ChoiceFilter(label="Source", field_name="connection__provider", empty_label="Any source")

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Campaign], *, organisation: Organisation) -> None:
        super().__init__(data, queryset)
        self.filters["provider"].extra["choices"] = _providers(organisation)
        for bound in self.form:
            dress(bound)

    def found(self) -> QuerySet[Campaign]:
        """What matches; nothing when the question makes no sense."""
        found: QuerySet[Campaign] = self.qs if self.is_valid() else self.queryset.none()
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("q", "runs", "race", "provider"))

    def by_words(self, queryset: QuerySet[Campaign], _name: str, value: str) -> QuerySet[Campaign]:
        for word in value.split():
            queryset = queryset.filter(name__icontains=word)
        return queryset

    def by_runs(self, queryset: QuerySet[Campaign], _name: str, value: str) -> QuerySet[Campaign]:
        return queryset.filter(active=value == "yes")

    def by_race(self, queryset: QuerySet[Campaign], _name: str, value: str) -> QuerySet[Campaign]:
        return queryset.filter(race__isnull=value == "none")


def _events_of(groups: QuerySet[ReservedGroup]) -> QuerySet[Event]:
    held = groups.filter(event_listing__isnull=False).order_by().values("event_listing__event")
    return Event.objects.filter(pk__in=held).order_by("name", "pk")


def _providers(organisation: Organisation) -> list[tuple[str, str]]:
    keys = Connection.objects.of(organisation).order_by("provider").values_list("provider", flat=True).distinct()
    return [(key, face(key).label) for key in keys]
