"""Every path there is, and what is done there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from providers.sandbox.messages import Reply, Request
from providers.sandbox.ticketing.access import Caller

if TYPE_CHECKING:
    from providers.sandbox.ticketing.site import TicketingSite

type Work = Callable[[Caller], Reply]
type Works = Mapping[str, Work]


def works(site: "TicketingSite", request: Request) -> Works | None:
    """What can be done at this path, by method; None for a path that does not exist."""
    match request.segments:
        case ("sessions" | "accounts" | "hosts", *_):
            return _people(site, request)
        case ("regions" | "venues" | "categories" | "countries", *_):
            return _places(site, request)
        case ("tokens", code):
            return {"GET": lambda who: site.gate.exchange(who, code)}
        case ("orders", *_):
            return _orders(site, request)
        case ("lookups" | "verifications" | "resets", *_):
            return _proofs(site, request)
        case _:
            return _events(site, request)


def _people(site: "TicketingSite", request: Request) -> Works | None:
    desk = site.people
    match request.segments:
        case ("sessions",):
            return {"POST": lambda _: desk.start_session(request)}
        case ("sessions", "active"):
            return {"GET": desk.session, "DELETE": desk.end_session}
        case ("accounts",):
            return {"GET": lambda who: desk.accounts(who, request), "POST": lambda who: desk.register(who, request)}
        case ("accounts", number):
            return {
                "GET": lambda who: desk.account(who, number),
                "PUT": lambda who: desk.save_account(who, number, request),
                "DELETE": lambda who: desk.delete_account(who, number),
            }
        case ("accounts", number, "preferences"):
            return {
                "GET": lambda who: desk.preferences(who, number),
                "PUT": lambda who: desk.save_preferences(who, number, request),
            }
        case ("accounts", number, "hosts"):
            return {"GET": lambda who: desk.hosts_of(who, number, request)}
        case ("hosts",):
            return {"GET": lambda who: desk.hosts(who, request), "POST": lambda who: desk.add_host(who, request)}
        case ("hosts", host_id):
            return {
                "GET": lambda who: desk.host(who, host_id),
                "PUT": lambda who: desk.save_host(who, host_id, request),
                "DELETE": lambda who: desk.delete_host(who, host_id),
            }
        case ("hosts", host_id, "administrators"):
            return {"POST": lambda who: desk.add_administrator(who, host_id, request)}
        case ("hosts", host_id, "events"):
            return {"GET": lambda who: site.calendar.of_host(who, host_id, request)}
        case ("hosts", host_id, "statistics"):
            return {"GET": lambda who: site.gate.host_statistics(who, host_id)}
        case _:
            return None


def _places(site: "TicketingSite", request: Request) -> Works | None:
    desk = site.places
    lists = {
        "regions": (desk.regions, desk.add_region),
        "venues": (desk.venues, desk.add_venue),
        "categories": (desk.categories, desk.add_category),
    }
    singles = {
        "regions": (desk.region, desk.save_region, desk.delete_region),
        "venues": (desk.venue, desk.save_venue, desk.delete_venue),
        "categories": (desk.category, desk.save_category, desk.delete_category),
    }
    match request.segments:
        case ("countries",):
            return {"GET": desk.countries}
        case (name,) if name in lists:
            shown, added = lists[name]
            return {"GET": lambda who: shown(who, request), "POST": lambda who: added(who, request)}
        case (name, thing_id) if name in singles:
            read, saved, deleted = singles[name]
            return {
                "GET": lambda who: read(who, thing_id),
                "PUT": lambda who: saved(who, thing_id, request),
                "DELETE": lambda who: deleted(who, thing_id),
            }
        case _:
            return None


def _orders(site: "TicketingSite", request: Request) -> Works | None:
    desk = site.orders
    match request.segments:
        case ("orders",):
            return {"GET": lambda who: desk.orders(who, request), "POST": lambda who: desk.place(who, request)}
        case ("orders", number):
            return {"GET": lambda who: desk.order(who, number), "DELETE": lambda who: desk.cancel(who, number)}
        case ("orders", number, "payments"):
            return {"POST": lambda who: desk.pay(who, number, request)}
        case _:
            return None


def _proofs(site: "TicketingSite", request: Request) -> Works | None:
    desk = site.proofs
    match request.segments:
        case ("lookups",):
            return {"POST": lambda who: desk.look_up(who, request)}
        case ("verifications" | "resets" as kind,):
            return {"POST": lambda who: desk.begin(who, kind, request)}
        case ("verifications" | "resets" as kind, proof_id):
            return {"PATCH": lambda who: desk.confirm(who, kind, proof_id, request)}
        case _:
            return None


def _events(site: "TicketingSite", request: Request) -> Works | None:
    desk = site.calendar
    match request.segments:
        case ("published-events",):
            return {"GET": lambda who: desk.published(who, request)}
        case ("submissions", *name) if name:
            return {"DELETE": lambda who: desk.decide(who, "/".join(name), request)}
        case ("events",):
            return {"GET": lambda who: desk.events(who, request), "POST": lambda who: desk.add_event(who, request)}
        case ("events", event_id):
            return {
                "GET": lambda who: desk.event(who, event_id),
                "PUT": lambda who: desk.save_event(who, event_id, request),
                "DELETE": lambda who: desk.delete_event(who, event_id),
            }
        case ("events", event_id, "submissions"):
            return {"POST": lambda who: desk.submit(who, event_id)}
        case ("events", event_id, "statistics"):
            return {"GET": lambda who: site.gate.event_statistics(who, event_id)}
        case ("events", event_id, "sections", *_):
            return _sections(site, request, event_id)
        case ("events", event_id, *_):
            return _gate(site, request, event_id)
        case _:
            return None


def _sections(site: "TicketingSite", request: Request, event_id: str) -> Works | None:
    desk = site.calendar
    match request.segments[3:]:
        case ():
            return {
                "GET": lambda who: desk.sections(who, event_id, request),
                "POST": lambda who: desk.add_section(who, event_id, request),
            }
        case (section_id,):
            return {
                "GET": lambda who: desk.section(who, event_id, section_id),
                "PUT": lambda who: desk.save_section(who, event_id, section_id, request),
                "DELETE": lambda who: desk.delete_section(who, event_id, section_id),
            }
        case _:
            return None


def _gate(site: "TicketingSite", request: Request, event_id: str) -> Works | None:
    desk = site.gate
    match request.segments[2:]:
        case ("tokens",):
            return {
                "GET": lambda who: desk.tokens(who, event_id, request),
                "POST": lambda who: desk.issue(who, event_id, request),
            }
        case ("tokens", token_id):
            return {
                "GET": lambda who: desk.token(who, event_id, token_id),
                "PUT": lambda who: desk.save_token(who, event_id, token_id, request),
                "DELETE": lambda who: desk.delete_token(who, event_id, token_id),
            }
        case ("tickets",):
            return {"GET": lambda who: desk.tickets(who, event_id, request)}
        case ("admissions",):
            return {
                "GET": lambda who: desk.admissions(who, event_id, request),
                "POST": lambda who: desk.admit(who, event_id, request),
            }
        case _:
            return None
