"""Everything else that TickeTing lets one look up: places, kinds, hosts, accounts, the session."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import msgspec

from providers.parsing import lenient, text
from providers.ticketing import dates
from providers.ticketing.api import Api
from providers.ticketing.listing import Query
from providers.ticketing.mapping import name_of
from providers.ticketing.payloads import AccountPayload, any_json, read
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


type Told = dict[str, object]


class Directory:
    """Raises NotFound for what is not there, AccessDenied for what this key may not see."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def regions(self, *, active: bool | None = None) -> list[Region]:
        return [_region(each) for each in self._all("/regions", _flag("active", active))]

    def region(self, region_id: str) -> Region:
        return _region(self._one(f"/regions/{part(region_id)}"))

    def venues(self, *, region_id: str = "", name: str = "") -> list[Venue]:
        return [_venue(each) for each in self._all("/venues", _given(region=region_id, name=name))]

    def venue(self, venue_id: str) -> Venue:
        return _venue(self._one(f"/venues/{part(venue_id)}"))

    def categories(self) -> list[Category]:
        return [_category(each) for each in self._all("/categories")]

    def category(self, category_id: str) -> Category:
        return _category(self._one(f"/categories/{part(category_id)}"))

    def countries(self) -> list[str]:
        """English names, in one answer without pages."""
        names = self._one("/countries").get("countries")
        return [text(each) for each in names if isinstance(each, str)] if isinstance(names, list) else []

    def hosts(self, *, account: str = "") -> list[Host]:
        return [_host(each) for each in self._all("/hosts", _given(account=account))]

    def host(self, host_id: str) -> Host:
        return _host(self._one(f"/hosts/{part(host_id)}"))

    def accounts(self, *, number: str = "", email: str = "", username: str = "") -> list[AccountProfile]:
        found = self._all("/accounts", _given(number=number, email=email, username=username))
        return [_account(each) for each in found]

    def account(self, number: str) -> AccountProfile:
        return _account(self._one(f"/accounts/{part(number)}"))

    def preferred_region(self, number: str) -> str:
        """The id of the region an account prefers, "" for none."""
        return last_id(self._one(f"/accounts/{part(number)}/preferences").get("region"))

    def session(self) -> Session:
        """The session of this connection's account."""
        told = self._one("/sessions/active")
        started, account = dates.session_started(told.get("started")), told.get("account")
        return Session(started=started, account=_account(account if isinstance(account, dict) else {}))

    def _one(self, path: str) -> Told:
        return self._api.get(path).read(dict[str, object])

    def _all(self, path: str, filters: Query | None = None) -> Iterator[Told]:
        for listing in self._api.pages(path, filters):
            for raw in listing.rows:
                told = any_json(msgspec.Raw(raw))
                if isinstance(told, dict):
                    yield told


def _given(**filters: str) -> Query:
    return {name: value for name, value in filters.items() if value}


def _flag(name: str, value: bool | None) -> Query:
    return {} if value is None else {name: "true" if value else "false"}


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
