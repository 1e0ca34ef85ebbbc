"""An organisation that sells at every provider of the sandbox, and its staff."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing, SyncState
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services import EntryValues, add_entry
from organiser_portal.sync.by_hand import sync_connection
from organiser_portal.sync.outbox import ON_ITS_WAY, WAITING
from providers.sandbox import Sandbox
from tests.sync.conftest import connected

PACE = 25
STALLED = timedelta(seconds=10)  # since it was claimed: our client gives up after 2.5 s, a busy sandbox may not
SMALL_PAGES = {"letsdothis": {"page_size": "50"}, "ticketing": {"records": "25"}}  # many of them, in a small town


class Town:
    """``keys``: the providers; eventrac, which takes what staff add, is always among them."""

    def __init__(self, organisation: Organisation, editor: User, sandbox: Sandbox, keys: Sequence[str]) -> None:
        self.organisation = organisation
        self.editor = editor
        self.sandbox = sandbox
        self.keys = keys
        self.connections = {key: self._connected(key) for key in self.keys}
        self.eventrac = self.connections["eventrac"]
        assert all(result.ok for result in sync_connection(self.eventrac))
        self.listing = self._enterable()
        self.seeded = len(sandbox.eventrac.state.participants)
        self._added = 0

    def _connected(self, key: str) -> Connection:
        connection = connected(self.organisation, self.sandbox, key)
        connection.settings |= {"pace": str(PACE), **(SMALL_PAGES.get(key, {}) if self.sandbox.size == "s" else {})}
        connection.save()
        return connection

    def _enterable(self) -> Listing:
        rows = Listing.objects.filter(connection=self.eventrac, accepts_entries=True, is_team=False)
        listing = rows.exclude(questions__mandatory=True).earliest("pk")
        self.sandbox.eventrac.state.races[int(listing.external_id)].capacity = 100_000
        return listing

    def now(self) -> datetime:
        return timezone.now()

    def add_somebody(self, chance: Random) -> Entry:
        self._added += 1
        number = self._added
        person = {"first_name": f"Runner{number}", "last_name": "Tester", "email": f"runner{number}@example.org"}
        return add_entry(
            race=self.listing.race,
            listing=self.listing,
            reference=f"{number:08x}{chance.getrandbits(96):024x}",
            values=EntryValues(person=person),
            by=self.editor,
            now=self.now(),
        )

    def time_passes(self, *, only: Sequence[int] | None = None) -> None:
        """Nobody waits for a back-off any more, and a parked connection was tested again. Pauses asked for stand.

        ``only``: the listings that are to be walked again.
        """
        now = timezone.now()
        Connection.objects.filter(standing=Standing.NEEDS_ATTENTION).update(standing=Standing.WORKING)
        quiet = Connection.objects.filter(quiet_until__gt=now)
        states = SyncState.objects.exclude(connection__in=quiet)
        states = states if only is None else states.filter(pk__in=only)
        states.update(due_at=now, asked_by_hand=True)
        # What may be on its way yet is not hurried: its sender died, or gave up waiting while the provider stalled.
        waiting = OutboundChange.objects.filter(state__in=WAITING, due_at__gt=now + ON_ITS_WAY)
        waiting = waiting.exclude(state=PushState.UNKNOWN, sent_at__gt=now - STALLED)
        waiting.exclude(connection__in=quiet).update(due_at=now)

    def somebody_vanishes(self, chance: Random) -> None:
        """At every provider that lists people: without a trace, while it may be being read."""
        letsdothis, ticketing = self.sandbox.letsdothis, self.sandbox.ticketing
        letsdothis.delete(chance.choice(list(letsdothis.organiser.participants)).id)
        event = chance.choice([each for each in ticketing.state.events.values() if len(each.tickets) > 20])
        let_in = {admission.ticket for admission in event.admissions}
        if outside := [each for each in event.tickets if each not in let_in]:
            event.tickets.remove(chance.choice(outside))
        conversions = self.sandbox.trackier.network.conversions
        del conversions[chance.choice(list(conversions))]
