"""Which key a call is made with: the integration key, or that of an account's session, which never leaves here."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

import msgspec

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
)
from providers.http import Http
from providers.ticketing.faults import UPGRADE

KEY_HEADER = "X-API-Key"


class SessionPayload(msgspec.Struct):
    key: str


class Keyring:
    """With a username and a password, a session is started at the first call, and again when it has ended."""

    def __init__(self, http: Http, *, api_key: str, username: str, password: str) -> None:
        self._http = http
        self._api_key = api_key
        self._username = username
        self._password = password
        self._session = ""

    @property
    def has_account(self) -> bool:
        return bool(self._username and self._password)

    def header(self) -> Mapping[str, str]:
        if self.has_account and not self._session:
            self._session = self._start()
        return {KEY_HEADER: self._session or self._api_key}

    def revive(self, error: ProviderError) -> bool:
        """After a refusal: True if the session had ended and there is a new one.

        Raises CredentialsRejected if it is the key itself that TickeTing does not know, which it tells with the same
        status as a thing that is not allowed.
        """
        if error.status == UPGRADE:
            return False
        if self._session:
            if self._is_alive("/sessions/active", self._session):
                return False
            self._session = self._start()
            return True
        if error.status == HTTPStatus.FORBIDDEN and not self._is_alive("/countries", self._api_key):
            raise CredentialsRejected(
                "TickeTing does not know the key, or has withdrawn it. Check that it was copied whole, and that it "
                "belongs to this environment: QA and production have keys of their own.",
                **error.call,
            )
        return False

    def end(self) -> None:
        """Leave no open session behind."""
        session, self._session = self._session, ""
        if session:
            with suppress(ProviderError):  # it ends by itself some day; nothing hangs on it
                self._http.send("DELETE", "/sessions/active", headers={KEY_HEADER: session})

    def _is_alive(self, path: str, key: str) -> bool:
        try:
            self._http.get(path, headers={KEY_HEADER: key})
        except (AccessDenied, CredentialsRejected):
            return False
        return True

    def _start(self) -> str:
        body = {"identification": self._username, "password": self._password}
        try:
            reply = self._http.send("POST", "/sessions", json=body, headers={KEY_HEADER: self._api_key})
            return reply.read(SessionPayload).key
        except OutcomeUnknown as error:
            # A session more or less harms nobody: this is safe to try again.
            raise ProviderUnavailable(
                "TickeTing did not answer when we signed in.",
                **error.call,
            ) from None
        except (NotFound, CredentialsRejected, AccessDenied) as error:
            if error.status == UPGRADE:
                raise
            raise _cannot_sign_in(error) from None


def _cannot_sign_in(error: ProviderError) -> CredentialsRejected:
    sentences = {
        HTTPStatus.NOT_FOUND: "TickeTing does not know an account with this username or e-mail address.",
        HTTPStatus.UNAUTHORIZED: "TickeTing does not accept the password of this account, or the API key.",
    }
    usual = "TickeTing does not accept the API key, so the account cannot sign in."
    return CredentialsRejected(
        sentences.get(HTTPStatus(error.status or HTTPStatus.FORBIDDEN), usual),
        **error.call,
    )
