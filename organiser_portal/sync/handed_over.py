"""What the turns of a whole walk leave to each other, where one turn is not enough for it.

Whoever gives the turn back writes down what the walk has named so far, eight bytes an id, and under which cursor it
goes on. The next turn counts it as its own if it goes on from that very cursor: so whatever a worker that was killed
has stored beyond it leaves the rest of the walk without a memory, and it cannot tell what is gone.

The last turn in its turn leaves what the whole walk did not name. The next whole walk is its second look (`verdict`).
"""

from array import array
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import batched, chain

from django.db.models import QuerySet

from organiser_portal.connections.models import SyncState
from organiser_portal.sync.models import HandedOver
from organiser_portal.sync.remembered import terms_of
from organiser_portal.sync.retire import SeenIds
from providers.pages import words

LASTS = timedelta(days=2)  # since the walk began: one that takes longer says little of how things are
PARTS = 32  # of what was named, in a row: a megabyte

NAMED, MISSED = HandedOver.What.NAMED, HandedOver.What.MISSED


def begun(state: SyncState, *, now: datetime) -> datetime | None:
    """When the whole walk began in the middle of which this listing stands; None: nobody has handed one over."""
    first = _of(state, NAMED).filter(number=0, terms=_terms(state, state.cursor), began__gt=now - LASTS)
    return first.values_list("began", flat=True).first()


def named(state: SyncState) -> Iterator[bytes]:
    """The marks of what that walk has named."""
    for row in _of(state, NAMED).order_by("number").iterator(1):
        yield bytes(row.marks)


def hand_over(state: SyncState, seen: SeenIds, *, cursor: str, began: datetime) -> None:
    """So much was named, for whoever goes on from this cursor. In place of what was handed over before."""
    let_go(state)
    terms = _terms(state, cursor)
    marks = chain([b""], seen.marks())  # also where nothing was named yet
    for number, some in enumerate(batched(marks, PARTS)):  # one by one, so that memory stays flat
        _write(state, NAMED, b"".join(some), number=number, terms=terms, began=began)


def let_go(state: SyncState) -> None:
    """Nobody goes on with that walk: it has ended, or began anew."""
    _of(state, NAMED).delete()


def missed(state: SyncState) -> frozenset[int]:
    """The marks of what the last whole walk did not name, and left to this one. None if another was believed since."""
    rows = _of(state, MISSED).filter(terms=_terms(state))
    if state.last_full_at is not None:
        rows = rows.filter(began__gt=state.last_full_at)
    return frozenset(mark for row in rows for mark in words(bytes(row.marks)))


def leave_missed(state: SyncState, marks: Collection[int], *, began: datetime) -> None:
    """In place of what was left before."""
    _of(state, MISSED).delete()
    if marks:
        _write(state, MISSED, array("Q", marks).tobytes(), number=0, terms=_terms(state), began=began)


def _write(state: SyncState, what: HandedOver.What, marks: bytes, *, number: int, terms: str, began: datetime) -> None:
    HandedOver.objects.create(
        connection_id=state.connection_id,
        resource=state.resource,
        what=what,
        number=number,
        terms=terms,
        began=began,
        marks=marks,
    )


def _terms(state: SyncState, cursor: str = "") -> str:
    """Another key may be another account, which lists others."""
    return terms_of(state, f"{state.connection.key_mark} {cursor}")


def _of(state: SyncState, what: HandedOver.What) -> "QuerySet[HandedOver]":
    return HandedOver.objects.filter(connection_id=state.connection_id, resource=state.resource, what=what)
