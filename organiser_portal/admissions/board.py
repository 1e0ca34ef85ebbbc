"""Who is in, per section: what the page of an event shows. A fixed number of queries for any number of events."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from organiser_portal.admissions.models import Admission
from organiser_portal.core.bars import Segment
from organiser_portal.events.models import EventListing, Listing

LATEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One race at a gate. ``sold`` is the provider's count, None where it does not say; ``inside`` counts tickets."""

    name: str
    inside: int
    sold: int | None
    channel: int

    @property
    def says(self) -> str:
        return f"{self.inside} in, of {self.sold} sold"

    @property
    def segments(self) -> list[Segment]:
        """Who is in, and hatched who is not yet."""
        absent = max(0, (self.sold or 0) - self.inside)
        return [
            Segment(value=self.inside, channel=self.channel),
            Segment(value=absent, channel=self.channel, hatched=True),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    gate: EventListing
    sections: Sequence[Section]
    latest: Sequence[Admission]

    @property
    def inside(self) -> int:
        return sum(section.inside for section in self.sections)

    @property
    def sold(self) -> int | None:
        """None as soon as one section does not say."""
        counts = [section.sold for section in self.sections]
        return None if None in counts else sum(count for count in counts if count is not None)


def boards(gates: Sequence[EventListing], channels: Mapping[str, int], *, latest_too: bool = True) -> list[Board]:
    """In the order given. ``channels``: provider → its colour."""
    sections = _sections(gates, channels)
    latest = _latest(gates if latest_too else [])
    return [Board(gate=gate, sections=sections[gate.pk], latest=latest[gate.pk]) for gate in gates]


def _sections(gates: Sequence[EventListing], channels: Mapping[str, int]) -> dict[int, list[Section]]:
    inside = _inside(gates)
    colours = {gate.pk: channels.get(gate.connection.provider, 0) for gate in gates}
    found: dict[int, list[Section]] = defaultdict(list)
    for row in Listing.objects.filter(event_listing__in=gates, stub=False).order_by("starts_at", "name", "pk"):
        gate_id = row.event_listing_id
        came = inside.pop((gate_id, row.pk), 0)
        if came or row.gone_at is None:
            found[gate_id].append(Section(name=str(row), inside=came, sold=row.sold, channel=colours[gate_id]))
    for (gate_id, _), came in inside.items():
        found[gate_id].append(Section(name="Section not known yet", inside=came, sold=None, channel=colours[gate_id]))
    return found


def _inside(gates: Sequence[EventListing]) -> dict[tuple[int, int | None], int]:
    """How many tickets are in, by event and section; without a section where that has not been told of yet."""
    rows = Admission.objects.listed().filter(event_listing__in=gates).order_by()
    counted = rows.values_list("event_listing_id", "listing_id").annotate(inside=Count("ticket", distinct=True))
    return {(gate_id or 0, listing_id): inside for gate_id, listing_id, inside in counted}


def _latest(gates: Sequence[EventListing]) -> dict[int, list[Admission]]:
    place = Window(RowNumber(), partition_by=F("event_listing_id"), order_by=[F("admitted_at").desc(), F("pk").desc()])
    dated = Admission.objects.listed().filter(event_listing__in=gates, admitted_at__isnull=False)
    found: dict[int, list[Admission]] = defaultdict(list)
    newest = dated.annotate(place=place).filter(place__lte=LATEST).select_related("listing")
    for admission in newest.order_by("-admitted_at", "-pk"):
        found[admission.event_listing_id or 0].append(admission)
    return found
