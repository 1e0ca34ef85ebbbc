"""Somebody says that two listings are one race while the entries of one of them are being read."""

from organiser_portal.connections.models import SyncState
from organiser_portal.events.models import Listing, Race
from organiser_portal.events.services import link_listing, split_off
from organiser_portal.organisations.models import User
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome
from tests.factories import make_race
from tests.sync.world import Clock, Script, last_page, page, received


def test_what_comes_after_the_link_is_in_the_race_that_was_chosen(
    entries: SyncState, script: Script, clock: Clock, owner: User
) -> None:
    script.acts = [page([received(1)], cursor="one"), last_page([received(2)])]
    theirs = make_race(entries.connection.organisation, name="Hexley 10K")

    def link(_: object) -> None:
        if Entry.objects.count() == 1:
            link_listing(listing=Listing.objects.get(), race=theirs, actor=owner)

    done = run_state(entries.pk, clock=clock, on_page=link)
    assert done is not None
    assert done.outcome == Outcome.SUCCEEDED
    assert set(Entry.objects.values_list("external_id", "race")) == {("1", theirs.pk), ("2", theirs.pk)}


def test_what_comes_after_it_is_split_off_is_in_the_race_of_its_own(
    entries: SyncState, script: Script, clock: Clock, owner: User
) -> None:
    script.acts = [last_page([received(1)])]
    run_state(entries.pk, clock=clock)
    listing = Listing.objects.get()
    together = make_race(listing.organisation, name="Hexley 10K")
    link_listing(listing=listing, race=together, actor=owner)
    Listing.objects.create(
        race=together,
        event_listing=listing.event_listing,
        organisation=listing.organisation,
        connection=listing.connection,
        external_id="other",
        first_seen=clock(),
        last_seen=clock(),
    )
    listing.refresh_from_db()
    script.acts = [page([received(2)], cursor="one"), last_page([received(1), received(2), received(3)])]

    def split(_: object) -> None:
        if Entry.objects.count() == 2:
            split_off(listing=listing, actor=owner)

    run_state(entries.pk, clock=clock, by_hand=True, full=True, on_page=split)
    own = Race.objects.exclude(pk=together.pk).get()
    assert set(Entry.objects.values_list("external_id", "race")) == {("1", own.pk), ("2", own.pk), ("3", own.pk)}
