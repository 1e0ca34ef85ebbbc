"""What people do at a provider about partners: one declared operation at a time, never inside a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from organiser_portal.connections.models import AttemptState, Connection
from organiser_portal.connections.operations import Order, ask_soon, carry_out, keep, settle
from organiser_portal.events.ingest import CATALOGUED, Catalogue
from organiser_portal.organisations.models import User
from organiser_portal.partners.ingest import Arrival, ingest
from organiser_portal.partners.models import Partner, PartnerAction, ReservedGroup
from providers.operations import Done, Verb
from providers.partner_records import CampaignRecord, ConversionRecord, PartnerRecord, ReservedGroupRecord
from providers.records import Kind, Record

PARTNER_SIDE = (PartnerRecord, ReservedGroupRecord, CampaignRecord, ConversionRecord)
# What an operation makes or changes; its answer is read at once, and its listing soon.
CHANGES: Mapping[Verb, tuple[Kind, ...]] = {
    Verb.CREATE_PARTNER: (Kind.PARTNER,),
    Verb.EDIT_PARTNER: (Kind.PARTNER,),
    Verb.CREATE_REFERRAL: (Kind.PARTNER,),
    Verb.CREATE_GROUP: (Kind.RESERVED_GROUP,),
    Verb.EDIT_GROUP: (Kind.RESERVED_GROUP,),
    Verb.DELETE_GROUP: (Kind.RESERVED_GROUP,),
    Verb.CREATE_CAMPAIGN: (Kind.CAMPAIGN,),
    Verb.EDIT_CAMPAIGN: (Kind.CAMPAIGN,),
    Verb.SET_RATES: (Kind.CAMPAIGN,),
    Verb.SET_CAP: (Kind.CAMPAIGN,),
    Verb.REMOVE_CAP: (Kind.CAMPAIGN,),
    Verb.PAUSE_CAMPAIGN: (Kind.CAMPAIGN,),
    Verb.RESUME_CAMPAIGN: (Kind.CAMPAIGN,),
    Verb.SET_PARTNER_RATE: (Kind.CAMPAIGN,),
    Verb.GRANT_ACCESS: (Kind.CAMPAIGN,),
    Verb.ADD_GOAL: (Kind.CAMPAIGN,),
    Verb.CREDIT_RESULT: (Kind.CONVERSION, Kind.DAY_STAT),
    Verb.DECIDE_RESULTS: (Kind.CONVERSION, Kind.DAY_STAT),
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


def perform(*, connection: Connection, wish: Wish, actor: User | None, now: datetime) -> Done:
    """Carry it out, once. Raises NotDone. Call it outside any transaction.

    ``Done.facts`` may hold a personal link: show it, and keep it nowhere.
    """
    action = PartnerAction(
        connection=connection,
        partner=wish.partner,
        group=wish.group,
        verb=wish.verb.value,
        subject=wish.subject,
        actor=actor,
    )
    changes = CHANGES.get(wish.verb, ())
    order = Order(attempt=action, values=wish.values, changes=changes, area="partners", title=_title(wish))
    done, records = carry_out(order, now=now)
    settle(order, AttemptState.DONE, _said(done))  # first: it is done, whatever becomes of our copy
    keep(lambda: _store(action, wish, done, records, now))
    return done


def is_shown(verb: Verb, done: Done) -> bool:
    """Whether our tables show already what it changed; otherwise they do after the next look at the provider."""
    return verb not in CHANGES or verb == Verb.DELETE_GROUP or bool(done.payload or done.made or done.refreshed)


def last_sent(partner: Partner, *, group: ReservedGroup | None = None) -> PartnerAction | None:
    """The newest claim link that was sent, or may have been."""
    links = PartnerAction.objects.sent().filter(partner=partner, verb=Verb.SEND_CLAIM_LINK.value)
    return (links.filter(group=group) if group else links).first()


def _store(action: PartnerAction, wish: Wish, done: Done, records: Sequence[Record], now: datetime) -> None:
    connection = action.connection
    said = ((record, None) for record in records if isinstance(record, CATALOGUED))
    Catalogue(connection=connection, now=lambda: now).take(said)
    # Without a fingerprint, so that the next sync reads it properly.
    arrivals = [Arrival(record=each, fingerprint=b"") for each in records if isinstance(each, PARTNER_SIDE)]
    ingest(arrivals, connection=connection, now=now)
    if wish.verb == Verb.DELETE_GROUP:
        ReservedGroup.objects.listed().filter(connection=connection, external_id=done.external_id).update(gone_at=now)
    ask_soon(connection, CHANGES.get(wish.verb, ()), now=now)
    _remember(action, done)


def _remember(action: PartnerAction, done: Done) -> None:
    """Which of our rows it made, if it made one."""
    mine = {"connection": action.connection, "external_id": done.external_id}
    if action.verb == Verb.CREATE_PARTNER:
        action.partner = Partner.objects.filter(**mine).first()
    if action.verb == Verb.CREATE_GROUP:
        action.group = ReservedGroup.objects.filter(**mine).select_related("partner").first()
        action.partner = action.partner or (action.group.partner if action.group else None)
    action.save(update_fields=["partner", "group"])


def _title(wish: Wish) -> str:
    named = wish.values.get("name")
    return str(wish.group or wish.partner or wish.title or named or wish.subject)


def _said(done: Done) -> str:
    """Warnings and notes are worth keeping; a link is not ours to keep."""
    return " ".join(value for name, value in done.facts if name in ("Warning", "Note"))
