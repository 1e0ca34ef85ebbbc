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
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.core.selection import Selection
from organiser_portal.core.tables import Table
from organiser_portal.events.models import EventListing, Listing
from organiser_portal.organisations.models import Organisation

GATES = Table(
    sort="starts",
    columns=(
        Column(key="event", heading="Event", sort="sort_name", locked=True),
        Column(key="starts", heading="Starts", sort="starts", nullable=True, default=True),
        Column(key="source", heading="Source"),
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


class AdmissionFilter(ListFilter):
    """By any part of a name, a ticket or a steward, and section."""

    section = filters.ModelChoiceFilter(
        label="Section", field_name="listing", queryset=Listing.objects.none(), empty_label="Any section"
    )

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Admission], *, gate: EventListing) -> None:
        self.gate = gate
        super().__init__(data, queryset)

    def offer(self) -> None:
        sections = Listing.objects.filter(event_listing=self.gate, stub=False)
        self.filters["section"].queryset = sections.order_by("name", "pk")

    def by_words(self, queryset: Any, _name: str, value: str) -> QuerySet[Admission]:
        found: QuerySet[Admission] = queryset.matching(value)
        return found


def select_admissions(gate: EventListing, address: Mapping[str, Any]) -> Selection[Admission]:
    everything = Admission.objects.listed().filter(organisation=gate.organisation_id, event_listing=gate)
    asked = AdmissionFilter(address, everything, gate=gate)
    return Selection(filter=asked, view=ADMISSIONS.read(address), everything=everything, found=asked.found())


class GateFilter(ListFilter):
    """By words of the event's name, and whether it is over. ``midnight``: when today began."""

    searched = ("event__name",)
    always = frozenset({"when"})

    when = filters.ChoiceFilter(label="When", method="by_when", choices=gates.WHEN, empty_label=None)

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[EventListing], *, midnight: datetime) -> None:
        self.midnight = midnight
        super().__init__(data, queryset)

    @property
    def when_chosen(self) -> str:
        return gates.OVER if self.data.get("when") == gates.OVER else gates.AHEAD

    def by_default(self, found: QuerySet[EventListing]) -> QuerySet[EventListing]:
        return self.by_when(found, "", self.when_chosen)

    def by_when(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
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
