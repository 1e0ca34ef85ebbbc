"""What people do at a gate: one declared operation at a time, never inside a transaction.

A code is kept sealed in the token's row alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from organiser_portal.admissions.ingest import Arrival, ingest
from organiser_portal.admissions.models import GateAction, GateToken
from organiser_portal.connections.models import AttemptState
from organiser_portal.connections.operations import Order, ask_soon, carry_out, keep, settle
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import User
from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.operations import Done, Verb
from providers.records import Kind, Record

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


def perform(wish: Wish, *, actor: User | None, now: datetime) -> GateAction:
    """Carry it out, once. Raises NotDone. Call it outside any transaction."""
    action = GateAction(
        connection=wish.gate.connection,
        event_listing=wish.gate,
        token=wish.token,
        verb=wish.verb.value,
        subject=wish.subject,
        actor=actor,
    )
    title = f"{wish.gate}, {wish.token}" if wish.token else str(wish.gate)
    order = Order(attempt=action, values=wish.values, changes=CHANGES[wish.verb], area="gates", title=title)
    done, records = carry_out(order, now=now)
    _count(action, done)
    counts = {"admitted": action.admitted, "refused": action.refused} if action.results else {}
    settle(order, AttemptState.DONE, done.note, **counts)  # first: it is done, whatever becomes of our copy
    keep(lambda: _store(action, wish, done, records, now))
    return action


def issue(gate: EventListing, *, races: Sequence[str], steward: str, actor: User, now: datetime) -> GateToken | None:
    """A new token for a steward; None if the provider made one and told nothing readable of it. Raises NotDone."""
    wish = Wish(verb=Verb.ISSUE_TOKEN, gate=gate, values={"races": list(races)})
    action = perform(wish, actor=actor, now=now)
    if action.token and steward:
        action.token.steward = steward
        action.token.save(update_fields=["steward"])
    return action.token


def _count(action: GateAction, done: Done) -> None:
    action.results = [list(each) for each in done.results]
    action.admitted = sum(result == ADMITTED for _, result in done.results)
    action.refused = len(done.results) - action.admitted


def _store(action: GateAction, wish: Wish, done: Done, records: Sequence[Record], now: datetime) -> None:
    connection = action.connection
    # Without a fingerprint, so that the next sync reads it properly.
    arrivals = [
        Arrival(record=each, fingerprint=b"") for each in records if isinstance(each, AdmissionRecord | GateTokenRecord)
    ]
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
    ask_soon(connection, CHANGES[wish.verb], now=now)
