"""What comes over the wire: the envelope of a listing, and its rows before anything in them is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from providers.http import Reply
from providers.parsing import fingerprint, flag, identifier, instant, lenient, text, whole
from providers.port import Received, Rejected
from providers.records import Kind

LONGEST_ID = 120
ID_KEYS = {Kind.TICKET_TYPE: ("id", "ticketId", "_id")}
# A personal claim link: whoever holds it can take the place.
SECRET_KEYS = frozenset({"reservedEntryUrl"})
# What may stay of somebody who asked to be forgotten: ids, event, race, ticket, times, and how it stands.
KEPT_WHEN_REDACTED = frozenset(
    {
        *("id", "participantIndex", "bookingId", "transactionId", "applicationId", "gdprRedacted"),
        *("eventId", "eventName", "eventLocation", "eventOccurrenceId"),
        *("raceId", "raceName", "raceStartDate", "sportId", "distanceId", "distances", "disciplineLabel", "course"),
        *("ticketId", "ticketTitle", "createdAt", "updatedAt", "waves", "originalTicketPrice"),
        *("approvalStatus", "applicationResolutionType", "ballotDraw", "statusDetails"),
        *("reservedEntryGroupCode", "reservedEntryGroupName", "reservedEntryPartnerName"),
    }
)
_KEPT_OF_STATUS = frozenset({"status", "type", "state", "date", "createdAt", "timestamp"})

type Fields = dict[str, msgspec.Raw]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One answer to a listing. ``next`` "" when there is none; ``total`` None when it is not stated."""

    rows: tuple[msgspec.Raw, ...] = ()
    next: str = ""
    total: int | None = None
    date: datetime | None = None
    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that could be told apart, or not. ``name`` is what makes it the same row when it comes again."""

    name: str
    updated_at: datetime | None
    item: Received | Rejected


class _Envelope(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    page: object = None


def read_listing(reply: Reply, *, requests: int = 0, size: int = 0) -> Listing:
    """The rows of a reply: ``{data, page}``, ``{data}``, one object where a list was due, or a bare list.

    Raises UnexpectedReply where none of these came: an answer without a list must not pass for an empty one.
    """
    envelope = _envelope(reply)
    rows = _rows(envelope.data)
    if rows is None:
        raise reply.unreadable("no list under data")
    page = envelope.page if isinstance(envelope.page, dict) else {}
    return Listing(
        rows=rows,
        next=lenient(text, page.get("next"), ""),
        total=lenient(whole, page.get("totalResults"), None),
        date=reply.date,
        requests=requests,
        bytes=size,
    )


def read_single(reply: Reply) -> msgspec.Raw:
    """One object, bare as documented, or wrapped like a listing."""
    raw = reply.read(msgspec.Raw)
    if "id" in reply.read(dict[str, msgspec.Raw]):
        return raw
    rows = _rows(reply.read(_Envelope).data)
    if not rows or len(rows) != 1:
        raise reply.unreadable("no object")
    return rows[0]


def _envelope(reply: Reply) -> _Envelope:
    if reply.body.lstrip()[:1] == b"[":
        return _Envelope(data=msgspec.Raw(reply.body))
    return reply.read(_Envelope)


def _rows(data: msgspec.Raw) -> tuple[msgspec.Raw, ...] | None:
    start = bytes(data).lstrip()[:1]
    if start == b"[":
        return tuple(msgspec.json.decode(data, type=list[msgspec.Raw]))
    return (data,) if start == b"{" else None


def read_row(kind: Kind, raw: msgspec.Raw, *, add: Iterable[tuple[str, str]] = ()) -> Row:
    """One row with secrets cut out. ``add``: keys that the row gets if it has none of that name."""
    try:
        fields = msgspec.json.decode(raw, type=Fields)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _rejected(kind, bytes(raw), "the row is not an object")
    fields = {name: value for name, value in fields.items() if name not in SECRET_KEYS}
    if is_redacted(_value(fields, "gdprRedacted")):
        fields = _without_person(fields)
    fields |= {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in add if not _value(fields, name)}
    return _told_apart(kind, fields, msgspec.json.encode(fields))


def is_redacted(value: object) -> bool:
    """Whether ``gdprRedacted`` says so."""
    return lenient(flag, value, None) is True


def _told_apart(kind: Kind, fields: Fields, payload: bytes) -> Row:
    keys = ID_KEYS.get(kind, ("id",))
    external_id = next(filter(None, (lenient(identifier, _value(fields, key), "") for key in keys)), "")
    if not external_id or len(external_id) > LONGEST_ID:
        return _rejected(kind, payload, "id is too long" if external_id else "id is missing")
    item = Received(kind=kind, external_id=external_id, fingerprint=fingerprint(payload), payload=payload)
    return Row(name=external_id, updated_at=lenient(instant, _value(fields, "updatedAt"), None), item=item)


def _rejected(kind: Kind, payload: bytes, reason: str) -> Row:
    name = f"no-id-{fingerprint(payload).hex()}"
    item = Rejected(kind=kind, external_id=name, reason=reason, payload=payload)
    return Row(name=name, updated_at=None, item=item)


def _value(fields: Fields, name: str) -> object:
    try:
        return msgspec.json.decode(fields.get(name, msgspec.Raw(b"null")))
    except (msgspec.MsgspecError, RecursionError):
        return None


def _without_person(fields: Fields) -> Fields:
    kept = {name: value for name, value in fields.items() if name in KEPT_WHEN_REDACTED}
    if "statusDetails" in kept:
        kept["statusDetails"] = msgspec.Raw(msgspec.json.encode(_bare_status(_value(fields, "statusDetails"))))
    return kept


def _bare_status(details: object) -> object:
    """Status words and times without the reasons, which are free text."""
    if isinstance(details, list):
        return [_bare_status(detail) for detail in details]
    if isinstance(details, dict):
        return {name: value for name, value in details.items() if name in _KEPT_OF_STATUS}
    return None
