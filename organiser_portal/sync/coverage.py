"""How much of what a provider says there is, we can see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.events.models import Listing
from organiser_portal.participants.models import Entry
from organiser_portal.sync.retire import is_too_much
from providers.records import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """``says`` None: the provider has not said how many entries there are."""

    seen: int
    says: int | None

    @property
    def missing(self) -> int:
        return max(0, (self.says or 0) - self.seen)

    @property
    def departs(self) -> bool:
        """We see fewer than there are said to be, or hold far more than that."""
        return self.says is not None and (self.missing > 0 or is_too_much(self.seen - self.says, of=self.seen))

    def sentence(self) -> str:
        """ "says 150 entered, we can see 112", or that nothing is missing; "" where there is nothing to say."""
        if self.says is None:
            return f"{self.seen:,} entries held" if self.seen else ""
        if self.missing:
            return f"says {self.says:,} entered, we can see {self.seen:,}"
        if is_too_much(self.seen - self.says, of=self.seen):
            return f"says {self.says:,} entered, we hold {self.seen:,}"
        return f"all {self.seen:,} entries seen"


def coverages(connections: Collection[Connection], *, now: datetime) -> dict[int, Coverage]:
    """By connection id. Three queries, however many connections."""
    listed = {each.pk for each in connections if gateway.face(each.provider).capabilities.lists_entries}
    counted = {each.pk for each in connections} - listed
    return _listed([each for each in connections if each.pk in listed]) | counted_only(counted, now)


def _listed(connections: Collection[Connection]) -> dict[int, Coverage]:
    """Who lists entries said how many when they were last walked whole."""
    states = SyncState.objects.filter(connection__in=[each.pk for each in connections])
    found = {(state.connection_id, state.resource): state for state in states}
    result: dict[int, Coverage] = {}
    for each in connections:
        keys = [one.key for one in gateway.face(each.provider).resources if one.kind is Kind.ENTRY]
        mine = [found[each.pk, key] for key in keys if (each.pk, key) in found]
        says = [state.promised for state in mine if state.promised is not None]
        result[each.pk] = Coverage(seen=sum(state.held for state in mine), says=sum(says) if says else None)
    return result


def counted_only(connection_ids: Collection[int], now: datetime) -> dict[int, Coverage]:
    """Who only counts: the count of each race to come against the entries there that we know of."""
    if not connection_ids:
        return {}
    ahead = Listing.objects.filter(
        Q(starts_at=None) | Q(starts_at__gte=now), connection__in=connection_ids, gone_at=None, sold__isnull=False
    )
    says = dict(
        ahead.order_by().values("connection_id").annotate(says=Sum("sold")).values_list("connection_id", "says")
    )
    entries = Entry.objects.live().filter(
        connection__in=connection_ids, listing__in=ahead.values("pk"), external_id__isnull=False
    )
    held = entries.order_by().values("connection_id").annotate(held=Count("pk")).values_list("connection_id", "held")
    seen = dict(held)
    return {pk: Coverage(seen=seen.get(pk, 0), says=says.get(pk)) for pk in connection_ids}
