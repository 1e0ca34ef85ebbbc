"""What one may ask of the lists of partners, of places held and of campaigns."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet

from organiser_portal.connections.sources import providers_of
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.events.choosing import OneFilter, events_to_choose
from organiser_portal.events.models import Event
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.partners.models.partner import KINDS


class FromSource(ListFilter):
    """By the provider it comes from, and what the lists below it add."""

    provider = filters.ChoiceFilter(label="Source", field_name="connection__provider", empty_label="Any source")

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Any], *, organisation: Organisation) -> None:
        self.organisation = organisation
        super().__init__(data, queryset)

    def offer(self) -> None:
        self.filters["provider"].extra["choices"] = providers_of(self.organisation)


class PartnerFilter(FromSource):
    """By words of the name, type, source, and the event that places are held at."""

    kind = filters.ChoiceFilter(
        label="Type", choices=[(kind.value, label) for kind, label in KINDS.items()], empty_label="Any type"
    )
    event = OneFilter(label="Places at", queryset=Event.objects.none(), method="by_event", empty_label="Any event")

    def offer(self) -> None:
        super().offer()
        self.filters["event"].queryset = _events_of(ReservedGroup.objects.of(self.organisation).listed())

    @property
    def at_event(self) -> Event | None:
        """The event that was asked for."""
        asked = self.form.cleaned_data.get("event") if self.is_valid() else None
        return asked if isinstance(asked, Event) else None

    def by_event(self, queryset: QuerySet[Partner], _name: str, value: Event) -> QuerySet[Partner]:
        held = ReservedGroup.objects.listed().filter(event_listing__event=value, partner__isnull=False)
        return queryset.filter(pk__in=held.order_by().values("partner"))


class GroupFilter(FromSource):
    """By words of the name, the event, whether places are left, and source."""

    event = OneFilter(
        label="Event", field_name="event_listing__event", queryset=Event.objects.none(), empty_label="Any event"
    )
    left = filters.ChoiceFilter(
        label="Places left", choices=[("some", "Some"), ("none", "None")], method="by_left", empty_label="Either"
    )

    def offer(self) -> None:
        super().offer()
        self.filters["event"].queryset = _events_of(self.queryset)

    def by_left(self, queryset: QuerySet[ReservedGroup], _name: str, value: str) -> QuerySet[ReservedGroup]:
        some = Q(used__lt=F("capacity"))
        return queryset.filter(some if value == "some" else ~some)


class CampaignFilter(FromSource):
    """By words of the name, whether it runs, whether a race of ours is linked, and source."""

    runs = filters.ChoiceFilter(
        label="Runs", choices=[("yes", "Runs"), ("no", "Stands")], method="by_runs", empty_label="Either"
    )
    race = filters.ChoiceFilter(
        label="Race", choices=[("linked", "Linked"), ("none", "Not linked")], method="by_race", empty_label="Either"
    )

    def by_runs(self, queryset: QuerySet[Campaign], _name: str, value: str) -> QuerySet[Campaign]:
        return queryset.filter(active=value == "yes")

    def by_race(self, queryset: QuerySet[Campaign], _name: str, value: str) -> QuerySet[Campaign]:
        return queryset.filter(race__isnull=value == "none")


def _events_of(groups: QuerySet[ReservedGroup]) -> QuerySet[Event]:
    held = groups.filter(event_listing__isnull=False).order_by().values("event_listing__event")
    return events_to_choose(Event.objects.filter(pk__in=held))
