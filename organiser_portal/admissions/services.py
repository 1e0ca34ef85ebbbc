"""What people do at a gate: one declared operation at a time, never inside a transaction.

The attempt is written down before the call, so that whatever happens in the middle leaves its trace; the answer, the
audit line and what it changes in our tables are written after it. A code is kept sealed in the token's row alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import IntegrityError, transaction

from organiser_portal.admissions import gates
from organiser_portal.admissions.ingest import Arrival, ingest
from organiser_portal.admissions.models import ActionState, GateAction, GateToken
from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing
from organiser_portal.events.models import EventListing
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User
from providers.errors import BadRecord, CredentialsRejected, FieldError, OutcomeUnknown, ProviderError, Refused
from providers.gate_records import AdmissionRecord, GateSide, GateTokenRecord
from providers.operations import Done, Verb
from providers.parsing import canonical
from providers.port import Provider, Received
from providers.records import Kind

LEFT_IN_THE_MIDDLE = timedelta(minutes=10)  # longer than any call may take
ADMITTED = "admitted"
# What an operation makes or changes: its answer is read at once, and these listings soon.
CHANGES: Mapping[Verb, tuple[Kind, ...]] = {
    Verb.ISSUE_TOKEN: (Kind.GATE_TOKEN,),
    Verb.EDIT_TOKEN: (Kind.GATE_TOKEN,),
    Verb.REVOKE_TOKEN: (Kind.GATE_TOKEN,),
    Verb.REDEEM: (Kind.ADMISSION, Kind.ENTRY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asked for at a gate. ``values`` by field name, plain JSON. ``token``: which one it is about."""

    verb: Verb
    gate: EventListing
    token: GateToken | None = None
    values: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def subject(self) -> str:
        return self.token.external_id if self.token else self.gate.external_id


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


def perform(wish: Wish, *, actor: User | None, now: datetime) -> GateAction:
    """Carry it out, once. Raises NotDone. Call it outside any transaction."""
    connection = wish.gate.connection
    if wish.verb not in gates.operations_at(connection):
        raise NotDone(f"{gateway.connection_name(connection)} cannot do that.")
    if connection.standing == Standing.PAUSED:
        raise NotDone("The connection is paused. Wake it first.")
    action = _begin(wish, actor, now)
    try:
        with gateway.open_provider(connection) as provider:
            done = provider.perform(wish.verb, subject=wish.subject, values=wish.values)
            arrivals = _read(provider, wish.verb, done)
    except ProviderError as error:
        raise _not_done(action, error, now) from None
    except BaseException:
        _settle(action, ActionState.UNKNOWN, f"It stopped in the middle. {_look_first(connection)}")
        raise
    _count(action, done)
    _settle(action, ActionState.DONE)  # first: it is done, whatever becomes of our copy
    with transaction.atomic():
        _store(action, wish, done, arrivals, now)
    return action


def issue(gate: EventListing, *, races: Sequence[str], steward: str, actor: User, now: datetime) -> GateToken | None:
    """A new token for a steward; None if the provider made one and told nothing readable of it. Raises NotDone."""
    wish = Wish(verb=Verb.ISSUE_TOKEN, gate=gate, values={"races": list(races)})
    action = perform(wish, actor=actor, now=now)
    if action.token and steward:
        action.token.steward = steward
        action.token.save(update_fields=["steward"])
    return action.token


def _begin(wish: Wish, actor: User | None, now: datetime) -> GateAction:
    connection = wish.gate.connection
    same = GateAction.objects.filter(connection=connection, key=_key(wish), state=ActionState.SENDING)
    same.filter(at__lt=now - LEFT_IN_THE_MIDDLE).update(
        state=ActionState.UNKNOWN, sentence=f"It stopped in the middle. {_look_first(connection)}"
    )
    try:
        with transaction.atomic():
            return GateAction.objects.create(
                organisation_id=connection.organisation_id,
                connection=connection,
                event_listing=wish.gate,
                token=wish.token,
                verb=wish.verb.value,
                subject=wish.subject,
                key=_key(wish),
                actor=actor,
                at=now,
            )
    except IntegrityError:
        raise NotDone("The same thing is under way already. Wait for its answer.") from None


def _key(wish: Wish) -> str:
    asked = canonical([wish.verb.value, wish.subject, dict(wish.values)])
    return blake2b(asked, digest_size=16).hexdigest()


def _read(provider: Provider, verb: Verb, done: Done) -> list[Arrival]:
    """What the answer tells of the things themselves; nothing where it does not. The next sync reads them properly."""
    made = done.made or ([(done.external_id, done.payload)] if done.external_id and done.payload else [])
    found = (_decoded(provider, CHANGES[verb][0], *each) for each in made)
    # Without a fingerprint, so that the next sync reads it properly.
    return [Arrival(record=record, fingerprint=b"") for record in found if record is not None]


def _decoded(provider: Provider, kind: Kind, external_id: str, payload: bytes) -> GateSide | None:
    try:
        record = provider.decode(Received(kind=kind, external_id=external_id, fingerprint=b"", payload=payload))[0]
    except BadRecord:
        return None
    return record if isinstance(record, AdmissionRecord | GateTokenRecord) else None


def _count(action: GateAction, done: Done) -> None:
    action.results = [list(each) for each in done.results]
    action.admitted = sum(result == ADMITTED for _, result in done.results)
    action.refused = len(done.results) - action.admitted


def _store(action: GateAction, wish: Wish, done: Done, arrivals: Sequence[Arrival], now: datetime) -> None:
    connection = action.connection
    ingest(arrivals, connection=connection, now=now)
    tokens = GateToken.objects.filter(connection=connection, external_id=done.external_id)
    match wish.verb:
        case Verb.REVOKE_TOKEN:
            tokens.update(gone_at=now, sealed_code=b"")  # a dead code is nobody's business
        case Verb.EDIT_TOKEN:
            tokens.update(race_external_ids=list(wish.values.get("races") or []))  # type: ignore[call-overload]  # a list of ids
        case Verb.ISSUE_TOKEN:
            action.token = tokens.first()
            action.save(update_fields=["token"])
    gates.ask_soon(connection, CHANGES[wish.verb], now=now)


def _not_done(action: GateAction, error: ProviderError, now: datetime) -> NotDone:
    sentence, state = error.sentence, ActionState.FAILED
    if isinstance(error, OutcomeUnknown):
        sentence, state = f"{sentence} {_look_first(action.connection)}", ActionState.UNKNOWN
        gates.ask_soon(action.connection, CHANGES[Verb(action.verb)], now=now)
    if isinstance(error, Refused):
        state = ActionState.REFUSED
    if isinstance(error, CredentialsRejected):
        Connection.objects.filter(pk=action.connection_id, standing=Standing.WORKING).update(
            standing=Standing.NEEDS_ATTENTION, standing_reason=error.sentence[:500], standing_since=now
        )
    _settle(action, state, sentence)
    errors = error.field_errors if isinstance(error, Refused) else None
    return NotDone(sentence, field_errors=errors, unknown=state == ActionState.UNKNOWN)


def _settle(action: GateAction, state: ActionState, sentence: str = "") -> None:
    """The attempt and its audit line, together."""
    action.state, action.sentence = state, sentence[:500]
    counts = {"admitted": action.admitted, "refused": action.refused} if action.results else {}
    with transaction.atomic():
        action.save()
        audit.record(
            organisation=action.organisation,
            actor=action.actor,
            action=f"gates.{action.verb}",
            subject=f"{action.event_listing}, {action.token}" if action.token else str(action.event_listing),
            state=state.value,
            **counts,
        )


def _look_first(connection: Connection) -> str:
    return f"Look at {gateway.face(connection.provider).label} before you do it again."
