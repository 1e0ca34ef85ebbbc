"""What TickeTing sends, by its own names. Nothing but an id is relied on; what may be ``[]`` instead stays raw."""

import msgspec

from providers.errors import BadRecord

NOTHING = msgspec.Raw(b"null")


class Held(msgspec.Struct):
    """One object as we keep it: beside the event it was found in."""

    event: str
    body: msgspec.Raw


class PricePayload(msgspec.Struct):
    base: msgspec.Raw = NOTHING
    current: msgspec.Raw = NOTHING


class SectionPayload(msgspec.Struct, rename="camel"):
    uri: object = msgspec.field(name="self", default=None)
    name: object = None
    description: object = None
    price: msgspec.Raw = NOTHING
    sales_start: object = None
    sales_end: object = None
    active: object = None
    capacity: object = None
    sold: object = None
    remaining: object = None
    reserved: object = None


class NamedPayload(msgspec.Struct):
    """A venue, a region, a category or a host inside an event."""

    uri: object = msgspec.field(name="self", default=None)
    name: object = None
    address: object = None
    city: object = None
    country: object = None
    region: msgspec.Raw = NOTHING


class EventPayload(msgspec.Struct):
    uri: object = msgspec.field(name="self", default=None)
    host: msgspec.Raw = NOTHING
    title: object = None
    description: object = None
    category: msgspec.Raw = NOTHING
    subcategory: object = None
    venue: msgspec.Raw = NOTHING
    start: object = None
    end: object = None
    public: object = None
    disclaimer: object = None
    tags: msgspec.Raw = NOTHING
    banner: object = None
    status: object = None
    sections: msgspec.Raw = NOTHING


class AccountPayload(msgspec.Struct, rename="camel"):
    """``district`` is what a later version calls ``state``."""

    uri: object = msgspec.field(name="self", default=None)
    number: object = None
    username: object = None
    email: object = None
    role: object = None
    first_name: object = None
    last_name: object = None
    date_of_birth: object = None
    phone: object = None
    country: object = None
    first_address_line: object = None
    second_address_line: object = None
    city: object = None
    state: object = None
    district: object = None


class TicketPayload(msgspec.Struct):
    uri: object = msgspec.field(name="self", default=None)
    serial: object = None
    status: object = None
    section: msgspec.Raw = NOTHING
    owner: msgspec.Raw = NOTHING
    issued: object = None


class AdmissionPayload(msgspec.Struct):
    uri: object = msgspec.field(name="self", default=None)
    redeemer: object = None
    device: object = None
    ticket: object = None
    patron: msgspec.Raw = NOTHING
    section: msgspec.Raw = NOTHING
    admitted: object = None


class TokenPayload(msgspec.Struct):
    uri: object = msgspec.field(name="self", default=None)
    code: object = None
    is_global: object = msgspec.field(name="global", default=None)
    sections: msgspec.Raw = NOTHING


def read[S](payload: bytes | msgspec.Raw, shape: type[S]) -> S:
    """One object; raises BadRecord for anything that is not one."""
    try:
        return msgspec.json.decode(payload, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadRecord("the record is not a readable object") from None


def one[S](raw: msgspec.Raw, shape: type[S]) -> S | None:
    """An embedded object; None where it is absent, ``[]``, or a mere link."""
    try:
        return read(raw, shape)
    except BadRecord:
        return None


def many(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """An embedded list; empty where it is absent or ``{}``."""
    try:
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []


def any_json(raw: msgspec.Raw) -> object:
    """Whatever it is; None for what is not JSON."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def section_of(raw: msgspec.Raw) -> SectionPayload:
    """The section of a ticket or an admission; where only its address is told, that alone."""
    return one(raw, SectionPayload) or SectionPayload(uri=any_json(raw))


def links(raw: msgspec.Raw) -> list[object]:
    """An embedded list of URIs, or of objects that have one."""
    found = any_json(raw)
    return found if isinstance(found, list) else []
