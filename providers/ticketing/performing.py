"""Doing what is declared: tokens issued, changed and withdrawn, tickets redeemed."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from providers.errors import FieldError, NotFound, Refused, Unsupported
from providers.operations import Done, Verb
from providers.port import Received
from providers.replies import Reply
from providers.ticketing.api import Api
from providers.ticketing.declared import MOST_SERIALS
from providers.ticketing.gate import Gates
from providers.ticketing.mapping import token_name
from providers.ticketing.payloads import AdmissionPayload, TokenPayload, links, many, one
from providers.ticketing.receiving import receive_admission, receive_token
from providers.ticketing.uris import is_number, last_id, section_uri

ADMITTED = "admitted"
NOT_ACCEPTED = "already used, of another section, or unknown"
BAD_REQUEST = 400
GLOBAL = (
    "This is the event's own token: TickeTing made it with the event, it opens all races, also those added later, and "
    "it can be neither changed nor withdrawn. Keep its code out of use."
)
_SERIAL = re.compile(r"[0-9A-Za-z]{6}-[0-9A-Za-z]{12}")
_BETWEEN = re.compile(r"[\s,;]+")


class Performer:
    """``codes`` of tokens it makes are put there: what is stored does not have them."""

    def __init__(self, api: Api, gates: Gates, codes: dict[str, str]) -> None:
        self._api = api
        self._gates = gates
        self._codes = codes

    def perform(self, verb: Verb, subject: str, values: Mapping[str, object]) -> Done:
        match verb:
            case Verb.ISSUE_TOKEN:
                event_id = _event(subject)
                return self._made(event_id, self._api.issue_token(event_id, _sections(event_id, values)))
            case Verb.EDIT_TOKEN:
                return self._edit(*_token(subject), values)
            case Verb.REVOKE_TOKEN:
                return self._revoke(*_token(subject))
            case Verb.REDEEM:
                return self._redeem(_event(subject), values)
        raise Unsupported("TickeTing cannot do that through its API.")

    def _made(self, event_id: str, reply: Reply) -> Done:
        if one(msgspec.Raw(reply.body), TokenPayload) is None:
            raise reply.unreadable("no token")
        received, code = receive_token(reply.body, event_id)
        self._codes[received.external_id] = code
        facts = (("Code", code), ("Races", str(len(_covered(reply)))))
        return Done(external_id=received.external_id, facts=facts, payload=received.payload)

    def _edit(self, event_id: str, token_id: str, values: Mapping[str, object]) -> Done:
        sections = _sections(event_id, values)
        self._must_not_be_global(event_id, token_id)
        self._api.save_token(event_id, token_id, sections)
        return Done(external_id=token_name(event_id, token_id), facts=(("Races", str(len(sections))),))

    def _revoke(self, event_id: str, token_id: str) -> Done:
        done = Done(external_id=token_name(event_id, token_id))
        try:
            self._must_not_be_global(event_id, token_id)
            self._api.delete_token(event_id, token_id)
        except NotFound:
            pass  # it is gone, which is what was wanted
        return done

    def _must_not_be_global(self, event_id: str, token_id: str) -> None:
        token = self._api.token(event_id, token_id).read(TokenPayload)
        if token.is_global is True:
            raise Refused(GLOBAL)

    def _redeem(self, event_id: str, values: Mapping[str, object]) -> Done:
        serials = _serials(values.get("serials"))
        steward, device = _text(values, "steward"), _text(values, "device")
        gate = self._gates.open(event_id)
        if not gate.key:
            return _results(serials, set())
        try:
            reply = self._api.redeem(event_id, key=gate.key, steward=steward, device=device, serials=serials)
        except Refused as error:
            if error.status != BAD_REQUEST or set(error.field_errors) - {""}:
                raise
            return _results(serials, set())  # none of them grants admission
        return _results(serials, _let_in(reply), reply.body, event_id)


def _results(serials: list[str], let_in: set[str], payload: bytes = b"", event_id: str = "") -> Done:
    """TickeTing gives no reason for a ticket it leaves out, so all three are named."""
    results = tuple((serial, ADMITTED if serial in let_in else NOT_ACCEPTED) for serial in serials)
    refused = sum(result != ADMITTED for _, result in results)
    facts = (("Admitted", str(len(serials) - refused)), ("Not accepted", str(refused)))
    return Done(facts=facts, results=results, payload=payload, made=tuple(_made(payload, event_id)))


def _made(payload: bytes, event_id: str) -> Iterator[tuple[str, bytes]]:
    """Each admission as its listing would have sent it."""
    for raw in many(msgspec.Raw(payload)) if payload else []:
        received = receive_admission(bytes(raw), event_id)
        if isinstance(received, Received):
            yield received.external_id, received.payload


def _let_in(reply: Reply) -> set[str]:
    """The serials in the answer, which is a bare list."""
    try:
        rows = msgspec.json.decode(reply.body, type=list[msgspec.Raw])
    except msgspec.MsgspecError:
        raise reply.unreadable("not a list") from None
    found = (one(raw, AdmissionPayload) for raw in rows)
    return {str(admission.ticket) for admission in found if admission}


def _covered(reply: Reply) -> list[object]:
    return links(reply.read(TokenPayload).sections)


def _event(subject: str) -> str:
    if not is_number(subject):
        raise NotFound("TickeTing has no event of this number.")
    return subject


def _token(subject: str) -> tuple[str, str]:
    event_id, _, token_id = subject.partition("-")
    if not (is_number(event_id) and is_number(token_id)):
        raise NotFound("TickeTing has no admission token of this number.")
    return event_id, token_id


def _sections(event_id: str, values: Mapping[str, object]) -> list[str]:
    chosen = values.get("races")
    ids = [last_id(each) for each in (chosen if isinstance(chosen, list | tuple) else [chosen])]
    found = [section_uri(event_id, each) for each in dict.fromkeys(ids) if each]
    if not found:
        raise _wanted("races", "Choose at least one race.")
    return found


def _serials(value: object) -> list[str]:
    """Those given, each once: a list, or text with one a line."""
    given = value if isinstance(value, list | tuple) else [value]
    parts = (part for each in given if isinstance(each, str) for part in _BETWEEN.split(each))
    found = list(dict.fromkeys(_tidy(part) for part in parts if part))
    if not found:
        raise _wanted("serials", "Give at least one serial.")
    if len(found) > MOST_SERIALS:
        raise _wanted("serials", f"Give at most {MOST_SERIALS} serials at once.")
    return found


def _tidy(serial: str) -> str:
    """Typed in small letters or not, a serial of the known form is the same."""
    return serial.upper() if _SERIAL.fullmatch(serial) else serial


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    found = value.strip() if isinstance(value, str) else ""
    if not found:
        raise _wanted(name, "This is needed.")
    return found


def _wanted(name: str, sentence: str) -> Refused:
    return Refused(sentence, field_errors={name: [FieldError(rule="missing", text=sentence)]})
