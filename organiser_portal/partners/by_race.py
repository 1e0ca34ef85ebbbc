"""The places of one event, race by race: what its partners hold and use of each, and how their list sorts there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from organiser_portal.events.models import Event, TicketType
from organiser_portal.partners.figures import Places
from organiser_portal.partners.models import Partner, ReservedGroup

MOST = 4
"""Columns that fit beside each other; further races share the last."""
SEVERAL, OTHERS = "Several races", "Other races"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRace:
    """``titles`` of the columns; ``places`` of each column by partner's key; ``totals`` of all the partners."""

    titles: tuple[str, ...] = ()
    places: Mapping[int, Sequence[Places]] = field(default_factory=dict)
    totals: tuple[Places, ...] = ()

    def of(self, partner: Partner) -> Sequence[Places]:
        return self.places.get(partner.pk, [Places()] * len(self.titles))


def by_race(partners: QuerySet[Partner], event: Event) -> ByRace:
    """Two queries, however many there are. A group belongs to the race that all of its tickets are for."""
    groups = list(
        ReservedGroup.objects.listed()
        .filter(event_listing__event=event, partner__in=partners.order_by().values("pk"))
        .only("partner_id", "connection_id", "capacity", "used", "ticket_ids")
    )
    names = _race_names(event)
    held: dict[str, dict[int, list[ReservedGroup]]] = defaultdict(lambda: defaultdict(list))
    for group in groups:
        if group.partner_id is not None:
            held[_race_of(group, names)][group.partner_id].append(group)
    columns = _columns(held, [*dict.fromkeys(names.values())])
    keys = {key for of_partner in held.values() for key in of_partner}
    return ByRace(
        titles=tuple(title for title, _ in columns),
        places={key: [_added(of.get(key, ()) for of in several) for _, several in columns] for key in keys},
        totals=tuple(_added(each for of in several for each in of.values()) for _, several in columns),
    )


type OfPartners = Mapping[int, Iterable[ReservedGroup]]


def _columns(held: Mapping[str, OfPartners], order: Sequence[str]) -> list[tuple[str, list[OfPartners]]]:
    titles = [title for title in (*order, SEVERAL) if title in held]
    if len(titles) <= MOST:
        return [(title, [held[title]]) for title in titles]
    first, rest = titles[: MOST - 1], titles[MOST - 1 :]
    return [*((title, [held[title]]) for title in first), (OTHERS, [held[title] for title in rest])]


def _race_names(event: Event) -> dict[tuple[int, str], str]:
    """(Connection's key, a ticket's id there) → its race, the earliest race first."""
    tickets = TicketType.objects.filter(event_listing__event=event, listing__isnull=False).order_by(
        "listing__race__starts_at", "listing__race__name", "pk"
    )
    rows = tickets.values_list("connection_id", "external_id", "listing__race__name")
    return {(connection, ticket): name for connection, ticket, name in rows}


def _race_of(group: ReservedGroup, names: Mapping[tuple[int, str], str]) -> str:
    found = {names.get((group.connection_id, ticket)) for ticket in group.ticket_ids}
    only = found.pop() if len(found) == 1 else None
    return only or SEVERAL


def _added(groups: Iterable[Iterable[ReservedGroup]]) -> Places:
    each = [group for several in groups for group in several]
    return Places(held=sum(group.capacity for group in each), used=sum(group.used for group in each))
