"""The contract watch: a provider that changes shape is noticed while its records are stored, and breaks nothing.

Every new or changed record gets a glance (a few microseconds). One that is not as declared gets a closer look; what
that finds is kept as a row, and expected for the rest of the run: a field added to 60,000 records costs one look.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from organiser_portal.connections.models import Connection, ContractSurprise
from providers.contract import Contract, Shape
from providers.port import Received
from providers.records import Kind
from providers.surprises import Surprise, accepting, glance, surprises

log = logging.getLogger(__name__)

MOST_LOOKS = 50
"""Closer looks at one kind in one run. After that many a provider is not changing, it is making things up."""
MOST_ROWS = 200
"""Kept for a connection. Those not met for longest make room."""

type Met = tuple[Kind, Surprise]
type Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Expected:
    """What is expected of one kind by now, in this run."""

    shape: Shape
    is_as_declared: Callable[[bytes], bool]
    looks: int = 0

    def look(self, payload: bytes) -> tuple[Surprise, ...]:
        """What is new about a payload; once told, it is expected."""
        if self.looks == MOST_LOOKS or self.is_as_declared(payload):
            return ()
        self.looks += 1
        met = surprises(payload, self.shape)
        for each in met:
            self.shape = accepting(self.shape, each)
        self.is_as_declared = glance(self.shape)
        return met


class Watch:
    """The watch of one run over one connection. Kinds that the provider does not declare are not watched.

    Nothing here raises: a fault of the watch is logged by its class, and is no fault of the sync.
    """

    def __init__(self, connection: Connection, contract: Contract) -> None:
        self._connection = connection
        self._contract = contract
        self._expected: dict[Kind, _Expected] = {}

    def look(self, items: Sequence[Received], kind: Kind, *, now: datetime) -> None:
        """Look at records of one kind as they came. What is found is written in the caller's transaction."""
        self.keep(self.notice(items, kind), now=now)

    def notice(self, items: Sequence[Received], kind: Kind) -> list[Met]:
        """The same without writing: what is found is for `keep`, and is expected from now on."""
        try:
            expected = self._expected_of(kind)
            if expected is None:
                return []
            return [(kind, each) for item in items if item.payload for each in expected.look(item.payload)]
        except Exception as error:
            self._failed(error)
            return []

    def keep(self, met: Sequence[Met], *, now: datetime) -> None:
        """In the transaction in which the records are stored that this was met in: they are not looked at again."""
        try:
            if met:
                keep(self._connection, met, now=now)
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        log.error("contract watch of connection %s: %s", self._connection.pk, type(error).__name__)

    def _expected_of(self, kind: Kind) -> _Expected | None:
        if kind not in self._expected and kind in self._contract:
            shape = self._contract[kind]
            self._expected[kind] = _Expected(shape, glance(shape))
        return self._expected.get(kind)


def keep(connection: Connection, met: Sequence[Met], *, now: datetime) -> None:
    """One row for each, new or met again. At most ``MOST_ROWS`` stay."""
    wanted = {_key(kind, each): each for kind, each in met}
    rows = ContractSurprise.objects.filter(connection=connection)
    with transaction.atomic():
        held = {tuple(key): pk for pk, *key in rows.values_list("pk", "kind", "path", "why", "detail")}
        again = [held[key] for key in wanted if key in held]
        rows.filter(pk__in=again).update(last_seen=now, times=F("times") + 1)
        ContractSurprise.objects.bulk_create(
            [_row(connection, key, each, now) for key, each in wanted.items() if key not in held],
            ignore_conflicts=True,  # another listing's run may meet the same
        )
        if len(held) + len(wanted) - len(again) > MOST_ROWS:
            beyond = list(rows.order_by("-last_seen", "-pk").values_list("pk", flat=True)[MOST_ROWS:])
            rows.filter(pk__in=beyond).delete()


def _key(kind: Kind, met: Surprise) -> Key:
    return (kind.value, met.path[:200], met.why.value, met.detail[:40])


def _row(connection: Connection, key: Key, met: Surprise, now: datetime) -> ContractSurprise:
    kind, path, why, detail = key
    return ContractSurprise(
        connection=connection,
        kind=kind,
        path=path,
        why=why,
        detail=detail,
        example=met.example[:80],
        first_seen=now,
        last_seen=now,
    )
