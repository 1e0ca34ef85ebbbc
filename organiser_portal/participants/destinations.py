"""Where a new entry can go: the channels of a race that take entries from us, and why the others do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Standing
from organiser_portal.events.models import Listing, Race

HERE = "here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """``value`` is what the form sends: a listing's id, or "here"."""

    value: str
    label: str
    sentence: str
    listing: Listing | None = None
    provider: gateway.Face | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A channel that cannot take the entry, and why."""

    provider: gateway.Face
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """``offered`` ends with "here", which is always possible."""

    offered: tuple[Destination, ...]
    closed: tuple[Closed, ...]

    def chosen(self, value: str) -> Destination | None:
        return next((each for each in self.offered if each.value == value), None)


def destinations(race: Race | None, now: datetime) -> Destinations:
    """Every channel of the race, sorted into what is offered and what is not."""
    listings = _listings(race)
    offered = [_offer(listing) for listing in listings if not _refusal(listing, now)]
    closed = [_closed(listing, reason) for listing in listings if (reason := _refusal(listing, now))]
    return Destinations(offered=(*offered, _here()), closed=tuple(closed))


def _listings(race: Race | None) -> Sequence[Listing]:
    if race is None:
        return []
    rows = Listing.objects.filter(race=race, gone_at=None)
    return list(rows.select_related("connection").prefetch_related("questions").order_by("connection__provider", "id"))


def _refusal(listing: Listing, now: datetime) -> str:
    """Why this listing is not offered, "" if it is."""
    face = gateway.face(listing.connection.provider)
    if not face.capabilities.add_entry:
        return face.capabilities.cannot.get("add_entry") or f"{face.label} takes no entries through its API."
    if listing.takes_entries(now):
        return ""
    if listing.closes_at is not None and listing.closes_at <= now:
        return "Entries there have closed."
    return listing.closed_because or "It takes no entries now."


def _offer(listing: Listing) -> Destination:
    face = gateway.face(listing.connection.provider)
    sentence = " ".join(filter(None, [_when(listing), _room(listing), f"{face.label} may e-mail a confirmation."]))
    label = gateway.connection_name(listing.connection)
    return Destination(value=str(listing.pk), label=label, sentence=sentence, listing=listing, provider=face)


def _when(listing: Listing) -> str:
    match listing.connection.standing:
        case Standing.WORKING:
            return "Sent on save."
        case Standing.PAUSED:
            return "Waits here while the connection is paused."
    return "Waits here until the connection is put right."


def _room(listing: Listing) -> str:
    if listing.capacity is None or listing.sold is None:
        return ""
    return f"{listing.sold:,} of its {listing.capacity:,} places are taken."


def _closed(listing: Listing, reason: str) -> Closed:
    name = gateway.connection_name(listing.connection)
    return Closed(provider=gateway.face(listing.connection.provider), label=name, reason=reason)


def _here() -> Destination:
    return Destination(value=HERE, label="Only here", sentence="Goes into our lists and exports. No provider is told.")
