"""Opening an event's gate: tickets and admissions are read and written with the key of an admission token.

The portal keeps a token of its own per event, over all its sections. Only the token's id is remembered; its code and
its key are asked for again each time and never leave the instance. Which tokens there are is written down before one
is issued, so that one whose answer was lost, or whose worker was killed, is found and no second one is made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

import msgspec

from providers.errors import (
    AccessDenied,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    Refused,
    UnexpectedReply,
)
from providers.parsing import lenient
from providers.ticketing import dates
from providers.ticketing.api import Api
from providers.ticketing.payloads import EventPayload, SectionPayload, TokenPayload, links, many, one
from providers.ticketing.uris import last_id, part, section_uri

OURS, BEFORE = "reader_token", "tokens_before"


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
    """``keep``: has what was learned written down at once."""

    def __init__(self, api: Api, learned: dict[str, str], keep: Callable[[], None], zone: tzinfo) -> None:
        self._api = api
        self._learned = learned
        self._keep = keep
        self._zone = zone
        self._open: dict[str, Gate] = {}

    def open(self, event_id: str) -> Gate:
        """Raises NotFound for an event that is not there, AccessDenied where the key may not issue tokens."""
        if event_id not in self._open:
            try:
                self._open[event_id] = self._opened(event_id)
            except (OutcomeUnknown, Refused) as error:
                raise _not_opened(error) from None
        return self._open[event_id]

    def reads_with(self, token: str) -> bool:
        """Whether this token, by our name for it, is the portal's own."""
        event_id, _, token_id = token.partition("-")
        return bool(token_id) and self._learned.get(_name(OURS, event_id)) == token_id

    def _opened(self, event_id: str) -> Gate:
        reply = self._api.event(event_id)
        event = reply.read(EventPayload)
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
        token_id = self._learned.get(_name(OURS, event_id), "")
        if not token_id:
            return None
        token = self._held(event_id, token_id)
        covered = {last_id(each) for each in links(token.sections)} if token else set()
        if token and any(last_id(uri) not in covered for uri in wanted):
            try:
                self._api.save_token(event_id, token_id, wanted)
            except NotFound:
                return None
        return token

    def _held(self, event_id: str, token_id: str) -> TokenPayload | None:
        """One that is not found is looked for among all: a second one would leave the first open for ever."""
        try:
            return self._api.token(event_id, token_id).read(TokenPayload)
        except NotFound:
            return next((token for token in self._all(event_id) if last_id(token.uri) == token_id), None)

    def _issued(self, event_id: str, wanted: list[str]) -> TokenPayload:
        before = _name(BEFORE, event_id)
        left = self._learned.get(before)
        try:
            if left is None:
                self._learned[before] = " ".join(last_id(token.uri) for token in self._all(event_id))
                self._keep()
            token = None if left is None else self._found(event_id, wanted, left.split())
            token = token or self._api.issue_token(event_id, wanted).read(TokenPayload)
        except AccessDenied as error:
            self._learned.pop(before, None)
            raise AccessDenied(
                "TickeTing shows tickets and admissions only to a holder of an admission token, and this key may not "
                "issue one. Enter an administrator's key, or the username and password of an account that "
                "administers the host.",
                **error.call,
            ) from None
        self._learned[_name(OURS, event_id)] = last_id(token.uri)
        del self._learned[before]
        self._keep()
        return token

    def _found(self, event_id: str, wanted: list[str], before: list[str]) -> TokenPayload | None:
        """The token of an attempt of which nobody knows how it ended: one that is new, over all these sections."""
        sections = {last_id(uri) for uri in wanted}
        fresh = (token for token in self._all(event_id) if last_id(token.uri) not in before)
        return next((token for token in fresh if {last_id(each) for each in links(token.sections)} == sections), None)

    def _all(self, event_id: str) -> Iterator[TokenPayload]:
        for listing in self._api.pages(f"/events/{part(event_id)}/tokens"):
            yield from (token for raw in listing.rows if (token := one(msgspec.Raw(raw), TokenPayload)))


def _not_opened(error: OutcomeUnknown | Refused) -> ProviderError:
    """It was about our own token, which is found again, or issued at the next try: of tickets nothing has been said."""
    refused = isinstance(error, Refused)  # such as a race that was removed since the event was read
    kind = UnexpectedReply if refused else ProviderUnavailable
    verb = "refused" if refused else "did not answer"
    return kind(
        f"TickeTing {verb} when it was asked to open the gate. Nothing was done there.",
        **error.call,
    )


def _name(what: str, event_id: str) -> str:
    return f"{what} {event_id}"


def _code(token: TokenPayload) -> str:
    if not isinstance(token.code, str) or not token.code:
        raise UnexpectedReply("TickeTing answered with an admission token that has no code.")
    return token.code
