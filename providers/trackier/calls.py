"""Calls below one prefix, with the second look that a refused key deserves."""

import re
from collections.abc import Callable, Collection
from urllib.parse import quote

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    Refused,
)
from providers.http import Http, Params
from providers.replies import Reply
from providers.trackier.envelopes import opened
from providers.trackier.operations import refused
from providers.trackier.quirks import Object

_ID = re.compile(r"[0-9a-fA-F]{24}|[0-9]{1,12}")
ID = re.compile(r"/([0-9a-fA-F]{24}|[0-9]+)(?=/|$)")


def part(remote_id: str) -> str:
    """An id as a part of a path. Samples show broken ones, which are read but never sent."""
    if not _ID.fullmatch(remote_id):
        raise Refused("This id is not one that Trackier can be asked for.")
    return quote(remote_id, safe="")


def path_id(field: str, remote_id: str) -> str:
    """The id as a part of a path; the objection on the field it came from."""
    try:
        return part(remote_id)
    except Refused as error:
        raise refused(field, error.sentence) from None


def or_unknown[T](lost: OutcomeUnknown, look: Callable[[], T]) -> T:
    """What the look after a lost answer finds. Raises ``lost`` where it finds nothing, or cannot look: whatever became
    of the look, the write may have arrived."""
    try:
        found = look()
    except ProviderError as error:
        raise lost.still(error) from None
    if not found:
        raise lost
    return found


def repeated[T](send: Callable[[], T]) -> T:
    """A write that comes to the same however often it arrives: after a lost answer once more.

    Only a clear answer counts then: whatever else comes, it may be done.
    """
    try:
        return send()
    except OutcomeUnknown as lost:
        try:
            return send()
        except (NotFound, Refused):
            raise
        except ProviderError as error:
            raise lost.still(error) from None


class Calls:
    """``prefix`` gives what stands before every path, ``probe`` the path whose answer says whether the key is good."""

    def __init__(self, http: Http, *, prefix: Callable[[], str], probe: str) -> None:
        self.http = http
        self._prefix = prefix
        self._probe = probe

    def get(self, path: str, params: Params | None = None) -> Object:
        """Read. A key that is refused once is probed, and if it turns out to be good, the call is made again."""
        prefix = self._prefix()
        try:
            return opened(self._read(prefix + path, params))
        except CredentialsRejected:
            self._confirm(prefix)
        try:
            return opened(self._read(prefix + path, params))
        except CredentialsRejected as error:
            raise _only_here(error) from None

    def post(self, path: str, body: object) -> Object:
        return opened(self.send("POST", path, body))

    def delete(self, path: str) -> Object:
        return opened(self.send("DELETE", path, None))

    def send(self, method: str, path: str, body: object, *, accept: Collection[int] = ()) -> Reply:
        """Write, once. ``accept``: statuses whose reply the caller reads itself."""
        prefix = self._prefix()
        try:
            return self.http.send(method, prefix + path, json=body, template=_named(prefix + path), accept=accept)
        except CredentialsRejected as error:
            self._confirm(prefix)
            raise _only_here(error) from None

    def _read(self, path: str, params: Params | None) -> Reply:
        return self.http.get(path, params, template=_named(path))

    def _confirm(self, prefix: str) -> None:
        """Raises CredentialsRejected if the key is refused here too."""
        self._read(prefix + self._probe, None)


def _named(path: str) -> str:
    return ID.sub("/{id}", path)


def _only_here(error: ProviderError) -> AccessDenied:
    return AccessDenied(
        "Trackier takes the key, but refuses this call as if it did not know it.",
        **error.call,
    )
