"""The demo has something to settle: added as staff add, once a race is there."""

from django.utils import timezone

from organiser_portal.connections.models import OutboundChange
from organiser_portal.console.demo_refusal import PERSON, add
from organiser_portal.events.models import Listing, Question
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from tests.factories import make_connection, make_listing


def opened(listing: Listing) -> Listing:
    listing.accepts_entries = True
    listing.save()
    return listing


def test_an_entry_is_sent_once_a_race_takes_entries_that_asks_for_nothing_more(
    organisation: Organisation, owner: User
) -> None:
    assert not add(organisation, timezone.now())
    make_listing(make_connection(organisation, "ticketing"))
    asking = opened(make_listing(make_connection(organisation)))
    Question.objects.create(listing=asking, external_id="1", label="Predicted finish", mandatory=True)
    assert not add(organisation, timezone.now())
    plain = opened(make_listing(asking.connection))
    assert add(organisation, timezone.now())
    entry = Entry.objects.get()
    assert (entry.listing, entry.email, entry.created_by) == (plain, PERSON["email"], owner)
    assert OutboundChange.objects.get().entry_id == entry.pk


def test_it_is_added_once(organisation: Organisation, owner: User) -> None:
    opened(make_listing(make_connection(organisation)))
    assert add(organisation, timezone.now())
    assert add(organisation, timezone.now())
    assert Entry.objects.count() == 1
