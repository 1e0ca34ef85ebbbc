"""A declared operation at a provider, carried out once for a person, and never inside a transaction.

The attempt is written down before the call, so that whatever happens in the middle leaves its trace; how it ended and
its audit line are written together after it. What it changes in our tables is the business of the room it belongs to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from math import ceil
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Attempt, AttemptState, Connection, Standing, SyncState
from organiser_portal.core import wording
from organiser_portal.core.insist import insist
from organiser_portal.organisations import audit
from providers.errors import (
    BadRecord,
    CredentialsRejected,
    FieldError,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
)
from providers.operations import Done, Operations, Verb
from providers.parsing import canonical
from providers.port import Provider, Received
from providers.records import Kind, Record

LEFT_IN_THE_MIDDLE = timedelta(minutes=10)  # longer than any call may take


class NotDone(Exception):
    """``str()`` says why, and what to do next. ``field_errors``: name of the operation's field → texts.

    ``unknown``: it may have been done all the same.
    """

    def __init__(
        self, sentence: str, *, field_errors: Mapping[str, Sequence[FieldError]] | None = None, unknown: bool = False
    ) -> None:
        super().__init__(sentence)
        self.field_errors = {name: [each.text for each in errors] for name, errors in (field_errors or {}).items()}
        self.unknown = unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Order[A: Attempt]:
    """An attempt that is not stored yet, and what goes with it.

    ``values`` by field name, plain JSON. ``changes``: the listings it makes or changes something in; its answer is read
    as the first of them. ``area`` and ``title``: the audit line is "<area>.<verb>" about the title.
    """

    attempt: A
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    changes: Sequence[Kind] = ()
    area: str
    title: str


def operations_of(connection: Connection) -> Operations:
    """What can be done at this connection besides reading; nothing for a provider nobody knows."""
    try:
        return gateway.provider_class(connection.provider).operations_at(connection.settings)
    except gateway.UnknownProvider:
        return {}


def carry_out[A: Attempt](order: Order[A], *, now: datetime) -> tuple[Done, list[Record]]:
    """Make the call, once. Returns what came of it and the records its answer tells of. Raises NotDone.

    The attempt is still open: ``settle`` it as done before anything else. ``Done.facts`` may hold a personal link:
    show it, and keep it nowhere.
    """
    attempt = order.attempt
    connection, verb = attempt.connection, Verb(attempt.verb)
    if verb not in operations_of(connection):
        raise NotDone(f"{gateway.connection_name(connection)} cannot do that.")
    if connection.standing == Standing.PAUSED:
        raise NotDone("The connection is paused. Wake it first.")
    if connection.standing == Standing.NEEDS_ATTENTION:
        raise NotDone(f"{connection.standing_reason} Test the connection when that is mended.".strip())
    _begin(order, now)
    try:
        with gateway.open_provider(connection) as provider:
            done = provider.perform(verb, subject=attempt.subject, values=order.values)
            return done, _told(provider, order.changes, done)
    except ProviderError as error:
        raise _not_done(order, error, now) from None
    except BaseException:
        settle(order, AttemptState.UNKNOWN, _stopped(connection))
        raise


def settle[A: Attempt](order: Order[A], state: AttemptState, sentence: str = "", **detail: object) -> None:
    """How the attempt ended and its audit line, together, even when the database was cut off during the call."""
    attempt = order.attempt
    attempt.state, attempt.sentence = state, sentence[:500]
    insist(lambda: _write(order, detail))


@transaction.atomic
def _write[A: Attempt](order: Order[A], detail: Mapping[str, object]) -> None:
    attempt = order.attempt
    attempt.save()
    audit.record(
        organisation=attempt.organisation,
        actor=attempt.actor,
        action=f"{order.area}.{attempt.verb}",
        subject=order.title,
        state=str(attempt.state),
        **detail,
    )


def keep(store: Callable[[], None]) -> None:
    """Write down what an answer tells, all or nothing.

    A sync, or somebody else, may bring the same thing in at the same moment: the second try finds it there.
    """
    try:
        with transaction.atomic():
            store()
    except IntegrityError:
        with transaction.atomic():
            store()


def ask_soon(connection: Connection, kinds: Sequence[Kind], *, now: datetime) -> None:
    """These listings are due, so that what we show is what the provider holds."""
    keys = {each.key for each in gateway.face(connection.provider).resources if each.kind in kinds}
    SyncState.objects.filter(connection=connection, resource__in=keys).update(due_at=now)


def close_left(*, now: datetime) -> None:
    """What a killed process left in the middle is not under way for ever: it may have been done or not."""
    for kind in apps.get_models():
        if issubclass(kind, Attempt):
            _close(kind._default_manager.all(), now)


def _close(attempts: QuerySet[Any], now: datetime) -> None:
    left = attempts.filter(state=AttemptState.SENDING, at__lt=now - LEFT_IN_THE_MIDDLE)
    for attempt in left.select_related("connection"):
        attempt.state, attempt.sentence = AttemptState.UNKNOWN, _stopped(attempt.connection)
        attempt.save(update_fields=["state", "sentence"])


def _begin[A: Attempt](order: Order[A], now: datetime) -> None:
    attempt = order.attempt
    attempt.organisation_id, attempt.at = attempt.connection.organisation_id, now
    attempt.key = _key(order)
    _close(type(attempt)._default_manager.filter(connection=attempt.connection, key=attempt.key), now)
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:
        raise NotDone("The same thing is under way already. Wait for its answer.") from None


def _key[A: Attempt](order: Order[A]) -> str:
    asked = canonical([order.attempt.verb, order.attempt.subject, dict(order.values)])
    return blake2b(asked, digest_size=16).hexdigest()


def _told(provider: Provider, changes: Sequence[Kind], done: Done) -> list[Record]:
    """What the answer tells of the things themselves, and what was read again after it; nothing where neither does.

    The next sync reads them properly.
    """
    made = done.made or ([(done.external_id, done.payload)] if done.payload else [])
    answered = [
        Received(kind=changes[0], external_id=external_id, fingerprint=b"", payload=payload)
        for external_id, payload in made
        if changes
    ]
    return [record for each in (*answered, *done.refreshed) for record in _decoded(provider, each)]


def _decoded(provider: Provider, told: Received) -> tuple[Record, ...]:
    try:
        return provider.decode(told)
    except BadRecord:
        return ()


def _not_done[A: Attempt](order: Order[A], error: ProviderError, now: datetime) -> NotDone:
    connection = order.attempt.connection
    sentence, state = error.sentence, AttemptState.FAILED
    if isinstance(error, OutcomeUnknown):
        sentence, state = f"{sentence} {error.advice or _look_first(connection)}", AttemptState.UNKNOWN
    if isinstance(error, RateLimited) and error.retry_after:
        sentence = f"{sentence} Try again in {_soon(error.retry_after)}."
    if isinstance(error, Refused):
        state = AttemptState.REFUSED
    settle(order, state, sentence)  # first: whatever becomes of the rest, it is not under way any more
    if state == AttemptState.UNKNOWN:
        ask_soon(connection, order.changes, now=now)
    met = error.met if isinstance(error, OutcomeUnknown) else error
    if isinstance(met, CredentialsRejected):
        Connection.objects.filter(pk=connection.pk, standing=Standing.WORKING).update(
            standing=Standing.NEEDS_ATTENTION, standing_reason=met.sentence[:500], standing_since=now
        )
    errors = error.field_errors if isinstance(error, Refused) else None
    return NotDone(sentence, field_errors=errors, unknown=state == AttemptState.UNKNOWN)


def _soon(seconds: float) -> str:
    """Rounded up, so that it is not too early: "10 s", "3 min"."""
    unit = 10 if seconds <= 60 else 60
    return wording.span(timedelta(seconds=ceil(seconds / unit) * unit))


def _stopped(connection: Connection) -> str:
    return f"It stopped in the middle. {_look_first(connection)}"


def _look_first(connection: Connection) -> str:
    return f"Look at {gateway.face(connection.provider).label} before you do it again."
