"""Trackier's objects as records of ours. Strict where an id is concerned, patient with everything else. No I/O.

Of the two amounts of a commission, ``rate`` is what the partner earns and ``revenue`` what the organiser pays. Two
pages of the documentation say the reverse; its samples, its lists and the names in a created campaign do not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal

import msgspec

from providers.errors import BadRecord
from providers.parsing import fingerprint, flag, lenient, member, text, web_address, whole
from providers.partner_records import (
    CampaignRecord,
    CapRecord,
    Contact,
    ConversionRecord,
    ConversionStatus,
    DayStatRecord,
    PartnerKind,
    PartnerRecord,
)
from providers.port import Received, Rejected
from providers.records import Kind
from providers.trackier.adapter import Adapter, id_of
from providers.trackier.quirks import (
    Object,
    amount,
    as_list,
    as_map,
    born,
    counted,
    day_of,
    identified,
    moment,
    pick,
    words,
    zone,
)
from providers.trackier.redaction import reader, writer

NOISE = frozenset({"login", "login_attempts"})  # changes with every visit of the partner
EVERYWHERE = "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """What is needed to read an object: the network's zone and currency, and under which names ids are found."""

    zone: tzinfo
    currency: str
    adapter: type[Adapter]


def sense(learned: Mapping[str, str], adapter: type[Adapter]) -> Sense:
    return Sense(zone=zone(learned.get("zone")) or UTC, currency=learned.get("currency", ""), adapter=adapter)


def receive(kind: Kind, found: object, external_id: str, how: Sense) -> Received | Rejected:
    """One object, not yet read. What its reading depends on is part of its fingerprint."""
    if not isinstance(found, dict) or not external_id:
        payload = writer.encode(found)
        return Rejected(kind=kind, external_id=external_id, reason="the record has no id", payload=payload)
    payload = writer.encode({name: value for name, value in found.items() if name not in NOISE})
    mark = fingerprint(payload, str(how.zone).encode(), how.currency.encode())
    return Received(kind=kind, external_id=external_id, fingerprint=mark, payload=payload)


def stat_id(found: object, how: Sense) -> str:
    """A figure has no id of its own: its partner, its campaign and its day are one."""
    row = as_map(found)
    day, partner = day_of(row.get("created")), id_of(row, how.adapter.partner_ref)
    campaign = id_of(row, how.adapter.campaign_ref)
    return f"{partner}.{campaign}.{day.isoformat()}" if day and partner else ""


def read(payload: bytes) -> Object:
    try:
        found = reader.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        raise BadRecord("the record is not a JSON object that can be read") from None
    if not isinstance(found, dict):
        raise BadRecord("the record is not an object")
    return found


def partner(external_id: str, found: Object, how: Sense) -> PartnerRecord:
    region = as_map(found.get("region"))
    currency = _word(region.get("currency") or found.get("currency")).upper()  # the region is the newer shape
    email, phone = _word(found.get("email")), _word(found.get("phone"))
    active, status = _state(found)
    return PartnerRecord(
        external_id=external_id,
        name=_word(pick(found, "name", "username", "company")) or email or external_id,
        kind=PartnerKind.AFFILIATE,
        kind_text="affiliate",
        active=active,
        status_text=status,
        contacts=(Contact(email=email, phone=phone),) if email or phone else (),
        country=_word(found.get("country")).upper(),
        currency=currency,
        other_ids=_other_ids(external_id, found),
        editable=_editable(found, region, currency, active),
        created_at=moment(pick(found, "created", "createdAt"), how.zone) or born(external_id),
        updated_at=moment(pick(found, "modified", "modifiedAt", "updatedAt"), how.zone),
    )


def campaign(external_id: str, found: Object, how: Sense) -> CampaignRecord:
    commission = _main(as_map(each) for each in as_list(found.get("commissions")) or as_list(found.get("payouts")))
    active = lenient(flag, found.get("active"), None)
    short = id_of(found, ("display_id", "id"))
    return CampaignRecord(
        external_id=external_id,
        name=_word(found.get("title")) or external_id,
        short_id=short,
        url=web_address(found.get("url")) if isinstance(found.get("url"), str) else "",
        active=active,
        status_text=_word(found.get("status")) or {True: "active", False: "not active", None: ""}[active],
        model=_word(pick(commission, "model") or pick(found, "comm_model", "commModel", "model")).lower(),
        payout=amount(pick(commission, "rate", "payout")),
        revenue=amount(commission.get("revenue")),
        currency=_word(found.get("currency") or commission.get("currency")).upper() or how.currency,
        caps=tuple(_cap(as_map(each)) for each in as_list(found.get("caps"), key="id")),
        created_at=moment(pick(found, "created", "createdAt"), how.zone) or born(external_id),
    )


def conversion(external_id: str, found: Object, how: Sense) -> ConversionRecord:
    return ConversionRecord(
        external_id=external_id,
        campaign_id=id_of(found, how.adapter.campaign_ref),
        partner_id=id_of(found, how.adapter.partner_ref),
        status=member(found.get("status"), ConversionStatus, ConversionStatus.UNKNOWN),
        status_text=_word(found.get("status")),
        payout=amount(found.get("payout")),
        revenue=amount(found.get("revenue")),
        sale=amount(pick(found, "sale", "saleAmount", "sale_amount")),
        currency=_word(found.get("currency")).upper() or how.currency,
        transaction=_word(pick(found, "txnId", "txn_id")),
        goal=_word(pick(found, "goal_name", "goal_id")),
        created_at=moment(found.get("created"), how.zone, near=born(external_id)) or born(external_id),
    )


def day_stat(external_id: str, found: Object, how: Sense) -> DayStatRecord:
    """A day without a payout earned nothing; one without a revenue does not tell it."""
    day = day_of(found.get("created"))
    if day is None:
        raise BadRecord("created is not a day")
    return DayStatRecord(
        external_id=external_id,
        partner_id=identified(found, *how.adapter.partner_ref),
        day=day,
        campaign_id=id_of(found, how.adapter.campaign_ref),
        clicks=counted(pick(found, "grossClicks", "clicks")),
        impressions=counted(found.get("impressions")),
        conversions=counted(pick(found, "approvedConversions", "conversions")),
        payout=amount(found.get("payout")) or Decimal(0),
        revenue=amount(found.get("revenue")),
        currency=_word(found.get("currency")).upper(),
    )


def _word(value: object) -> str:
    return lenient(words, value, "")


def _state(found: Object) -> tuple[bool | None, str]:
    """Whether an account may be used: deleted outranks status, status outranks live."""
    status, live = _word(found.get("status")), lenient(flag, found.get("live"), None)
    if lenient(flag, found.get("deleted"), None):
        return False, "deleted"
    if status:
        return status.lower() == "active", status
    return live, {True: "enabled", False: "disabled", None: ""}[live]


def _other_ids(external_id: str, found: Object) -> tuple[tuple[str, str], ...]:
    ids = {"short_id": id_of(found, ("display_id", "id")), "long_id": id_of(found, ("_id", "hashId"))}
    return tuple((kind, known) for kind, known in ids.items() if known and known != external_id)


def _editable(found: Object, region: Object, currency: str, active: bool | None) -> tuple[tuple[str, object], ...]:
    """What the edit form shows, by the names of its fields."""
    live = lenient(flag, found.get("live"), None)
    shown = [(name, _word(found.get(name))) for name in ("name", "email", "username", "phone", "country")]
    more = [("live", active if live is None else live), ("zone", _word(region.get("zone"))), ("currency", currency)]
    return (*shown, *more)


def _main(commissions: Iterable[Object]) -> Object:
    """The commission that applies everywhere, or the first."""
    known = list(commissions)
    wide = (each for each in known if EVERYWHERE in as_list(pick(each, "coverage", "geo") or [EVERYWHERE]))
    return next(wide, known[0] if known else {})


def _cap(found: Object) -> CapRecord:
    limits = {name: _limit(found.get(name)) for name in ("daily", "monthly", "lifetime")}
    return CapRecord(
        external_id=id_of(found, ("id", "_id")),
        what=lenient(text, found.get("type"), ""),
        pauses=pick(found, "pause_campaign", "pc") in (1, "1", True),
        **limits,
    )


def _limit(value: object) -> int | None:
    """Also as PHP may write it: 500.0."""
    return lenient(whole, float(value) if isinstance(value, Decimal) else value, None)
