"""What staff say about races and events: which listings are the same race, the licence, the last day for claims."""

from datetime import date

from django.db import transaction

from organiser_portal.events.models import Event, Listing, Race
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User


class CannotLink(ValueError):
    """Why a listing cannot be moved; ``str()`` is a sentence for the person who tried."""


@transaction.atomic
def link_listing(*, listing: Listing, race: Race, actor: User) -> None:
    """This listing is the same race as ``race``: move it there with its entries and applications.

    A race left with nothing is removed. Raises CannotLink.
    """
    if listing.organisation_id != race.organisation_id:
        raise CannotLink("These belong to different organisations.")
    if listing.race_id == race.pk:
        raise CannotLink("It is this race already.")
    left = listing.race
    _move(listing, race)
    if removed := _remove_if_empty(left):
        _inherit_licence(race, left)
    audit.record(
        organisation=race.organisation,
        actor=actor,
        action="race.linked",
        subject=race.name,
        listing=listing.pk,
        provider=listing.connection.provider,
        from_race=left.name,
        removed=removed,
    )


@transaction.atomic
def split_off(*, listing: Listing, actor: User) -> Race:
    """This listing is a race of its own after all: the way back from ``link_listing``. Raises CannotLink."""
    left = listing.race
    if left.listings.count() < 2:
        raise CannotLink("It is the only listing of this race.")
    race = Race.objects.create(
        organisation=listing.organisation,
        event=listing.event_listing.event,
        name=listing.name or left.name,
        starts_at=listing.starts_at or left.starts_at,
        sport=listing.sport,
    )
    _move(listing, race)
    audit.record(
        organisation=race.organisation,
        actor=actor,
        action="race.split_off",
        subject=race.name,
        listing=listing.pk,
        provider=listing.connection.provider,
        from_race=left.name,
    )
    return race


@transaction.atomic
def set_licence(*, race: Race, capacity: int | None, actor: User) -> None:
    """Staff's own limit over all channels; None takes it away."""
    before = race.licence_capacity
    race.licence_capacity = capacity
    race.save(update_fields=["licence_capacity"])
    audit.record(
        organisation=race.organisation,
        actor=actor,
        action="race.licence_changed",
        subject=race.name,
        before=before,
        after=capacity,
    )


@transaction.atomic
def set_last_claims(*, event: Event, day: date | None, actor: User) -> None:
    """Staff's own last day for claiming held places; None takes it away."""
    before = event.claims_close_on
    event.claims_close_on = day
    event.save(update_fields=["claims_close_on"])
    audit.record(
        organisation=event.organisation,
        actor=actor,
        action="event.last_claims_changed",
        subject=event.name,
        before=before and before.isoformat(),
        after=day and day.isoformat(),
    )


def _move(listing: Listing, race: Race) -> None:
    listing.race = race
    listing.save(update_fields=["race"])  # first, which waits for a sync that stores more of its people
    # Held in one order, as every writer of many holds them, so that none waits for another crosswise.
    if listing.entries.select_for_update().order_by("pk").values_list("pk"):
        listing.entries.update(race=race)
    listing.applications.update(race=race)


def _inherit_licence(race: Race, left: Race) -> None:
    """What staff once said is not lost with the race they said it of."""
    if race.licence_capacity is None and left.licence_capacity is not None:
        race.licence_capacity = left.licence_capacity
        race.save(update_fields=["licence_capacity"])


def _remove_if_empty(race: Race) -> bool:
    if race.listings.exists() or race.entries.exists() or race.applications.exists():
        return False
    race.delete()
    return True
