"""Opening an event's gate: tickets and admissions are read and written with the key of an admission token.

The portal keeps a token of its own per event, over all its sections. Only the token's id is remembered; its code and
its key are asked for again each time and never leave the instance.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

import msgspec

from providers.errors import AccessDenied, NotFound, UnexpectedReply
from providers.parsing import lenient
from providers.ticketing import dates
from providers.ticketing.api import Api
from providers.ticketing.mapping import token_name
from providers.ticketing.payloads import EventPayload, SectionPayload, TokenPayload, links, many, one, read
from providers.ticketing.uris import last_id, section_uri

TOKENS = "reader_tokens"


class KeyPayload(msgspec.Struct):
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """An open gate. ``key`` "": the event has no sections, so there is nothing behind it.

    ``read_at``: when it was opened, by the server's clock; None where that does not tell.
    """

    event_id: str
    key: str
    ends_at: datetime | None
    read_at: datetime | None = None


class Gates:
    def __init__(self, api: Api, learned: dict[str, str], zone: tzinfo) -> None:
        self._api = api
        self._learned = learned
        self._zone = zone
        self._open: dict[str, Gate] = {}

    def open(self, event_id: str) -> Gate:
        """Raises NotFound for an event that is not there, AccessDenied where the key may not issue tokens."""
        if event_id not in self._open:
            self._open[event_id] = self._opened(event_id)
        return self._open[event_id]

    def reads_with(self, token: str) -> bool:
        """Whether this token, by our name for it, is the portal's own."""
        return any(token == token_name(*each) for each in self._ids().items())

    def _opened(self, event_id: str) -> Gate:
        reply = self._api.event(event_id)
        event = read(reply.body, EventPayload)
        sections = [one(raw, SectionPayload) for raw in many(event.sections)]
        wanted = [section_uri(event_id, section.uri) for section in sections if section and last_id(section.uri)]
        ends = (lenient(self._local, each, None) for each in (event.end, event.start))
        return Gate(
            event_id=event_id,
            key=self._key(event_id, wanted) if wanted else "",
            ends_at=next((at for at in ends if at), None),
            read_at=reply.date,
        )

    def _local(self, value: object) -> datetime | None:
        return dates.event_time(value, self._zone)

    def _key(self, event_id: str, wanted: list[str]) -> str:
        token = self._ours(event_id, wanted) or self._issued(event_id, wanted)
        try:
            return self._api.exchange(_code(token)).read(KeyPayload).key
        except NotFound:  # withdrawn since we read it
            return self._api.exchange(_code(self._issued(event_id, wanted))).read(KeyPayload).key

    def _ours(self, event_id: str, wanted: list[str]) -> TokenPayload | None:
        """Our token, made to cover sections that are new; None if there is none, or it was withdrawn."""
        token_id = self._ids().get(event_id, "")
        if not token_id:
            return None
        try:
            token = read(self._api.token(event_id, token_id).body, TokenPayload)
            covered = {last_id(each) for each in links(token.sections)}
            if any(last_id(uri) not in covered for uri in wanted):
                self._api.save_token(event_id, token_id, wanted)
        except NotFound:
            return None
        return token

    def _issued(self, event_id: str, wanted: list[str]) -> TokenPayload:
        try:
            reply = self._api.issue_token(event_id, wanted)
        except AccessDenied as error:
            raise AccessDenied(
                "TickeTing shows tickets and admissions only to a holder of an admission token, and this key may not "
                "issue one. Enter an administrator's key, or the username and password of an account that "
                "administers the host.",
                detail=error.detail,
                status=error.status,
                request_id=error.request_id,
            ) from None
        token = reply.read(TokenPayload)
        self._learned[TOKENS] = msgspec.json.encode(self._ids() | {event_id: last_id(token.uri)}).decode()
        return token

    def _ids(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._learned.get(TOKENS, "{}"), type=dict[str, str])
        except msgspec.MsgspecError:
            return {}


def _code(token: TokenPayload) -> str:
    if not isinstance(token.code, str) or not token.code:
        raise UnexpectedReply("TickeTing answered with an admission token that has no code.")
    return token.code
