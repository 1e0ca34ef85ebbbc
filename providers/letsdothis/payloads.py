"""What comes over the wire: the envelope of a listing, and its rows before anything in them is read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

from providers.http import Reply
from providers.parsing import fingerprint, flag, identifier, instant, lenient, text, whole
from providers.port import Received, Rejected
from providers.records import Kind

LONGEST_ID = 120
ID_KEYS = {Kind.TICKET_TYPE: ("id", "ticketId", "_id")}
# A personal claim link: whoever holds it can take the place.
SECRET_KEYS = frozenset({"reservedEntryUrl"})
_LINK = b'"reservedEntryUrl":'
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

    rows: Sequence[msgspec.Raw] = ()
    next: str = ""
    total: int | None = None
    date: datetime | None = None
    requests: int = 0
    bytes: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row that could be told apart, or not. ``name`` is what makes it the same row when it comes again."""

    name: str
    updated_at: datetime | None
    item: Received | Rejected


class _Envelope(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    page: object = None


class _Usual(msgspec.Struct):
    """An envelope as it usually comes."""

    data: list[msgspec.Raw]
    page: object = None


class _Head(msgspec.Struct, rename="camel"):
    """What tells a row apart, as it usually comes."""

    id: str
    updated_at: Annotated[datetime, msgspec.Meta(tz=True)]
    gdpr_redacted: Literal[False] = False
    reserved_entry_url: str | msgspec.UnsetType | None = msgspec.UNSET


_usual = msgspec.json.Decoder(_Usual)
_head = msgspec.json.Decoder(_Head)


def read_listing(reply: Reply, *, requests: int = 0, size: int = 0) -> Listing:
    """The rows of a reply: ``{data, page}``, ``{data}``, one object where a list was due, or a bare list.

    Raises UnexpectedReply where none of these came: an answer without a list must not pass for an empty one.
    """
    rows, paging = _listed(reply)
    page = paging if isinstance(paging, dict) else {}
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


def _listed(reply: Reply) -> tuple[Sequence[msgspec.Raw], object]:
    """The rows, and whatever stands under ``page``."""
    try:
        usual = _usual.decode(reply.body)
        return usual.data, usual.page
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        envelope = _envelope(reply)
    rows = _rows(envelope.data)
    if rows is None:
        raise reply.unreadable("no list under data")
    return rows, envelope.page


def _envelope(reply: Reply) -> _Envelope:
    if reply.body.lstrip()[:1] == b"[":
        return _Envelope(data=reply.read(msgspec.Raw))
    return reply.read(_Envelope)


def _rows(data: msgspec.Raw) -> tuple[msgspec.Raw, ...] | None:
    start = bytes(data).lstrip()[:1]
    if start == b"[":
        return tuple(msgspec.json.decode(data, type=list[msgspec.Raw]))
    return (data,) if start == b"{" else None


def read_row(kind: Kind, raw: msgspec.Raw, *, add: Collection[tuple[str, str]] = ()) -> Row:
    """One row with secrets cut out. ``add``: keys that the row gets if it has none of that name."""
    usual = None if add or kind in ID_KEYS else _usual_row(kind, bytes(raw))
    return usual or _any_row(kind, raw, add)


def _usual_row(kind: Kind, raw: bytes) -> Row | None:
    """A row of which nothing is redacted and every key is as documented, without taking it apart. None: it is not."""
    try:
        head = _head.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if head.id != text(head.id) or not 0 < len(head.id) <= LONGEST_ID or (b"\\" in raw and b"\\u" in raw):
        return None
    payload = raw if head.reserved_entry_url is msgspec.UNSET else _without_link(raw, head.reserved_entry_url)
    if payload is None:
        return None
    item = Received(kind=kind, external_id=head.id, fingerprint=fingerprint(payload), payload=payload)
    return Row(name=head.id, updated_at=head.updated_at.astimezone(UTC), item=item)


def _without_link(raw: bytes, link: str | None) -> bytes | None:
    """A row whose keys are not escaped, without its claim link; None where that is not plainly one member of it."""
    start = raw.find(_LINK)
    value = msgspec.json.encode(link) + b","
    if start < 0 or raw.find(_LINK, start + 1) >= 0 or not raw.startswith(value, start + len(_LINK)):
        return None
    return raw[:start] + raw[start + len(_LINK) + len(value) :]


def _any_row(kind: Kind, raw: msgspec.Raw, add: Iterable[tuple[str, str]]) -> Row:
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
