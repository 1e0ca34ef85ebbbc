"""Staff add an entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import User
from organiser_portal.participants import search
from organiser_portal.participants.history import revision_of, write_revision
from organiser_portal.participants.models import Entry, Origin, Revision
from organiser_portal.participants.prices import place_price
from organiser_portal.participants.services.errors import FormUsed
from organiser_portal.participants.services.outbox import queue_add
from organiser_portal.participants.services.values import EntryValues, merged


def add_entry(
    *, race: Race, listing: Listing | None, reference: str, values: EntryValues, by: User, now: datetime
) -> Entry:
    """Store the entry and, if it goes to a provider, the change that tells it, in one transaction.

    ``listing`` None keeps the entry only here. ``reference`` was minted when the form was first shown: the same form
    sent twice gives the same entry. Raises FormUsed when it comes again with other values.
    """
    try:
        with transaction.atomic():
            return _add(race, listing, reference, values, by, now)
    except IntegrityError:
        entry = Entry.objects.of(race.organisation).filter(reference=reference).first()
        if entry is None:
            raise
    if not _same(entry, race, listing, values):
        raise FormUsed(entry)
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One of many to be added. ``reference`` is of nobody yet."""

    race: Race
    reference: str
    values: EntryValues


def add_entries(
    new: Iterable[NewEntry], *, listing: Listing | None, by: User, now: datetime, summary: str
) -> list[Entry]:
    """As ``add_entry``, many in a few statements, in the caller's transaction. ``summary`` is their history's line."""
    entries = [_built(each.race, listing, each.reference, each.values, by, now) for each in new]
    Entry.objects.bulk_create(entries)
    if listing is not None:
        for entry in entries:
            queue_add(entry=entry, by=by, now=now)
        Entry.objects.bulk_update(entries, ["push_state"])
    Revision.objects.bulk_create(revision_of(entry, by=by, now=now, summary=summary) for entry in entries)
    return entries


def _add(race: Race, listing: Listing | None, reference: str, values: EntryValues, by: User, now: datetime) -> Entry:
    entry = _built(race, listing, reference, values, by, now)
    entry.save()
    if listing is not None:
        queue_add(entry=entry, by=by, now=now)
        entry.save(update_fields=["push_state"])
    write_revision(entry=entry, by=by, now=now, summary="Added here")
    return entry


def _built(race: Race, listing: Listing | None, reference: str, values: EntryValues, by: User, now: datetime) -> Entry:
    entry = Entry(
        organisation=race.organisation,
        connection=listing.connection if listing else None,
        reference=reference,
        origin=Origin.STAFF,
        race=race,
        listing=listing,
        created_by=by,
        entered_at=now,
        first_seen=now,
        last_seen=now,
        **_columns(values),
        **_price(listing, values),
    )
    search.refresh(entry)
    return entry


def _columns(values: EntryValues) -> dict[str, Any]:
    return {
        **values.person,
        **values.own,
        "answers": merged([], values.answers or (), key="question_id", value="value"),
        "orders": merged([], values.orders or (), key="sku_id", value="quantity"),
        "affiliations": {slug: typed for slug, typed in (values.affiliations or {}).items() if typed},
    }


def _price(listing: Listing | None, values: EntryValues) -> Mapping[str, Any]:
    if listing is None:
        return {}
    affiliated = any((values.affiliations or {}).values())
    return {"price_minor": place_price(listing, affiliated=affiliated), "currency": listing.currency}


def _same(entry: Entry, race: Race, listing: Listing | None, values: EntryValues) -> bool:
    place = (entry.race_id, entry.listing_id) == (race.pk, listing.pk if listing else None)
    return place and all(getattr(entry, name) == value for name, value in _columns(values).items())
