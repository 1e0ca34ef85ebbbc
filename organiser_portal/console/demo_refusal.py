"""What the demo leaves to be settled: one entry that its provider refuses, so that one can see it said, and fix it."""

import time
from datetime import datetime

from django.db import connection
from django.utils import timezone

from organiser_portal.connections.gateway import provider_classes
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from organiser_portal.participants.models.entry import new_reference
from organiser_portal.participants.services import EntryValues, add_entry

# An address by our rules, and none by theirs.
PERSON = {"first_name": "Morgan", "last_name": "Pryce", "email": "morgan.pryce@localhost"}
PATIENCE = 120  # seconds for the first sync


def wait_and_add(organisation: Organisation) -> None:
    """For a thread of its own: the races have to be here first."""
    until = time.monotonic() + PATIENCE
    while not add(organisation, timezone.now()) and time.monotonic() < until:
        time.sleep(1)
    connection.close()


def add(organisation: Organisation, now: datetime) -> bool:
    """As staff add one; once, and not where somebody has begun to. False: no race takes entries from here yet."""
    if Entry.objects.of(organisation).exclude(created_by=None).exists():
        return True
    takers = [kind.key for kind in provider_classes() if kind.capabilities.add_entry]
    listings = Listing.objects.filter(connection__organisation=organisation, connection__provider__in=takers)
    plain = listings.exclude(questions__mandatory=True).select_related("race__organisation", "connection")
    listing = next((each for each in plain.order_by("starts_at") if each.takes_entries(now)), None)
    by = User.objects.filter(memberships__organisation=organisation).first()
    if listing is None or by is None:
        return False
    values = EntryValues(person=PERSON)
    add_entry(race=listing.race, listing=listing, reference=new_reference(), values=values, by=by, now=now)
    return True
