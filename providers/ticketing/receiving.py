"""Objects as they come off the wire, told apart and fingerprinted by what matters in them."""

from typing import Any

import msgspec

from providers.errors import BadRecord
from providers.parsing import canonical, fingerprint, identifier
from providers.port import Received, Rejected
from providers.records import Kind
from providers.ticketing.mapping import token_name
from providers.ticketing.payloads import read
from providers.ticketing.uris import last_id, needed_id

type Told = dict[str, Any]


def receive_event(raw: bytes) -> Received | Rejected:
    """``popularity`` ticks with every look at the event."""
    try:
        told = read(raw, dict[str, Any])
        external_id = needed_id(told.get("self"))
    except BadRecord as error:
        return _rejected(Kind.EVENT, raw, str(error))
    told.pop("popularity", None)
    return Received(kind=Kind.EVENT, external_id=external_id, fingerprint=fingerprint(canonical(told)), payload=raw)


def receive_ticket(raw: bytes, event_id: str) -> Received | Rejected:
    """Of its section only the identity counts: the section's counts change with every sale."""
    try:
        told = read(raw, dict[str, Any])
        external_id = identifier(told.get("serial"), "serial")
    except BadRecord as error:
        return _rejected(Kind.ENTRY, raw, str(error))
    return _kept(Kind.ENTRY, external_id, told, raw, event_id)


def receive_admission(raw: bytes, event_id: str) -> Received | Rejected:
    try:
        told = read(raw, dict[str, Any])
        external_id = last_id(told.get("self")) or identifier(told.get("ticket"), "ticket")
    except BadRecord as error:
        return _rejected(Kind.ADMISSION, raw, str(error))
    return _kept(Kind.ADMISSION, external_id, told, raw, event_id)


def receive_token(raw: bytes, event_id: str) -> tuple[Received | Rejected, str]:
    """A token and its code. The code opens personal data, so what is stored does not have it."""
    try:
        told = read(raw, dict[str, Any])
        external_id = token_name(event_id, needed_id(told.get("self")))
    except BadRecord as error:
        return Rejected(kind=Kind.GATE_TOKEN, external_id="", reason=str(error), payload=b""), ""
    code = told.pop("code", "")
    bare = msgspec.json.encode(told)
    received = _kept(Kind.GATE_TOKEN, external_id, told, bare, event_id)
    return received, code.strip() if isinstance(code, str) else ""


def _kept(kind: Kind, external_id: str, told: Told, raw: bytes, event_id: str) -> Received:
    mark = told | ({"section": _identity(told["section"])} if "section" in told else {})
    return Received(
        kind=kind,
        external_id=external_id,
        fingerprint=fingerprint(canonical(mark)),
        payload=held(raw, event_id),
    )


def held(raw: bytes, event_id: str) -> bytes:
    """The object beside the event it was found in; its own bytes untouched, so that amounts stay exact."""
    return b'{"event":' + msgspec.json.encode(event_id) + b',"body":' + raw + b"}"


def _identity(section: object) -> list[object]:
    name = section.get("name") if isinstance(section, dict) else None
    return [last_id(section), name]


def _rejected(kind: Kind, raw: bytes, reason: str) -> Rejected:
    return Rejected(kind=kind, external_id="", reason=reason, payload=raw.decode(errors="replace").encode())
