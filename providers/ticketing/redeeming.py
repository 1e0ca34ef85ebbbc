"""Letting people in, and finding out who was let in when the answer to that got lost."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from providers.errors import OutcomeUnknown, ProviderError, Refused
from providers.operations import Done
from providers.parsing import lenient
from providers.port import Received
from providers.replies import Reply
from providers.ticketing import dates
from providers.ticketing.api import Api
from providers.ticketing.declared import MOST_SERIALS
from providers.ticketing.gate import Gate, Gates
from providers.ticketing.payloads import AdmissionPayload, one
from providers.ticketing.receiving import receive_admission
from providers.ticketing.values import needed, wanted

ADMITTED = "admitted"
NOT_ACCEPTED = "already used, of another section, or unknown"
READ_BACK = "TickeTing's answer was lost on the way. This is what it showed when it was asked again right after."
BAD_REQUEST = 400
CLOCKS_DIFFER = timedelta(minutes=2)  # at most so much, where the server does not tell its time
_SERIAL = re.compile(r"[0-9A-Za-z]{6}-[0-9A-Za-z]{12}")
_BETWEEN = re.compile(r"[\s,;]+")


class Redeemer:
    def __init__(self, api: Api, gates: Gates, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._gates = gates
        self._clock = clock

    def redeem(self, event_id: str, values: Mapping[str, object]) -> Done:
        """Raises OutcomeUnknown only where nobody can say, though TickeTing was asked again."""
        serials = serials_of(values.get("serials"))
        steward, device = needed(values, "steward"), needed(values, "device")
        gate = self._gates.open(event_id)
        if not gate.key:
            return _results(serials)
        began = gate.read_at or self._clock() - CLOCKS_DIFFER
        try:
            reply = self._api.redeem(event_id, key=gate.key, steward=steward, device=device, serials=serials)
            return _results(serials, _rows(reply), event_id)
        except Refused as error:
            if error.status != BAD_REQUEST or set(error.field_errors) - {""}:
                raise
            return _results(serials)  # none of them grants admission
        except OutcomeUnknown as lost:
            rows = self._since(lost, gate, began, steward=steward, device=device)
            return _results(serials, _of(rows, serials, lost), event_id, note=READ_BACK)

    def _since(self, lost: OutcomeUnknown, gate: Gate, began: datetime, *, steward: str, device: str) -> list[bytes]:
        """Whom this steward has let in on this device since. Earlier ones had been let in before."""
        path = f"/events/{gate.event_id}/admissions"
        try:
            pages = list(self._api.pages(path, {"redeemer": steward, "device": device}, key=gate.key))
        except ProviderError:
            raise lost from None
        rows = [raw for page in pages for raw in page.rows]
        if len(rows) < max(page.total for page in pages):
            raise lost  # the newest stand last, and they did not come
        return [raw for raw in rows if _is_since(raw, began)]


def serials_of(value: object) -> list[str]:
    """Those given, each once: a list, or text with one a line. Raises Refused."""
    given = value if isinstance(value, list | tuple) else [value]
    parts = (part for each in given if isinstance(each, str) for part in _BETWEEN.split(each))
    found = list(dict.fromkeys(_tidy(part) for part in parts if part))
    if not found:
        raise wanted("serials", "Give at least one serial.")
    if len(found) > MOST_SERIALS:
        raise wanted("serials", f"Give at most {MOST_SERIALS} serials at once.")
    return found


def _tidy(serial: str) -> str:
    """Typed in small letters or not, a serial of the known form is the same."""
    return serial.upper() if _SERIAL.fullmatch(serial) else serial


def _rows(reply: Reply) -> list[bytes]:
    """The admissions in the answer, which is a bare list."""
    try:
        return [bytes(row) for row in msgspec.json.decode(reply.body, type=list[msgspec.Raw])]
    except msgspec.MsgspecError:
        raise reply.unreadable("not a list") from None


def _of(rows: Sequence[bytes], serials: Sequence[str], lost: OutcomeUnknown) -> list[bytes]:
    """The rows that are about these. One of them is in: the request was carried out, and the rest were not accepted."""
    found = [raw for raw in rows if _ticket(raw) in serials]
    if not found:
        # Behind a gateway that gave up, the request may still be carried out.
        raise OutcomeUnknown(
            "TickeTing's answer was lost on the way. Asked again right after, it showed none of these let in so far.",
            advice="Redeem them again: no ticket can be used twice. One that is not accepted then may have come in by "
            "this try; “Who is in” shows it.",
            **lost.call,
        )
    return found


def _is_since(raw: bytes, began: datetime) -> bool:
    sent = one(msgspec.Raw(raw), AdmissionPayload)
    at = lenient(dates.stamp, sent.admitted, None) if sent else None
    return at is not None and at >= began


def _ticket(raw: bytes) -> str:
    sent = one(msgspec.Raw(raw), AdmissionPayload)
    return str(sent.ticket) if sent else ""


def _results(serials: Sequence[str], rows: Sequence[bytes] = (), event_id: str = "", *, note: str = "") -> Done:
    """TickeTing gives no reason for a ticket it leaves out, so all three are named."""
    let_in = {_ticket(raw) for raw in rows}
    results = tuple((serial, ADMITTED if serial in let_in else NOT_ACCEPTED) for serial in serials)
    refused = sum(result != ADMITTED for _, result in results)
    facts = (("Admitted", str(len(serials) - refused)), ("Not accepted", str(refused)))
    return Done(facts=facts, results=results, made=tuple(_made(rows, event_id)), note=note)


def _made(rows: Sequence[bytes], event_id: str) -> Iterator[tuple[str, bytes]]:
    """Each admission as its listing would have sent it."""
    for raw in rows:
        received = receive_admission(raw, event_id)
        if isinstance(received, Received):
            yield received.external_id, received.payload
