"""How many entries we hold, per race and per listing: counted for the few rows of a page, in one query each.

Rows are counted, not their ids: of that an index of entries knows everything, at a microsecond each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from organiser_portal.connections.gateway import face
from organiser_portal.connections.told import counted_at, told_at
from organiser_portal.core.bars import Segment
from organiser_portal.events.facts import Finding, ListingFacts, room_in
from organiser_portal.events.models import Listing, Race
from providers.records import EntryStatus, Kind

HOLDS_A_PLACE = Q(entries__status=EntryStatus.LIVE.value, entries__gone_at=None)


def entries_of_races(race_ids: Iterable[int]) -> dict[int, int]:
    """Race id → live entries we hold, where there are any."""
    held = Race.objects.filter(HOLDS_A_PLACE, pk__in=list(race_ids)).order_by()
    return dict(held.values_list("pk").annotate(number=Count("*")))


def entries_at(listing_ids: Iterable[int]) -> dict[int, int]:
    """Listing id → live entries we hold from it, where there are any."""
    held = Listing.objects.filter(HOLDS_A_PLACE, pk__in=list(listing_ids)).order_by()
    return dict(held.values_list("pk").annotate(number=Count("*")))


def entries_of_listings(race: Race) -> dict[int | None, int]:
    """Listing id → live entries we hold from it; None: those that stand at no provider."""
    held = Race.objects.filter(HOLDS_A_PLACE, pk=race.pk).order_by()
    return dict(held.values_list("entries__listing_id").annotate(number=Count("*")))


def added_since(listings: Iterable[Listing]) -> dict[int, int]:
    """Listing id → live entries that went there from here and cannot be in its own count yet, where there are any."""
    counting = [each for each in listings if each.sold is not None and not _lists_entries(each)]
    if not counting:
        return {}
    later = [Q(pk=each.pk, entries__first_seen__gt=each.as_of) for each in counting if each.as_of]
    uncounted = reduce(or_, later, Q(entries__external_id=None))
    held = Listing.objects.filter(HOLDS_A_PLACE, uncounted, pk__in=[each.pk for each in counting])
    return dict(held.order_by().values_list("pk").annotate(number=Count("*")))


def with_ages(listings: Iterable[Listing]) -> list[Listing]:
    """The same, to be shown: what bears no time of its own is as old as the last look at all of its provider's."""
    listed = list(listings)
    told = counted_at({each.connection for each in listed if each.as_of is None})
    for each in listed:
        each.as_of = each.as_of or told.get(each.connection_id)
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The picture of a race: the finding, one set of figures per listing, and the bar."""

    finding: Finding
    listings: list[tuple[Listing, ListingFacts]]
    kept_here: int
    segments: list[Segment]
    total: int
    licence: int | None
    held_in_words: str = ""

    @property
    def free(self) -> int | None:
        """What the licence leaves when nobody is counted twice; None without one, or where nothing is left."""
        left = 0 if self.licence is None else self.licence - sum(round(part.value) for part in self.segments)
        return left if left > 0 else None

    def holding(self, held: Sequence[Segment], words: str) -> "Capacity":
        """The same with what is held and not claimed, which takes places too."""
        segments = [*self.segments, *held]
        total = max(self.total, sum(round(part.value) for part in segments))
        return replace(self, segments=segments, total=total, held_in_words=words)

    @property
    def in_words(self) -> str:
        """What the bar shows, for those who do not see it."""
        parts = [f"{facts.label} {facts.seen:,} seen and {facts.unseen:,} unseen" for _, facts in self.listings]
        parts += [f"kept here {self.kept_here:,}"] if self.kept_here else []
        parts += [self.held_in_words] if self.held_in_words else []
        licence = f", licence {self.licence:,}" if self.licence is not None else ""
        return "; ".join(parts) + licence


def capacity_of(race: Race, listings: Iterable[Listing]) -> Capacity:
    held, listed = entries_of_listings(race), with_ages(listings)
    ages = told_at([each.connection for each in listed if each.sold is None], Kind.ENTRY)
    since = added_since(listed)
    pairs = [
        (each, facts_of(each, held.get(each.pk, 0), since.get(each.pk, 0), ages.get(each.connection_id)))
        for each in listed
    ]
    figures = [facts for _, facts in pairs]
    kept_here = held.get(None, 0)
    return Capacity(
        finding=room_in(figures, race.licence_capacity, kept_here),
        listings=pairs,
        kept_here=kept_here,
        segments=_segments(figures, kept_here),
        total=_total(figures, race.licence_capacity, kept_here),
        licence=race.licence_capacity,
    )


def places_of(race: Race) -> int | None:
    """How many may run: the licence, else what the one platform that sells it states; None where nobody says."""
    if race.licence_capacity is not None:
        return race.licence_capacity
    listings = list(race.listings.all())
    return listings[0].capacity if len(listings) == 1 else None


def facts_of(listing: Listing, seen: int, since: int = 0, seen_at: datetime | None = None) -> ListingFacts:
    """``seen_at``: when its entries were last read, which is the age of the figure where the provider states none."""
    provider = face(listing.connection.provider)
    return ListingFacts(
        label=provider.label,
        channel=provider.channel,
        mark=provider.mark,
        capacity=listing.capacity,
        sold=listing.sold,
        seen=seen,
        since=since,
        sees_all=_lists_entries(listing),
        as_of=listing.as_of if listing.sold is not None else seen_at,
    )


def _lists_entries(listing: Listing) -> bool:
    return face(listing.connection.provider).capabilities.lists_entries


def _segments(figures: list[ListingFacts], kept_here: int) -> list[Segment]:
    stretches: list[Any] = []
    for facts in figures:
        stretches.append(Segment(value=facts.seen, channel=facts.channel))
        stretches.append(Segment(value=facts.unseen, channel=facts.channel, hatched=True))
    return [*stretches, Segment(value=kept_here, channel=4)]


def _total(figures: list[ListingFacts], licence: int | None, kept_here: int) -> int:
    taken = sum(facts.seen + facts.unseen for facts in figures) + kept_here
    stated = [facts.capacity for facts in figures if facts.capacity is not None]
    limit = licence if licence is not None else stated[0] if len(stated) == len(figures) == 1 else 0
    return max(taken, limit)
