"""The lists of gates and of who was let in at one: what one may ask of them, and how they are shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from organiser_portal.admissions import gates
from organiser_portal.admissions.models import Admission
from organiser_portal.core.columns import Column
from organiser_portal.core.form_fields import LONGEST_SEARCH, dress
from organiser_portal.core.selection import Selection
from organiser_portal.core.tables import Table
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.organisations.models import Organisation

GATES = Table(
    sort="starts",
    columns=(
        Column(key="event", heading="Event", sort="sort_name", locked=True),
        Column(key="starts", heading="Starts", sort="starts", nullable=True, default=True),
        Column(key="source", heading="From"),
        Column(key="inside", heading="In", numeric=True, phone=True, default=True),
        Column(key="sections", heading="Section by section", default=True),
        Column(key="latest", heading="Latest", default=True),
        Column(key="todo", heading="What to do", default=True),
    ),
    annotations={"sort_name": Lower("event__name")},
)

ADMISSIONS = Table(
    sort="-in",
    columns=(
        Column(key="holder", heading="Holder of the ticket", sort="name", locked=True),
        Column(key="in", heading="In at", sort="admitted_at", nullable=True, phone=True, default=True),
        Column(key="section", heading="Section", default=True),
        Column(key="ticket", heading="Ticket", sort="ticket", default=True),
        Column(key="steward", heading="Let in by", sort="steward", default=True),
        Column(key="device", heading="Device"),
    ),
)


class AdmissionFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By any part of a name, a ticket or a steward, and section."""

    q = filters.CharFilter(label="Search", method="by_words", max_length=LONGEST_SEARCH)
    section = filters.ModelChoiceFilter(
        label="Section", field_name="listing", queryset=Listing.objects.none(), empty_label="Any section"
    )

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Admission], *, gate: EventListing) -> None:
        super().__init__(data, queryset)
        self.filters["section"].queryset = Listing.objects.filter(event_listing=gate, stub=False).order_by("name", "pk")
        for bound in self.form:
            dress(bound)

    def found(self) -> QuerySet[Admission]:
        """What matches; nothing when the question makes no sense."""
        found: QuerySet[Admission] = self.qs if self.is_valid() else self.queryset.none()
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    def by_words(self, queryset: Any, _name: str, value: str) -> QuerySet[Admission]:
        found: QuerySet[Admission] = queryset.matching(value)
        return found


def select_admissions(gate: EventListing, address: Mapping[str, Any]) -> Selection[Admission]:
    everything = Admission.objects.listed().filter(organisation=gate.organisation_id, event_listing=gate)
    asked = AdmissionFilter(address, everything, gate=gate)
    return Selection(filter=asked, view=ADMISSIONS.read(address), everything=everything, found=asked.found())


class GateFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By words of the event's name, and whether it is over. ``midnight``: when today began."""

    q = filters.CharFilter(label="Search", method="by_words", max_length=LONGEST_SEARCH)
    when = filters.ChoiceFilter(label="When", method="by_when", choices=gates.WHEN, empty_label=None)

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[EventListing], *, midnight: datetime) -> None:
        self.midnight = midnight
        super().__init__(data, queryset)
        for bound in self.form:
            dress(bound)

    @property
    def when_chosen(self) -> str:
        return gates.OVER if self.data.get("when") == gates.OVER else gates.AHEAD

    def found(self) -> QuerySet[EventListing]:
        """What matches; nothing when the question makes no sense."""
        if not self.is_valid():
            nothing: QuerySet[EventListing] = self.queryset.none()
            return nothing
        found: QuerySet[EventListing] = self.by_when(self.qs, "", self.when_chosen)
        return found

    def is_narrowed(self) -> bool:
        return bool(self.data.get("q"))

    def by_words(self, queryset: QuerySet[EventListing], _name: str, value: str) -> QuerySet[EventListing]:
        for word in value.split():
            queryset = queryset.filter(event__name__icontains=word)
        return queryset

    def by_when(self, queryset: QuerySet[EventListing], _name: str, value: str) -> QuerySet[EventListing]:
        if value == gates.OVER:
            return queryset.filter(Q(ends__lt=self.midnight))
        return queryset.filter(Q(ends__gte=self.midnight) | Q(ends=None))


def select_gates(organisation: Organisation, address: Mapping[str, Any], *, now: datetime) -> Selection[EventListing]:
    """What is next stands first and the undated last; of what is over, the latest."""
    everything = gates.gates_of(organisation)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = GateFilter(address, everything, midnight=midnight)
    view = GATES.read(address, sort="-starts" if asked.when_chosen == gates.OVER else "starts")
    return Selection(filter=asked, view=view, everything=everything, found=asked.found())
