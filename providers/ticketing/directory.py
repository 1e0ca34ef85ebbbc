"""Everything else there is at TickeTing: places, kinds, hosts, accounts, events by name, the session."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

import msgspec

from providers.parsing import lenient, text
from providers.ticketing import dates
from providers.ticketing.api import Api
from providers.ticketing.mapping import name_of
from providers.ticketing.payloads import AccountPayload, read
from providers.ticketing.shelf import Shelf, Told
from providers.ticketing.uris import last_id, part


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    id: str
    name: str
    country: str = ""
    district: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """``longitude`` and ``latitude`` come back within 0.0001 of what was entered. ``region_id`` "": not said."""

    id: str
    name: str
    address: str = ""
    region_id: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    id: str
    name: str
    subcategories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    id: str
    name: str
    contact: str = ""
    email: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountProfile:
    number: str
    username: str
    name: str = ""
    email: str = ""
    role: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A live session, without its key. ``started`` as TickeTing writes it: no zone is told."""

    started: str
    account: AccountProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class EventName:
    """``id`` and title of an event, or id and name of one of its sections."""

    id: str
    name: str


class Directory:
    """Everything by its collection. Hosts and those who run TickeTing write here; a race organiser mostly reads."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.regions = Shelf(api, "/regions", _region)
        self.venues = Shelf(api, "/venues", _venue)
        self.categories = Shelf(api, "/categories", _category)
        self.hosts = Shelf(api, "/hosts", _host)
        self.accounts = Shelf(api, "/accounts", _account)
        self.events = Shelf(api, "/events", _named)

    def sections(self, event_id: str) -> Shelf[EventName]:
        return Shelf(self._api, f"/events/{part(event_id)}/sections", _named)

    def countries(self) -> list[str]:
        """English names, in one answer without pages."""
        names = self._one("/countries").get("countries")
        return [text(each) for each in names if isinstance(each, str)] if isinstance(names, list) else []

    def preferred_region(self, number: str) -> str:
        """The id of the region an account prefers, "" for none."""
        return last_id(self._one(_preferences(number)).get("region"))

    def prefer_region(self, number: str, region_id: str) -> None:
        self._api.send("PUT", _preferences(number), {"region": region_id})

    def decide(self, event_id: str, *, approved: bool) -> None:
        """Publish an event that waits for its review, or send it back. Only for those who run TickeTing."""
        name = b64encode(f"/events/{event_id}".encode()).decode()
        self._api.send("DELETE", f"/submissions/{part(name)}", query={"approved": "true" if approved else "false"})

    def session(self) -> Session:
        """The session of this connection's account."""
        told = self._one("/sessions/active")
        started, account = dates.session_started(told.get("started")), told.get("account")
        return Session(started=started, account=_account(account if isinstance(account, dict) else {}))

    def _one(self, path: str) -> Told:
        return self._api.get(path).read(dict[str, object])


def _preferences(number: str) -> str:
    return f"/accounts/{part(number)}/preferences"


def _said(told: Told, *names: str) -> str:
    """The first of these that says something; later versions renamed a few."""
    return next((found for name in names if (found := lenient(text, told.get(name), ""))), "")


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _region(told: Told) -> Region:
    return Region(
        id=last_id(told.get("self")),
        name=_said(told, "name"),
        country=_said(told, "country"),
        district=_said(told, "district"),
        city=_said(told, "city"),
    )


def _venue(told: Told) -> Venue:
    """The region is a link here, and an object inside an event: either will do."""
    return Venue(
        id=last_id(told.get("self")),
        name=_said(told, "name"),
        address=_said(told, "address"),
        region_id=last_id(told.get("region")),
        longitude=_number(told.get("longitude")),
        latitude=_number(told.get("latitude")),
    )


def _category(told: Told) -> Category:
    """Subcategories are texts, later objects with a name."""
    kinds = told.get("subcategories")
    names = (
        each.get("name") if isinstance(each, dict) else each for each in (kinds if isinstance(kinds, list) else [])
    )
    found = tuple(name for name in (lenient(text, each, "") for each in names) if name)
    return Category(id=last_id(told.get("self")), name=_said(told, "name"), subcategories=found)


def _host(told: Told) -> Host:
    return Host(
        id=last_id(told.get("self")),
        name=_said(told, "name"),
        contact=_said(told, "contact"),
        email=_said(told, "email"),
        country=_said(told, "country"),
    )


def _named(told: Told) -> EventName:
    return EventName(id=last_id(told.get("self")), name=_said(told, "title", "name"))


def _account(told: Told) -> AccountProfile:
    sent = read(msgspec.json.encode(told), AccountPayload)
    return AccountProfile(
        number=_said(told, "number"),
        username=_said(told, "username"),
        name=name_of(sent),
        email=_said(told, "email"),
        role=_said(told, "role"),
        birth_date=lenient(dates.birth_date, sent.date_of_birth, None),
    )
