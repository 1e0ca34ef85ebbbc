"""One listing that is far too long for a turn, what becomes of it at the provider, and the whole walks over it."""

from collections.abc import Iterator
from random import Random

from django.db.models import Sum
from django.utils import timezone

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync.models import HandedOver, Outcome, Owed, SyncRun
from providers.sandbox import Sandbox
from tests.sync.conftest import connected
from tests.torture import truth
from tests.torture.processes import Installation
from tests.torture.trouble import Kind, Misfortune

KEY = "letsdothis"
# A turn of 25 minutes looks back five; one of a second must not.
HURRIED = {"pace": "0", "overlap_seconds": "0"}


class LongListing:
    """The participants of Let's Do This. ``vanished``: what was there once."""

    def __init__(self, organisation: Organisation, sandbox: Sandbox, *, page_size: int) -> None:
        self.sandbox = sandbox
        self.page_size = page_size
        self.keys = (KEY,)
        self.connection = connected(organisation, sandbox, KEY)
        self.connection.settings |= {**HURRIED, "page_size": str(page_size)}
        self.connection.save()
        SyncState.objects.filter(connection=self.connection).exclude(resource="entries").delete()
        self.vanished: set[str] = set()

    @property
    def state(self) -> SyncState:
        return SyncState.objects.get(connection=self.connection)

    def __len__(self) -> int:
        return len(self.sandbox.letsdothis.organiser.participants)

    def people_come_and_go(self, chance: Random) -> None:
        """Some enter, some are changed and so move to the end of the list, some go."""
        site = self.sandbox.letsdothis
        with self.sandbox.lock:
            there = [row.id for row in site.organiser.participants]
            for changed in chance.sample(there, chance.randint(0, 9)):
                site.change(changed, bibNumber=str(chance.randint(1, 9999)))
            site.sell(chance.randint(0, 5), chance.choice(site.organiser.races()).id)
            self.somebody_vanishes(chance)

    def somebody_vanishes(self, chance: Random) -> int:
        """Without a trace, while it may be being read. Gives how many."""
        site = self.sandbox.letsdothis
        with self.sandbox.lock:
            gone = chance.sample([row.id for row in site.organiser.participants], chance.randint(1, 5))
            for each in gone:
                site.delete(each)
        self.vanished.update(gone)
        return len(gone)

    def runs(self) -> list[SyncRun]:
        """The newest first."""
        return list(SyncRun.objects.filter(connection=self.connection))

    @property
    def last(self) -> SyncRun | None:
        return SyncRun.objects.filter(connection=self.connection).first()

    def is_at_rest(self) -> bool:
        """Whether nobody walks it or is about to, and nothing of a walk is left to do."""
        state, last = self.state, self.last
        waits = not state.lease and state.due_at is not None and state.due_at > timezone.now()
        return waits and last is not None and ended(last)

    def time_passes(self) -> None:
        """Nobody waits for a back-off any more, and a parked connection was tested again. Pauses asked for stand."""
        now = timezone.now()
        Connection.objects.filter(standing=Standing.NEEDS_ATTENTION).update(standing=Standing.WORKING)
        waiting = SyncState.objects.filter(lease="", due_at__gt=now).exclude(connection__quiet_until__gt=now)
        waiting.update(due_at=now)

    def ask_for_a_whole_walk(self) -> None:
        SyncState.objects.filter(lease="").update(full_due=True, asked_by_hand=True, due_at=timezone.now())

    def amiss(self) -> Iterator[str]:
        """What is not as it is there; and whether anything that is there was ever taken for gone."""
        yield from truth.differences(self.connection, self.sandbox)
        yield from truth.participants_amiss(self.connection, self.sandbox)
        yield from truth.unrecorded()
        rows = Entry.objects.filter(connection=self.connection)
        gone = set(rows.exclude(gone_at=None).values_list("external_id", flat=True))
        yield from (f"{each} went, though it is there" for each in sorted(gone - self.vanished)[:5])
        told = SyncRun.objects.filter(connection=self.connection).aggregate(new=Sum("new"), gone=Sum("gone"))
        if told != (held := {"new": rows.count(), "gone": len(gone)}):
            yield f"the runs tell of {told}, there are {held}"
        if left := HandedOver.objects.count():
            yield f"{left} of what was handed over are left"


class TroubleOnTheWay(Misfortune):
    """While a long listing is walked. ``deadly``: how often somebody dies, the rest comes to some twenty."""

    def __init__(self, listing: LongListing, installation: Installation, chance: Random) -> None:
        super().__init__(listing, installation, chance)
        self._listing = listing
        self.deadly = 2
        # The shortest turn stores a page, and the next one goes on at the instant that it came to.
        self.at_one_instant = listing.page_size // 2

    def kinds(self) -> tuple[Kind, ...]:
        return (
            (4, self.a_call_fails), (8, self.people_come_and_go), (2, self.one_instant), (4, self.time_passes),
            (self.deadly, self.a_worker_is_killed), (1, self.the_database_is_cut), (1, self.the_broker_is_restarted),
            (1, self.a_date_to_wait_for), (1, self.a_list_comes_empty),
        )  # fmt: skip

    def people_come_and_go(self) -> None:
        self._listing.people_come_and_go(self._chance)

    def time_passes(self) -> None:
        """And whoever waits for a whole walk asks for another when one has ended."""
        self._listing.time_passes()
        if self._listing.is_at_rest():
            self._listing.ask_for_a_whole_walk()


def ended(run: SyncRun) -> bool:
    """Whether with it a walk came to its end, however that was."""
    return run.outcome in (Outcome.SUCCEEDED, Outcome.SHORT, Outcome.IMPLAUSIBLE) and run.owes != Owed.REST
