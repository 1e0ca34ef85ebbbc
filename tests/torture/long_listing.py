"""One listing that is far too long for a turn, what becomes of it at the provider, and the whole walks over it."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from random import Random
from typing import ClassVar

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from organiser_portal.connections.models import Connection, Standing, SyncedModel, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.listings import resource_of
from organiser_portal.sync.models import HandedOver, Outcome, Owed, SyncRun
from organiser_portal.sync.stores import MODELS
from providers.sandbox import Sandbox
from tests.sync.conftest import connected
from tests.torture import truth


class LongListing(ABC):
    """What is walked again and again. What it is at which provider, `listings` says.

    ``settings`` of the connection and ``turns`` in seconds, by the size of the sandbox: in the shortest turn there is
    time for a page or two, and the longest is no tenth of a walk. ``before``: what is walked once, so that there is
    something to ask for. ``endings``: of the two whole walks behind which it is known who has vanished. ``vanish``: how
    many do, at most, at a time. ``vanished``: who was there once.
    """

    key: ClassVar[str]
    resource: ClassVar[str]
    settings: ClassVar[Mapping[str, Mapping[str, str]]]
    turns: ClassVar[Mapping[str, Sequence[float]]]
    before: ClassVar[Sequence[str]] = ()
    endings: ClassVar[Sequence[tuple[str, str]]] = ((Outcome.SHORT, Owed.GONE), (Outcome.SUCCEEDED, ""))
    vanish: ClassVar[int] = 5

    def __init__(self, organisation: Organisation, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.keys = (self.key,)
        self.connection = connected(organisation, sandbox, self.key)
        self.connection.settings |= {"pace": "0", **self.settings[sandbox.size]}
        self.connection.save()
        self.model: type[SyncedModel] = MODELS[resource_of(self.connection, self.resource).kind]
        for name in self.before:
            done = run_state(SyncState.objects.get(connection=self.connection, resource=name).pk, by_hand=True)
            assert done is not None
            assert done.outcome == Outcome.SUCCEEDED
        SyncState.objects.filter(connection=self.connection).exclude(resource=self.resource).delete()
        self.vanished: set[str] = set()

    @abstractmethod
    def there(self) -> list[str]:
        """By our external ids, in their order; straight from the sandbox's own rows."""

    @abstractmethod
    def take_away(self, ids: Collection[str]) -> None:
        """Without a trace."""

    @abstractmethod
    def some_come(self, chance: Random) -> None: ...

    @abstractmethod
    def some_change(self, chance: Random) -> None: ...

    @abstractmethod
    def many_in_one_instant(self, chance: Random) -> None:
        """So many change or come at once that a page may end among them."""

    def may_vanish(self) -> Sequence[str]:
        return self.there()

    @property
    def state(self) -> SyncState:
        return SyncState.objects.get(connection=self.connection, resource=self.resource)

    def people_come_and_go(self, chance: Random) -> set[str]:
        """Gives who vanished."""
        with self.sandbox.lock:
            self.some_change(chance)
            self.some_come(chance)
            return self.some_vanish(chance)

    def some_vanish(self, chance: Random) -> set[str]:
        """While they may be being read."""
        with self.sandbox.lock:
            gone = set(chance.sample(self.may_vanish(), chance.randint(1, self.vanish)))
            self.take_away(gone)
        self.vanished |= gone
        return gone

    def gone(self) -> set[str]:
        """Who is marked as gone here."""
        rows = self.model._default_manager.filter(connection=self.connection)
        return set(rows.exclude(gone_at=None).values_list("external_id", flat=True))

    def runs(self) -> QuerySet[SyncRun]:
        """The newest first."""
        return SyncRun.objects.filter(connection=self.connection, resource=self.resource)

    @property
    def last(self) -> SyncRun | None:
        return self.runs().first()

    def progress(self) -> dict[str, int]:
        """What was stored in all."""
        return self.runs().aggregate(pages=Coalesce(Sum("pages"), 0), seen=Coalesce(Sum("seen"), 0))

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

    def named(self, walk: Sequence[SyncRun]) -> int:
        """How many a whole walk has named over all its turns, each once."""
        return walk[-1].seen_in_all

    def amiss(self) -> Iterator[str]:
        """What is not as it is there; and whether anything that is there was ever taken for gone."""
        yield from truth.differences(self.connection, self.sandbox)
        yield from truth.unrecorded()
        rows, there = self.model._default_manager.filter(connection=self.connection), set(self.there())
        here = set(rows.filter(gone_at=None).values_list("external_id", flat=True))
        yield from (f"{each} is lost" for each in sorted(there - here)[:5])
        yield from (f"{each} is invented" for each in sorted(here - there)[:5])
        gone = self.gone()
        yield from (f"{each} went, though it is there" for each in sorted(gone - self.vanished)[:5])
        told = self.runs().aggregate(new=Sum("new"), gone=Sum("gone"))
        if told != (held := {"new": rows.count(), "gone": len(gone)}):
            yield f"the runs tell of {told}, there are {held}"
        if left := HandedOver.objects.count():
            yield f"{left} of what was handed over are left"


def ended(run: SyncRun) -> bool:
    """Whether with it a walk came to its end, however that was."""
    return run.outcome in (Outcome.SUCCEEDED, Outcome.SHORT, Outcome.IMPLAUSIBLE) and run.owes != Owed.REST
