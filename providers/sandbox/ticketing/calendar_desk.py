"""Events and what decides about them."""

import base64
import binascii
from collections.abc import Mapping, Sequence

from providers.sandbox.clock import iso_seconds
from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.programme import UK
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.checking import Given, check, given, is_flag, is_text, is_texts, reference, require
from providers.sandbox.ticketing.desk import Desk
from providers.sandbox.ticketing.listing import asked, contains, listed, truth
from providers.sandbox.ticketing.objects import Event, moment
from providers.sandbox.ticketing.refusals import (
    Refusal,
    conflict,
    missing,
    no_host,
    no_resource,
    not_host_administrator,
    restricted,
)

NEEDED = ("type", "title", "description", "category", "subcategory", "venue", "public")
SORTS = {
    "alphabetical": lambda event: event.title.casefold(),
    "published": lambda event: event.published,
    "popularity": lambda event: event.popularity,
    "start": lambda event: event.start,
}


class CalendarDesk(Desk):
    def events(self, caller: Caller, request: Request) -> Reply:
        """All of them, for system administrators."""
        caller.must_be_system()
        return self._listed(request, list(self.state.events.values()))

    def published(self, caller: Caller, request: Request) -> Reply:
        caller.must_not_be_gate()
        return self._listed(request, [event for event in self.state.events.values() if event.is_listed])

    def of_host(self, caller: Caller, host_id: str, request: Request) -> Reply:
        host = self.state.hosts.get(host_id)
        if host is None:
            raise no_host()
        caller.must_run(host)
        return self._listed(request, [event for event in self.state.events.values() if event.host is host])

    def _listed(self, request: Request, events: Sequence[Event]) -> Reply:
        query = asked(request)
        found = [event for event in events if self._matches(event, query)]
        return listed(request, found, self.shapes.event, self.switches, SORTS)

    def _matches(self, event: Event, query: Mapping[str, str]) -> bool:
        public, section = truth(query.get("public")), query.get("section")
        return (
            _names(query.get("region"), event.venue.region.id)
            and _names(query.get("host"), event.host.id)
            and contains(event.title, query.get("title"))
            and query.get("status", event.status) == event.status
            and (public is None or event.public is public)
            and (section is None or event.section(reference(section)) is not None)
            and self._is_active(event, truth(query.get("active")))
        )

    def _is_active(self, event: Event, wanted: bool | None) -> bool:
        if wanted is None:
            return True
        end = moment(event.end, UK)
        return (end is not None and end >= self.state.clock()) is wanted

    def event_of(self, event_id: str) -> Event:
        if event_id not in self.state.events:
            raise no_resource()
        return self.state.events[event_id]

    def event(self, caller: Caller, event_id: str) -> Reply:
        event = self.event_of(event_id)
        caller.must_not_be_gate()
        if not caller.sees(event):
            raise restricted()
        return json_reply(200, self.shapes.event(event))

    def add_event(self, caller: Caller, request: Request) -> Reply:
        body = given(request)
        if not caller.is_system and caller.session is None:
            raise not_host_administrator()
        if not body.get("host"):
            raise missing(["host", *(name for name in NEEDED if body.get(name) in (None, "", []))])
        host = self.state.hosts.get(reference(body["host"]))
        if host is None:
            raise no_host()
        caller.must_run(host)
        self._check(body, None)
        event = Event(
            id=self.state.mint(),
            host=host,
            title=body["title"],
            description=body["description"],
            type=body["type"],
            public=body["public"],
            category=self.state.categories[reference(body["category"])],
            subcategory=body["subcategory"],
            venue=self.state.venues[reference(body["venue"])],
        )
        self._write(event, body)
        return json_reply(201, self.shapes.event(self.state.add_event(event)))

    def _check(self, body: Given, event: Event | None) -> None:
        require(body, NEEDED)
        texts = ("type", "title", "description", "subcategory", "start", "end", "disclaimer")
        tests = dict.fromkeys(texts, is_text) | {"public": is_flag, "tags": is_texts}
        category = self.state.categories.get(reference(body["category"]))
        check(
            body,
            tests
            | {
                "category": lambda value: reference(value) in self.state.categories,
                "subcategory": lambda value: category is None or value in category.subcategories,
                "venue": lambda value: reference(value) in self.state.venues,
                "start": _is_time,
                "end": _is_time,
            },
        )
        title = body["title"].casefold()
        if any(other is not event and other.title.casefold() == title for other in self.state.events.values()):
            raise conflict("event", ["title"])

    def _write(self, event: Event, body: Given) -> None:
        for name in ("start", "end", "disclaimer", "tags"):
            if name in body:
                setattr(event, name, body[name] or type(getattr(event, name))())

    def save_event(self, caller: Caller, event_id: str, request: Request) -> Reply:
        event, body = self.event_of(event_id), given(request)
        caller.must_run(event.host)
        self._check(body, event)
        for name in ("type", "title", "description", "subcategory", "public"):
            setattr(event, name, body[name])
        event.category = self.state.categories[reference(body["category"])]
        event.venue = self.state.venues[reference(body["venue"])]
        self._write(event, body)
        return json_reply(200, self.shapes.event(event))

    def delete_event(self, caller: Caller, event_id: str) -> Reply:
        event = self.event_of(event_id)
        caller.must_run(event.host)
        if event.sections:
            raise Refusal(409, "An event cannot be deleted while it has sections.")
        self.state.drop_event(event)
        return self.deleted("The event has been deleted.")

    def submit(self, caller: Caller, event_id: str) -> Reply:
        event = self.event_of(event_id)
        caller.must_run(event.host)
        if event.status != "Draft":
            raise Refusal(409, "This event has already been submitted or has been cancelled.")
        event.status = "Pending Review"
        return json_reply(201, {"self": f"/submissions/{base64.b64encode(event.uri.encode()).decode()}"})

    def decide(self, caller: Caller, name: str, request: Request) -> Reply:
        """A system administrator approves what was submitted, or sends it back."""
        caller.must_be_system()
        event = self.event_of(_unpacked(name))
        if event.status != "Pending Review":
            raise no_resource()
        if truth(asked(request).get("approved")):
            event.status, event.published = "Scheduled", iso_seconds(self.state.clock())
        else:
            event.status = "Draft"
        return self.deleted("The submission has been decided.")


def _names(wanted: str | None, thing_id: str) -> bool:
    return wanted is None or reference(wanted) == thing_id


def _is_time(value: object) -> bool:
    return isinstance(value, str) and moment(value, UK) is not None


def _unpacked(name: str) -> str:
    """The event's id out of its URI in base64."""
    try:
        return reference(base64.b64decode(name + "=" * (-len(name) % 4)).decode())
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
