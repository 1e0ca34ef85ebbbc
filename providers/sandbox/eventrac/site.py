"""The pretended eventrac: who is asking, for what, and the answer."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import msgspec

from providers.sandbox.clock import Clock
from providers.sandbox.eventrac.objects import Event, Json, Key, Participant, Race
from providers.sandbox.eventrac.replies import Refusal, success
from providers.sandbox.eventrac.seed import DEMO_KEY, DEMO_ORGANISER, LDT_KEY, OTHER_KEY, OTHER_ORGANISER, fill
from providers.sandbox.eventrac.shapes import (
    added_shape,
    event_shape,
    race_shape,
    reduced_shape,
    stored_shape,
)
from providers.sandbox.eventrac.state import State, merge
from providers.sandbox.eventrac.switches import Switches
from providers.sandbox.eventrac.validation import check_new, check_update
from providers.sandbox.messages import Reply, Request
from providers.sandbox.site import Site

MOST_AT_ONCE = 200

type Handler = Callable[[], Reply]


class EventracSite(Site):
    key = "eventrac"
    prefix = "/eventrac/api/v3"
    live_base_url = "https://www.eventrac.co.uk/api/v3"
    demo_key = DEMO_KEY
    demo_settings: ClassVar[Mapping[str, str]] = {"organiser_id": str(DEMO_ORGANISER)}
    actions: ClassVar[frozenset[str]] = frozenset({"revoke", "sell", "close", "stored"})

    def __init__(self, clock: Clock, *, seed: int, size: str) -> None:
        super().__init__(clock)
        self.switches: Switches = Switches()
        self.state = State(clock)
        self.state.add_organiser(DEMO_ORGANISER, DEMO_KEY, LDT_KEY)
        self.state.add_organiser(OTHER_ORGANISER, OTHER_KEY)
        if size != "empty":
            fill(self.state, seed=seed, size=size, now=clock())

    def counts(self) -> dict[str, int]:
        state = self.state
        return {
            "events": len(state.events),
            "races": len(state.races),
            "participants": len(state.participants),
            "participant_count": sum(race.participant_count for race in state.races.values()),
        }

    def answer(self, request: Request) -> Reply:
        try:
            return self._routed(self._key(request), request)
        except Refusal as refusal:
            return refusal.reply(self.switches)

    def _key(self, request: Request) -> Key:
        """The bare key: any scheme word before it makes it wrong."""
        sent = request.headers.get("authorization", "")
        if sent not in self.state.keys or sent in self.revoked:
            raise Refusal(401)
        return self.state.keys[sent]

    def _routed(self, key: Key, request: Request) -> Reply:
        handlers = self._handlers(key, request)
        if not handlers:
            raise Refusal(404)
        if request.method not in handlers:
            raise Refusal(405)
        return handlers[request.method]()

    def _handlers(self, key: Key, request: Request) -> dict[str, Handler]:
        match request.segments:
            case ("organisers", id, "events"):
                return {"GET": lambda: self._events(key, id)}
            case ("events", id, "races"):
                return {"GET": lambda: self._races(key, id)}
            case ("events", id) if self.switches.event_endpoint:
                return {"GET": lambda: self._event(key, id)}
            case ("races", "participants") if self.switches.bulk_path != "participants":
                return {"POST": lambda: self._add_many(key, request)}
            case ("participants",) if self.switches.bulk_path != "races/participants":
                return {"POST": lambda: self._add_many(key, request)}
            case ("races", id, "participants"):
                return {"POST": lambda: self._add(key, id, request)}
            case ("races", id):
                return {"GET": lambda: self._race(key, id)}
            case ("participants", reference):
                return {
                    "GET": lambda: self._participant(key, reference),
                    "PUT": lambda: self._update(key, reference, request),
                }
        return {}

    def _events(self, key: Key, text: str) -> Reply:
        organiser_id = _number(text)
        if organiser_id not in self.state.organisers:
            raise Refusal(404)
        _let_in(key, organiser_id)
        events = [self._event_shape(event) for event in self.state.events_of(organiser_id)]
        return success(self.switches, "events", events)

    def _event_shape(self, event: Event) -> Json:
        return event_shape(event, self.clock(), self.switches)

    def _visible_event(self, key: Key, text: str) -> Event:
        event = self.state.events.get(_number(text))
        if event is None:
            raise Refusal(404)
        _let_in(key, event.organiser_id)
        return event

    def _visible_race(self, key: Key, text: str) -> Race:
        race = self.state.races.get(_number(text))
        if race is None:
            raise Refusal(404)
        _let_in(key, race.event.organiser_id)
        return race

    def _event(self, key: Key, text: str) -> Reply:
        return success(self.switches, "event", self._event_shape(self._visible_event(key, text)))

    def _races(self, key: Key, text: str) -> Reply:
        now = self.clock()
        future = [race for race in self._visible_event(key, text).races if race.starts_at > now]
        return success(self.switches, "races", [race_shape(race, now, self.switches) for race in future])

    def _race(self, key: Key, text: str) -> Reply:
        race = self._visible_race(key, text)
        return success(self.switches, "race", race_shape(race, self.clock(), self.switches))

    def _owned(self, key: Key, reference: str) -> Participant:
        participant = self.state.referred(reference)
        if participant is None:
            raise Refusal(404)
        if participant.added_by != key.value:
            raise Refusal(403)
        return participant

    def _participant(self, key: Key, reference: str) -> Reply:
        return success(self.switches, "participant", reduced_shape(self._owned(key, reference)))

    def _add(self, key: Key, text: str, request: Request) -> Reply:
        given = _body(request)
        race = self._visible_race(key, text)
        taken = self.state.has(race, given.get("external_reference"))
        checked = check_new(given, race, self.clock(), taken=taken)
        if checked.errors:
            raise Refusal(422, checked.errors)
        participant = self.state.store(race, checked.values, key.value)
        return success(self.switches, "participant", added_shape(participant, self.switches))

    def _add_many(self, key: Key, request: Request) -> Reply:
        items = _body(request).get("participants")
        if not isinstance(items, list):
            raise Refusal(422, {"participants": {"_required": "This field is required"}})
        if len(items) > MOST_AT_ONCE:
            raise Refusal(422, {"participants": {"maxCount": f"At most {MOST_AT_ONCE} at once"}})
        results = [self._add_one_of_many(key, item if isinstance(item, dict) else {}) for item in items]
        failed = any("errors" in result for result in results)
        status = self.switches.partial_failure_status if failed else None
        body = {"hasErrors": failed, "participants": results}
        return success(self.switches, "", body, status=status)

    def _add_one_of_many(self, key: Key, item: Mapping[str, Any]) -> Json:
        race = self._race_of_item(key, item)
        taken = race is not None and self.state.has(race, item.get("external_reference"))
        checked = check_new(item, race, self.clock(), taken=taken)
        if checked.errors or race is None:
            return {"external_reference": item.get("external_reference"), "errors": checked.errors}
        return stored_shape(self.state.store(race, checked.values, key.value), self.switches)

    def _race_of_item(self, key: Key, item: Mapping[str, Any]) -> Race | None:
        try:
            return self._visible_race(key, str(item.get("race_id")))
        except Refusal:
            return None

    def _update(self, key: Key, reference: str, request: Request) -> Reply:
        given = self._unwrapped(_body(request))
        participant = self._owned(key, reference)
        if self.switches.put_needs_reference and "external_reference" not in given:
            raise Refusal(403)
        checked = check_update(given, participant)
        if checked.errors:
            raise Refusal(422, checked.errors)
        merge(participant, checked.values)
        return success(self.switches, "participant", stored_shape(participant, self.switches))

    def _unwrapped(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        inner = body.get("participant")
        if isinstance(inner, dict):
            return inner
        if not self.switches.flat_put:
            raise Refusal(400)
        return body

    def sell(self, count: int = 1, race_id: int = 0) -> int:
        """So many places are taken through other channels; gives the race's new count."""
        race = self.state.races[race_id or next(iter(self.state.races))]
        race.sold_elsewhere = min(race.sold_elsewhere + count, race.capacity - race.entered)
        return race.participant_count

    def close(self, race_id: int) -> None:
        """The organiser closes entries by hand."""
        self.state.races[race_id].closed = True
        self.state.races[race_id].modified = self.clock()

    def stored(self, reference: str = "") -> list[Json]:
        """What has been pushed here, whole, metadata included: for assertions."""
        return [
            stored_shape(participant, self.switches)
            | {"external_reference": participant.external_reference, "metadata": participant.metadata}
            | {"form_additions": participant.form_additions, "orders": participant.orders}
            | {"affiliations": participant.affiliations}
            for participant in self.state.participants.values()
            if reference in ("", participant.external_reference)
        ]

    def tick(self, number: int) -> None:
        """Another channel sells a place."""
        races = [race for race in self.state.races.values() if race.status(self.clock()) == "open"]
        if races:
            self.sell(1 + number % 2, races[number % len(races)].id)


def _number(text: str) -> int:
    """An id in a path; anything but digits is an address that does not exist."""
    if not (text.isascii() and text.isdigit()):
        raise Refusal(404)
    return int(text)


def _let_in(key: Key, organiser_id: int) -> None:
    if organiser_id not in key.organisers:
        raise Refusal(403)


def _body(request: Request) -> dict[str, Any]:
    try:
        return msgspec.json.decode(request.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Refusal(400) from error
