"""TickeTing's calls, by name. Answers come as they are; lists page by page."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from providers.errors import AccessDenied, CredentialsRejected, ProviderUnavailable
from providers.http import Http
from providers.replies import Reply
from providers.ticketing.faults import UPGRADE
from providers.ticketing.keyring import KEY_HEADER, Keyring
from providers.ticketing.listing import Know, Listing, Query, pages
from providers.ticketing.uris import part


class Api:
    """``size`` is how many to ask for per page. ``key`` of a call: a token's, instead of the connection's own."""

    def __init__(self, http: Http, keyring: Keyring, *, size: int) -> None:
        self.size = size
        self._http = http
        self._keyring = keyring

    def get(self, path: str, query: Query | None = None, *, key: str = "", template: str = "") -> Reply:
        def ask(header: Mapping[str, str]) -> Reply:
            return self._http.get(path, query, headers=header, template=template)

        return self._kept_open(ask, key)

    def send(self, method: str, path: str, body: object = None, *, query: Query | None = None, key: str = "") -> Reply:
        def ask(header: Mapping[str, str]) -> Reply:
            return self._http.send(method, path, json=body, params=query, headers=header)

        return self._kept_open(ask, key)

    def _kept_open(self, ask: Callable[[Mapping[str, str]], Reply], key: str) -> Reply:
        """Ask, and once more with a new session where the old one had ended: a refusal did nothing."""
        if key:
            return _behind_a_gate(ask, key)
        header = self._keyring.header()
        try:
            return ask(header)
        except (AccessDenied, CredentialsRejected) as error:
            if not self._keyring.revive(error):
                raise
        return ask(self._keyring.header())

    def pages(
        self,
        path: str,
        filters: Query | None = None,
        *,
        start: int = 1,
        told: int = 0,
        key: str = "",
        size: int = 0,
        know: Know | None = None,
    ) -> Iterator[Listing]:
        def ask(query: Query) -> Reply:
            return self.get(path, query, key=key)

        return pages(ask, size=size or self.size, filters=filters, start=start, told=told, know=know)

    def event(self, event_id: str) -> Reply:
        return self.get(f"/events/{part(event_id)}")

    def token(self, event_id: str, token_id: str) -> Reply:
        return self.get(f"/events/{part(event_id)}/tokens/{part(token_id)}")

    def issue_token(self, event_id: str, sections: Sequence[str]) -> Reply:
        return self.send("POST", f"/events/{part(event_id)}/tokens", {"sections": list(sections)})

    def save_token(self, event_id: str, token_id: str, sections: Sequence[str]) -> Reply:
        return self.send("PUT", f"/events/{part(event_id)}/tokens/{part(token_id)}", {"sections": list(sections)})

    def delete_token(self, event_id: str, token_id: str) -> Reply:
        return self.send("DELETE", f"/events/{part(event_id)}/tokens/{part(token_id)}")

    def exchange(self, code: str) -> Reply:
        """A token's code for its key. The log does not see the code."""
        return self.get(f"/tokens/{part(code)}", template="/tokens/{code}")

    def redeem(self, event_id: str, *, key: str, steward: str, device: str, serials: Sequence[str]) -> Reply:
        body = {"redeemer": steward, "device": device, "serials": list(serials)}
        return self.send("POST", f"/events/{part(event_id)}/admissions", body, key=key)


def _behind_a_gate(ask: Callable[[Mapping[str, str]], Reply], key: str) -> Reply:
    """With a token's key, which dies with the token: that says nothing about the connection's own."""
    try:
        return ask({KEY_HEADER: key})
    except (AccessDenied, CredentialsRejected) as error:
        if error.status == UPGRADE:
            raise
        raise ProviderUnavailable(
            "TickeTing no longer takes the admission token the portal uses here. The next try gets a new one.",
            **error.call,
        ) from None
