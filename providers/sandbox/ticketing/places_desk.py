"""Regions, venues, categories and countries."""

from collections.abc import Mapping

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.programme import UK
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.checking import Given, check, given, is_number, is_text, is_texts, reference, require
from providers.sandbox.ticketing.desk import Desk
from providers.sandbox.ticketing.listing import asked, contains, listed, truth
from providers.sandbox.ticketing.objects import Category, Region, Venue, moment
from providers.sandbox.ticketing.refusals import (
    category_in_use,
    conflict,
    no_resource,
    region_in_use,
    venue_in_use,
)

COUNTRIES = ("Antigua and Barbuda", "Barbados", "France", "Germany", "Ireland", "Jamaica", "United Kingdom")


class PlacesDesk(Desk):
    def countries(self, caller: Caller) -> Reply:
        caller.must_not_be_gate()
        return json_reply(200, {"countries": list(COUNTRIES)})

    def regions(self, caller: Caller, request: Request) -> Reply:
        caller.must_not_be_gate()
        active = truth(asked(request).get("active"))
        busy = self._busy_regions()
        found = [region for region in self.state.regions.values() if active is None or (region.id in busy) is active]
        return listed(request, found, self.shapes.region, self.switches)

    def _busy_regions(self) -> set[str]:
        """Those with events to come that anybody may see. On the real server one without a date is still to come."""
        now, events = self.state.clock(), self.state.events.values()
        ends = ((event, moment(event.end or event.start, UK)) for event in events if event.is_listed)
        return {event.venue.region.id for event, end in ends if end is None or end >= now}

    def region(self, caller: Caller, region_id: str) -> Reply:
        caller.must_not_be_gate()
        return json_reply(200, self.shapes.region(_held(self.state.regions, region_id)))

    def add_region(self, caller: Caller, request: Request) -> Reply:
        caller.must_be_system()
        body = given(request)
        self._check_region(body, None)
        region = Region(id=self.state.mint(), name=body["name"], country=body["country"])
        self._write_region(region, body)
        self.state.regions[region.id] = region
        return json_reply(201, self.shapes.region(region))

    def save_region(self, caller: Caller, region_id: str, request: Request) -> Reply:
        caller.must_be_system()
        region, body = _held(self.state.regions, region_id), given(request)
        self._check_region(body, region)
        self._write_region(region, body)
        return json_reply(200, self.shapes.region(region))

    def _check_region(self, body: Given, region: Region | None) -> None:
        require(body, ("name", "country"))
        check(body, dict.fromkeys(("name", "country", "district", "city"), is_text))
        _must_be_free("region", body["name"], self.state.regions, region)

    def _write_region(self, region: Region, body: Given) -> None:
        for name in ("name", "country", "district", "city"):
            setattr(region, name, body.get(name) or "")

    def delete_region(self, caller: Caller, region_id: str) -> Reply:
        caller.must_be_system()
        region = _held(self.state.regions, region_id)
        if any(venue.region is region for venue in self.state.venues.values()):
            raise region_in_use()
        del self.state.regions[region.id]
        return self.deleted("The region has been deleted.")

    def venues(self, caller: Caller, request: Request) -> Reply:
        caller.must_not_be_gate()
        query = asked(request)
        region = query.get("region")
        found = [
            venue
            for venue in self.state.venues.values()
            if (region is None or reference(region) == venue.region.id) and contains(venue.name, query.get("name"))
        ]
        return listed(request, found, self.shapes.venue, self.switches)

    def venue(self, caller: Caller, venue_id: str) -> Reply:
        caller.must_not_be_gate()
        return json_reply(200, self.shapes.venue(_held(self.state.venues, venue_id)))

    def add_venue(self, caller: Caller, request: Request) -> Reply:
        caller.must_be_system()
        body = given(request)
        self._check_venue(body)
        _must_be_free("venue", body["name"], self.state.venues, None)
        venue = Venue(
            id=self.state.mint(),
            name=body["name"],
            region=self.state.regions[reference(body["region"])],
            longitude=body["longitude"],
            latitude=body["latitude"],
            address=body["address"],
        )
        self.state.venues[venue.id] = venue
        return json_reply(201, self.shapes.venue(venue))

    def save_venue(self, caller: Caller, venue_id: str, request: Request) -> Reply:
        caller.must_be_system()
        venue, body = _held(self.state.venues, venue_id), given(request)
        # Seen on the real server: a name that another venue has is told before anything that is missing.
        _must_be_free("venue", body.get("name"), self.state.venues, venue)
        self._check_venue(body)
        for name in ("name", "longitude", "latitude", "address"):
            setattr(venue, name, body[name])
        venue.region = self.state.regions[reference(body["region"])]
        return json_reply(200, self.shapes.venue(venue))

    def _check_venue(self, body: Given) -> None:
        require(body, ("name", "address", "longitude", "latitude", "region"))
        tests = dict.fromkeys(("name", "address"), is_text) | dict.fromkeys(("longitude", "latitude"), is_number)
        check(body, tests | {"region": lambda value: reference(value) in self.state.regions})

    def delete_venue(self, caller: Caller, venue_id: str) -> Reply:
        caller.must_be_system()
        venue = _held(self.state.venues, venue_id)
        if any(event.venue is venue for event in self.state.events.values()):
            raise venue_in_use()
        del self.state.venues[venue.id]
        return self.deleted("The venue has been deleted.")

    def categories(self, caller: Caller, request: Request) -> Reply:
        caller.must_not_be_gate()
        return listed(request, list(self.state.categories.values()), self.shapes.category, self.switches)

    def category(self, caller: Caller, category_id: str) -> Reply:
        caller.must_not_be_gate()
        return json_reply(200, self.shapes.category(_held(self.state.categories, category_id)))

    def add_category(self, caller: Caller, request: Request) -> Reply:
        caller.must_be_system()
        body = given(request)
        self._check_category(body, None)
        category = Category(id=self.state.mint(), name=body["name"], subcategories=body.get("subcategories") or [])
        self.state.categories[category.id] = category
        return json_reply(201, self.shapes.category(category))

    def save_category(self, caller: Caller, category_id: str, request: Request) -> Reply:
        caller.must_be_system()
        category, body = _held(self.state.categories, category_id), given(request)
        self._check_category(body, category)
        category.name, category.subcategories = body["name"], body.get("subcategories") or []
        return json_reply(200, self.shapes.category(category))

    def _check_category(self, body: Given, category: Category | None) -> None:
        require(body, ("name",))
        check(body, {"name": is_text, "subcategories": is_texts})
        _must_be_free("category", body["name"], self.state.categories, category)

    def delete_category(self, caller: Caller, category_id: str) -> Reply:
        caller.must_be_system()
        category = _held(self.state.categories, category_id)
        if any(event.category is category for event in self.state.events.values()):
            raise category_in_use()
        del self.state.categories[category.id]
        return self.deleted("The category has been deleted.")


def _held[T](things: Mapping[str, T], thing_id: str) -> T:
    if thing_id not in things:
        raise no_resource()
    return things[thing_id]


def _must_be_free[T: (Region, Venue, Category)](
    word: str, name: object, things: Mapping[str, T], mine: T | None
) -> None:
    wanted = str(name).casefold()
    if any(thing is not mine and thing.name.casefold() == wanted for thing in things.values()):
        raise conflict(word, ["name"])
