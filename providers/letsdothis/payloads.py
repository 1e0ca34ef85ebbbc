"""What comes over the wire: the envelope of a listing, and its rows before anything in them is read."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from providers.pages import KnownPage
from providers.parsing import count, fingerprint, flag, identifier, instant, lenient, text
from providers.port import Received, Rejected
from providers.records import Kind
from providers.replies import Reply

LONGEST_ID = 120
LONGEST_CURSOR = 4_000  # more fits in no address, once it is escaped
ID_KEYS = {Kind.TICKET_TYPE: ("id", "ticketId", "_id")}
# A personal claim link: whoever holds it can take the place.
SECRET_KEYS = frozenset({"reservedEntryUrl"})
_LINK = b'"reservedEntryUrl":'
_LINK_TEXT = b'"reservedEntryUrl":"'
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
type Know = Callable[[Reply], KnownPage | None]
"""Whether the rows of this body are known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One answer to a listing. ``next`` "" when there is none; ``total`` None when it is not stated.

    ``known``: the page whose rows these are, so that they were not read; they are still in ``reply``.
    """

    reply: Reply
    rows: Sequence[msgspec.Raw] = ()
    known: KnownPage | None = None
    next: str = ""
    total: int | None = None
    date: datetime | None = None
    requests: int = 0
    bytes: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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


class Head(msgspec.Struct, rename="camel", gc=False):
    """What tells a row apart, as it usually comes."""

    id: str
    updated_at: Annotated[datetime, msgspec.Meta(tz=True)]
    gdpr_redacted: bool | None = False
    reserved_entry_url: str | None = None


class _Heads(msgspec.Struct):
    data: list[Head]


_usual = msgspec.json.Decoder(_Usual)
_head = msgspec.json.Decoder(Head)
_heads = msgspec.json.Decoder(_Heads)
NO_JSON = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def read_listing(reply: Reply, *, know: Know | None = None, requests: int = 0, size: int = 0) -> Listing:
    """The rows of a reply: ``{data, page}``, ``{data}``, one object where a list was due, or a bare list.

    Raises UnexpectedReply where none of these came: an answer without a list must not pass for an empty one.
    """
    known = know(reply) if know else None
    around = _around(known, reply) if known else None
    rows, paging = ((), around.page) if around else _listed(reply)
    page = paging if isinstance(paging, dict) else {}
    return Listing(
        reply=reply,
        rows=rows,
        known=known if around else None,
        next=_next(reply, page.get("next")),
        total=lenient(count, page.get("totalResults"), None),
        date=reply.date,
        requests=requests,
        bytes=size,
    )


def _next(reply: Reply, cursor: object) -> str:
    found = lenient(text, cursor, "")
    if len(found) > LONGEST_CURSOR:
        raise reply.unreadable("the cursor is too long")
    return found


def _around(known: KnownPage, reply: Reply) -> "_Usual | None":
    """The envelope of a page whose rows are known; None where they do not stand in it as in a list."""
    try:
        usual = _usual.decode(known.without_rows(reply))
    except NO_JSON:
        return None
    return None if usual.data else usual


def _heads_of(listing: Listing) -> Sequence["Head"]:
    """What tells the rows apart, of all in one go, which costs a third of one by one; () where one is unusual."""
    try:
        heads = _heads.decode(listing.reply.body).data
    except NO_JSON:
        return ()
    return heads if len(heads) == len(listing.rows) else ()


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
    except NO_JSON:
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


def read_rows(kind: Kind, listing: Listing) -> list[Row]:
    """The rows of a listing, as `read_row` reads each."""
    heads = () if kind in ID_KEYS else _heads_of(listing)
    if not heads:
        return [read_row(kind, raw) for raw in listing.rows]
    pairs = zip(heads, listing.rows, strict=True)
    return [_usual_row(kind, head, bytes(raw)) or _any_row(kind, raw, ()) for head, raw in pairs]


def read_row(kind: Kind, raw: msgspec.Raw, *, add: Collection[tuple[str, str]] = ()) -> Row:
    """One row with secrets cut out. ``add``: keys that the row gets if it has none of that name."""
    if not add and kind not in ID_KEYS:
        try:
            head = _head.decode(raw)
        except NO_JSON:
            head = None
        if head is not None and (row := _usual_row(kind, head, bytes(raw))):
            return row
    return _any_row(kind, raw, add)


def _usual_row(kind: Kind, head: Head, raw: bytes) -> Row | None:
    """A row of which nothing is redacted and every key is as documented, without taking it apart. None: it is not."""
    name, moment = head.id, head.updated_at
    if head.gdpr_redacted is not False or not 0 < len(name) <= LONGEST_ID or name.strip() != name:
        return None
    if b"\\" in raw and b"\\u" in raw:  # a name may be written with escapes, and hold NUL
        return None
    payload = _without_link(raw, head.reserved_entry_url)
    if payload is None:
        return None
    try:
        moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except OverflowError:  # before the first day there is, or behind the last
        return None
    item = Received(kind=kind, external_id=name, fingerprint=fingerprint(payload), payload=payload)
    return Row(name=name, updated_at=moment, item=item)


def _without_link(raw: bytes, link: str | None) -> bytes | None:
    """A row whose keys are not escaped, without its claim link; None where that is not plainly one member of it."""
    if link is None:
        return None if _LINK_TEXT in raw else raw
    before, _, after = raw.partition(_LINK)
    value = msgspec.json.encode(link) + b","
    return before + after[len(value) :] if after.startswith(value) and _LINK not in after else None


def _any_row(kind: Kind, raw: msgspec.Raw, add: Iterable[tuple[str, str]]) -> Row:
    try:
        fields = msgspec.json.decode(raw, type=Fields)
    except NO_JSON:
        return _rejected(kind, bytes(raw), "the row is not an object")
    fields = {name: value for name, value in fields.items() if name not in SECRET_KEYS or bytes(value) == b"null"}
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
