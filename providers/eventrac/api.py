"""eventrac's eight calls, by name. Answers come out of their envelope, unread otherwise."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from providers.errors import AccessDenied, NotFound, ProviderError
from providers.eventrac.bulk import items
from providers.eventrac.envelope import is_done, is_wrapped, members, status_of, unwrapped, value
from providers.http import Http
from providers.replies import Reply, is_success

METHOD_NOT_ALLOWED, NOT_IMPLEMENTED = 405, 501
BULK_PATHS = ("/races/participants", "/participants")
NOTHING = (b"{}", b"[]", b"null")
PARTIAL_FAILURE = 422  # a bulk answer may come under it too


class Api:
    """``learned["envelope"]`` is kept up to what the answers look like: ``bare`` or ``jsend``."""

    def __init__(self, http: Http, learned: dict[str, str]) -> None:
        self._http = http
        self._learned = learned

    def events(self, organiser_id: str) -> list[bytes]:
        """All events of the organiser, past ones too."""
        return self._list(f"/organisers/{_part(organiser_id)}/events", "event", "events")

    def event(self, event_id: str) -> bytes | None:
        """One event, or None: it is not there, or the call was never built."""
        try:
            reply = self._http.get(f"/events/{_part(event_id)}")
        except (NotFound, AccessDenied):
            return None
        except ProviderError as error:
            if error.status in {METHOD_NOT_ALLOWED, NOT_IMPLEMENTED}:
                return None
            raise
        if unwrapped(reply.body, "event", "events").strip() in NOTHING:  # all that its documentation shows
            return None
        return self._object(reply, "event", "events")

    def races(self, event_id: str) -> list[bytes]:
        """The races of an event that are still to come."""
        return self._list(f"/events/{_part(event_id)}/races", "race", "races")

    def race(self, race_id: str) -> bytes | None:
        """One race, also a past one; None if eventrac denies it."""
        try:
            reply = self._http.get(f"/races/{_part(race_id)}")
        except (NotFound, AccessDenied):
            return None
        shown = self._object(reply, "race", "races")
        if not value((members(shown) or {}).get("id")):
            raise reply.unreadable("race.id is missing")
        return shown

    def participant(self, reference: str) -> bytes | None:
        """One entry by its reference, few fields; None if it is not there or not ours."""
        try:
            reply = self._http.get(f"/participants/{_part(reference)}", template="/participants/{reference}")
        except (NotFound, AccessDenied):
            return None
        return self._object(reply, "participant", "participants")

    def add(self, race_id: str, body: Mapping[str, object]) -> tuple[bytes, Reply]:
        reply = self._http.send("POST", f"/races/{_part(race_id)}/participants", json=body)
        return self._object(reply, "participant", "participants"), reply

    def add_many(self, path: str, participants: Sequence[Mapping[str, object]]) -> Reply:
        """The whole reply, which is a bulk answer: its items tell what became of each."""
        reply = self._http.send("POST", path, json={"participants": participants}, accept={PARTIAL_FAILURE})
        if items(reply.body) is None:
            raise reply.unreadable("no participants") if is_success(status_of(reply)) else self._http.error_for(reply)
        return self._noted(reply)

    def update(self, reference: str, body: Mapping[str, object]) -> tuple[bytes | None, Reply]:
        """None: it is done, and nothing is shown of it."""
        reply = self._http.send(
            "PUT",
            f"/participants/{_part(reference)}",
            json={"participant": body},
            template="/participants/{reference}",
        )
        shown = None if is_done(reply) else self._object(reply, "participant", "participants")
        return shown, reply

    def _list(self, path: str, one: str, many: str) -> list[bytes]:
        reply = self._noted(self._http.get(path))
        try:
            held = msgspec.json.decode(unwrapped(reply.body, one, many), type=list[msgspec.Raw])
        except msgspec.MsgspecError:
            raise reply.unreadable(f"{many} is not a list") from None
        return [bytes(each) for each in held]

    def _object(self, reply: Reply, one: str, many: str) -> bytes:
        held = unwrapped(self._noted(reply).body, one, many)
        if members(held) is None:
            raise reply.unreadable(f"{one} is not an object")
        return held

    def _noted(self, reply: Reply) -> Reply:
        self._learned["envelope"] = "jsend" if is_wrapped(reply.body) else "bare"
        return reply


def _part(value: str) -> str:
    return quote(value, safe="")
