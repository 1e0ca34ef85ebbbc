"""What people do at a provider about partners: one declared operation at a time, never inside a transaction.

The attempt is written down before the call, so that whatever happens in the middle leaves its trace; the answer, the
audit line and what it changes in our tables are written together after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from django.db import IntegrityError, transaction

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.events.ingest import Catalogue
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User
from organiser_portal.partners.ingest import Arrival, ingest
from organiser_portal.partners.models import ActionState, Partner, PartnerAction, ReservedGroup
from providers.errors import BadRecord, CredentialsRejected, FieldError, OutcomeUnknown, ProviderError, Refused
from providers.operations import Done, Operations, Verb
from providers.parsing import canonical
from providers.partner_records import CampaignRecord, PartnerRecord, ReservedGroupRecord
from providers.port import Provider, Received
from providers.records import EventRecord, Kind, RaceRecord, Record, TicketTypeRecord

LEFT_IN_THE_MIDDLE = timedelta(minutes=10)  # longer than any call may take
LOOK_FIRST = "Look at {label} before you do it again."
UNDER_WAY = "The same thing is under way already. Wait for its answer."
PARTNER_SIDE = (PartnerRecord, ReservedGroupRecord, CampaignRecord)
# What an operation makes or changes; its answer is read at once, and its listing soon.
CHANGES: Mapping[Verb, Kind] = {
    Verb.CREATE_PARTNER: Kind.PARTNER,
    Verb.EDIT_PARTNER: Kind.PARTNER,
    Verb.CREATE_REFERRAL: Kind.PARTNER,
    Verb.CREATE_GROUP: Kind.RESERVED_GROUP,
    Verb.EDIT_GROUP: Kind.RESERVED_GROUP,
    Verb.DELETE_GROUP: Kind.RESERVED_GROUP,
    Verb.SET_CAP: Kind.CAMPAIGN,
    Verb.PAUSE_CAMPAIGN: Kind.CAMPAIGN,
    Verb.RESUME_CAMPAIGN: Kind.CAMPAIGN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asked for. ``subject`` is the external id it is done to; ``values`` by field name, plain JSON.

    ``partner`` and ``group`` say which of our rows it is about, where there is one. ``title``: for the audit trail.
    """

    verb: Verb
    subject: str = ""
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    partner: Partner | None = None
    group: ReservedGroup | None = None
    title: str = ""


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


def operations_of(connection: Connection) -> Operations:
    """What can be done at this connection besides reading; nothing for a provider nobody knows."""
    try:
        return gateway.provider_class(connection.provider).operations
    except gateway.UnknownProvider:
        return {}


def perform(*, connection: Connection, wish: Wish, actor: User | None, now: datetime) -> Done:
    """Carry it out, once. Raises NotDone. Call it outside any transaction.

    ``Done.facts`` may hold a personal link: show it, and keep it nowhere.
    """
    if wish.verb not in operations_of(connection):
        raise NotDone(f"{gateway.connection_name(connection)} cannot do that.")
    if connection.standing == Standing.PAUSED:
        raise NotDone("The connection is paused. Wake it first.")
    action = _begin(connection, wish, actor, now)
    try:
        with gateway.open_provider(connection) as provider:
            done = provider.perform(wish.verb, subject=wish.subject, values=wish.values)
            records = _read(provider, wish.verb, done)
    except ProviderError as error:
        raise _not_done(action, wish, error, now) from None
    except BaseException:
        _settle(action, wish, ActionState.UNKNOWN, f"It stopped in the middle. {_look_first(connection)}")
        raise
    _settle(action, wish, ActionState.DONE, _said(done))  # first: it is done, whatever becomes of our copy
    with transaction.atomic():
        _store(connection, wish, done, records, now)
        _remember(action, done)
    return done


def last_sent(partner: Partner, *, group: ReservedGroup | None = None) -> PartnerAction | None:
    """The newest claim link that was sent, or may have been."""
    links = PartnerAction.objects.sent().filter(partner=partner, verb=Verb.SEND_CLAIM_LINK.value)
    return (links.filter(group=group) if group else links).first()


def _begin(connection: Connection, wish: Wish, actor: User | None, now: datetime) -> PartnerAction:
    same = PartnerAction.objects.filter(connection=connection, key=_key(wish), state=ActionState.SENDING)
    same.filter(at__lt=now - LEFT_IN_THE_MIDDLE).update(
        state=ActionState.UNKNOWN, sentence=f"It stopped in the middle. {_look_first(connection)}"
    )
    try:
        with transaction.atomic():
            return PartnerAction.objects.create(
                organisation_id=connection.organisation_id,
                connection=connection,
                partner=wish.partner,
                group=wish.group,
                verb=wish.verb.value,
                subject=wish.subject,
                key=_key(wish),
                actor=actor,
                at=now,
            )
    except IntegrityError:
        raise NotDone(UNDER_WAY) from None


def _key(wish: Wish) -> str:
    asked = canonical([wish.verb.value, wish.subject, dict(wish.values)])
    return blake2b(asked, digest_size=16).hexdigest()


def _read(provider: Provider, verb: Verb, done: Done) -> tuple[Record, ...]:
    """What the answer tells of the thing itself; nothing where it does not. The next sync reads it properly."""
    kind = CHANGES.get(verb)
    if kind is None or not done.payload:
        return ()
    told = Received(kind=kind, external_id=done.external_id, fingerprint=b"", payload=done.payload)
    try:
        return provider.decode(told)
    except BadRecord:
        return ()


def _store(connection: Connection, wish: Wish, done: Done, records: Sequence[Record], now: datetime) -> None:
    catalogue = Catalogue(connection=connection, now=lambda: now)
    for record in records:
        if isinstance(record, EventRecord | RaceRecord | TicketTypeRecord):
            catalogue.take(record)
    # Without a fingerprint, so that the next sync reads it properly.
    arrivals = [Arrival(record=each, fingerprint=b"") for each in records if isinstance(each, PARTNER_SIDE)]
    ingest(arrivals, connection=connection, now=now)
    if wish.verb == Verb.DELETE_GROUP:
        ReservedGroup.objects.listed().filter(connection=connection, external_id=done.external_id).update(gone_at=now)
    _ask_soon(connection, wish.verb, now)


def _ask_soon(connection: Connection, verb: Verb, now: datetime) -> None:
    """The listing that shows it is due, so that what we show is what the provider holds."""
    listings = gateway.provider_class(connection.provider).resources
    keys = [each.key for each in listings if each.kind is CHANGES.get(verb)]
    SyncState.objects.filter(connection=connection, resource__in=keys).update(due_at=now)


def _remember(action: PartnerAction, done: Done) -> None:
    """Which of our rows it made, if it made one."""
    mine = {"connection": action.connection, "external_id": done.external_id}
    if action.verb == Verb.CREATE_PARTNER:
        action.partner = Partner.objects.filter(**mine).first()
    if action.verb == Verb.CREATE_GROUP:
        action.group = ReservedGroup.objects.filter(**mine).select_related("partner").first()
        action.partner = action.partner or (action.group.partner if action.group else None)
    action.save(update_fields=["partner", "group"])


def _not_done(action: PartnerAction, wish: Wish, error: ProviderError, now: datetime) -> NotDone:
    sentence, state = error.sentence, ActionState.FAILED
    if isinstance(error, OutcomeUnknown):
        sentence, state = f"{sentence} {_look_first(action.connection)}", ActionState.UNKNOWN
    if isinstance(error, Refused):
        state = ActionState.REFUSED
    if isinstance(error, CredentialsRejected):
        Connection.objects.filter(pk=action.connection_id, standing=Standing.WORKING).update(
            standing=Standing.NEEDS_ATTENTION, standing_reason=error.sentence[:500], standing_since=now
        )
    _settle(action, wish, state, sentence)
    errors = error.field_errors if isinstance(error, Refused) else None
    return NotDone(sentence, field_errors=errors, unknown=state == ActionState.UNKNOWN)


def _settle(action: PartnerAction, wish: Wish, state: ActionState, sentence: str) -> None:
    """The attempt and its audit line, together."""
    action.state, action.sentence = state, sentence[:500]
    with transaction.atomic():
        action.save()
        audit.record(
            organisation=action.organisation,
            actor=action.actor,
            action=f"partners.{action.verb}",
            subject=_subject(wish),
            state=state.value,
        )


def _subject(wish: Wish) -> str:
    named = wish.values.get("name")
    return str(wish.group or wish.partner or wish.title or named or wish.subject)


def _said(done: Done) -> str:
    """Warnings and notes are worth keeping; a link is not ours to keep."""
    return " ".join(value for name, value in done.facts if name in ("Warning", "Note"))


def _look_first(connection: Connection) -> str:
    return LOOK_FIRST.format(label=gateway.face(connection.provider).label)
