"""What one may ask of the list of partners."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.core.form_fields import dress
from organiser_portal.events.models import Event
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Partner, ReservedGroup
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
        keys = Connection.objects.of(organisation).order_by("provider").values_list("provider", flat=True).distinct()
        self.filters["provider"].extra["choices"] = [(key, face(key).label) for key in keys]
        self.filters["event"].queryset = Event.objects.filter(
            pk__in=ReservedGroup.objects.of(organisation)
            .listed()
            .filter(event_listing__isnull=False)
            .order_by()
            .values("event_listing__event")
        )
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
