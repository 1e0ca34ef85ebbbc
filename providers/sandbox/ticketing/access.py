"""Who is asking, and what they may."""

from dataclasses import dataclass

from providers.sandbox.messages import Request
from providers.sandbox.ticketing.objects import Account, Event, Host, Session, Token
from providers.sandbox.ticketing.refusals import (
    not_host_administrator,
    restricted,
    too_old,
    unauthenticated,
)
from providers.sandbox.ticketing.state import State

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The holder of a key. ``is_system``: may do everything. ``token``: gate staff. ``session``: a signed-in person."""

    is_system: bool = False
    account: Account | None = None
    token: Token | None = None
    session: Session | None = None

    def runs(self, host: Host) -> bool:
        return self.is_system or (self.account is not None and self.account.number in host.administrators)

    def must_run(self, host: Host) -> None:
        if not self.runs(host):
            raise not_host_administrator()

    def must_be_system(self) -> None:
        if not self.is_system:
            raise restricted()

    def must_be(self, account: Account) -> None:
        """That account itself, or a system administrator."""
        if not self.is_system and self.account is not account:
            raise restricted()

    def must_not_be_gate(self) -> None:
        if self.token is not None:
            raise restricted()

    def sees(self, event: Event) -> bool:
        return event.is_listed or self.runs(event.host)

    def opens_gate_of(self, event: Event) -> bool:
        return self.is_system or (self.token is not None and self.token.event is event)


class Keys:
    """Integration keys and what they may; session and token keys are in the state."""

    def __init__(self, state: State, revoked: set[str]) -> None:
        self._state = state
        self._revoked = revoked
        self.readers: dict[str, Account | None] = {}
        self.system: dict[str, Account] = {}

    def caller(self, request: Request) -> Caller:
        """Raises Refusal for a key that is absent, unknown, revoked or ended."""
        key = request.headers.get("x-api-key", "")
        if not key:
            raise unauthenticated()
        found = None if key in self._revoked else self._holder(key)
        if found is None:
            raise restricted()
        return found

    def _holder(self, key: str) -> Caller | None:
        if key in self.system:
            return Caller(is_system=True, account=self.system[key])
        if key in self.readers:
            return Caller(account=self.readers[key])
        if token := self._state.token_keys.get(key):
            return Caller(token=token)
        session = self._state.sessions.get(key)
        if session is None or session.ended:
            return None
        return Caller(is_system=session.account.role == ADMINISTRATOR, account=session.account, session=session)


def check_version(request: Request, oldest: str) -> None:
    """Raises Refusal for a version that is absent, unreadable or too low."""
    version = _version(request.headers.get("x-client-version", ""))
    if version is None or version < (_version(oldest) or (0, 0, 0)):
        raise too_old()


def _version(text: str) -> tuple[int, ...] | None:
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return tuple(int(part) for part in parts)
