"""How each object looks on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from providers.sandbox.clock import iso_seconds
from providers.sandbox.ticketing.objects import (
    ACCOUNT_TEXTS,
    HOST_TEXTS,
    Account,
    Admission,
    Body,
    Category,
    Event,
    Host,
    Order,
    Proof,
    Region,
    Section,
    Session,
    Ticket,
    Token,
    Venue,
)
from providers.sandbox.ticketing.state import State
from providers.sandbox.ticketing.switches import Switches


class Shapes:
    """Bodies, in the ways the switches ask for."""

    def __init__(self, state: State, switches: Switches) -> None:
        self._state = state
        self._switches = switches

    @property
    def absent(self) -> Any:
        """An object that is not there."""
        return [] if self._switches.empty_as_list else None

    def account(self, account: Account) -> Body:
        uri = f"/accounts/{account.number}"
        return {
            "self": uri,
            "number": account.number,
            "username": account.username,
            "email": account.email,
            "role": account.role,
            "verified": account.verified,
            "activated": True,
            **{name: account.about.get(name, "") for name in ACCOUNT_TEXTS},
            "preferences": f"{uri}/preferences",
        }

    def person(self, account: Account) -> Body:
        """The holder of a ticket."""
        whole = self.account(account)
        brief = ("self", "number", "username", "firstName", "lastName")
        return {name: whole[name] for name in brief} if self._switches.brief_people else whole

    def proof(self, proof: Proof) -> Body:
        return {"self": f"/{proof.kind}/{proof.id}", "email": proof.account.email}

    def lookup(self, identification: str, role: str, account: Account | None) -> Body:
        """What is told to somebody who has no business with the account itself."""
        names = (account.about.get(name, "") for name in ("firstName", "lastName")) if account else ()
        return {
            "identification": identification,
            "role": role,
            "found": account is not None,
            "name": " ".join(name for name in names if name),
            "number": account.number if account else "",
        }

    def preferences(self, account: Account) -> Body:
        return {"region": int(account.region) if account.region else None}

    def session(self, session: Session) -> Body:
        return {
            "self": f"/sessions/{session.key}",
            "key": session.key,
            "started": f"{session.started:%Y-%m-%d %H:%M:%S}",
            "account": self.account(session.account),
        }

    def host(self, host: Host) -> Body:
        return {"self": f"/hosts/{host.id}", **{name: host.about.get(name, "") for name in HOST_TEXTS}}

    def region(self, region: Region) -> Body:
        return {
            "self": f"/regions/{region.id}",
            "name": region.name,
            "country": region.country,
            "district": region.district,
            "city": region.city,
            "icon": f"{self._switches.media}/{region.country.lower().replace(' ', '_')}.png",
        }

    def venue(self, venue: Venue) -> Body:
        return {
            "self": f"/venues/{venue.id}",
            "name": venue.name,
            "region": f"/regions/{venue.region.id}",
            "longitude": venue.longitude,
            "latitude": venue.latitude,
            "address": venue.address,
            "map": f"https://maps.example/static?c={venue.latitude},{venue.longitude}",
        }

    def category(self, category: Category) -> Body:
        return {"self": f"/categories/{category.id}", "name": category.name, "subcategories": category.subcategories}

    def event(self, event: Event) -> Body:
        return {
            "self": event.uri,
            "host": self.host(event.host),
            "title": event.title,
            "description": event.description,
            "type": event.type,
            "public": event.public,
            "category": self.category(event.category),
            "subcategory": event.subcategory,
            "start": event.start,
            "end": event.end,
            "venue": self.venue(event.venue) | {"region": self.region(event.venue.region)},
            "disclaimer": event.disclaimer,
            "tags": event.tags,
            "banner": f"{self._switches.media}/banner/{event.id}",
            "thumbnail": f"{self._switches.media}/thumbnail/{event.id}",
            "status": event.status,
            "published": event.published,
            "popularity": event.popularity,
            "sections": [self.section(section, inside=True) for section in event.sections],
        }

    def section_uri(self, section: Section, *, inside: bool = False) -> str:
        """Short inside an event and when just made, whole everywhere else; unless switched."""
        way = self._switches.section_uris
        short = way == "relative" or (way == "reference" and inside)
        return f"/sections/{section.id}" if short else f"{section.event.uri}/sections/{section.id}"

    def section(self, section: Section, *, inside: bool = False) -> Body:
        return {
            "self": self.section_uri(section, inside=inside),
            "name": section.name,
            "description": section.description,
            "price": {"base": _number(section.base), "current": _number(section.price), "expires": section.expires},
            "salesStart": section.sales_start,
            "salesEnd": section.sales_end,
            "active": self._state.is_on_sale(section),
            "capacity": section.capacity,
            "sold": section.sold,
            "remaining": section.remaining,
            "reserved": section.reserved,
        }

    def token(self, token: Token) -> Body:
        return {
            "self": f"{token.event.uri}/tokens/{token.id}",
            "code": token.code,
            "global": token.is_global,
            "sections": [self.section_uri(section) for section in token.sections],
        }

    def key(self, token: Token) -> Body:
        """What a code is exchanged for."""
        sections = [self.section_uri(section) for section in token.sections]
        return {"event": token.event.uri, "key": token.key, "sections": sections}

    def ticket(self, ticket: Ticket) -> Body:
        return {
            "self": f"{ticket.section.event.uri}/tickets/{ticket.id}",
            "serial": ticket.serial,
            "status": ticket.status,
            "section": self.section(ticket.section),
            "owner": self.person(ticket.owner),
            "issued": iso_seconds(ticket.issued),
            "redeemed": _instant(ticket.redeemed) or self._switches.unused,
        }

    def admission(self, admission: Admission) -> Body:
        ticket = admission.ticket
        return {
            "self": f"{ticket.section.event.uri}/admissions/{admission.id}",
            "redeemer": admission.redeemer,
            "device": admission.device,
            "ticket": ticket.serial,
            "patron": self.person(ticket.owner),
            "section": self.section(ticket.section),
            "admitted": iso_seconds(admission.admitted),
        }

    def order(self, order: Order) -> Body:
        subtotal = sum((section.price * quantity for section, quantity in order.items), Decimal())
        fees = sum((fee(section.base) * quantity for section, quantity in order.items), Decimal()) if subtotal else 0
        uri = f"/orders/{order.number}"
        return {
            "self": uri,
            "number": order.number,
            "status": order.status,
            "placed": order.placed.strftime("%Y-%m-%dT%H:%M:%S"),
            "subtotal": _number(subtotal),
            "fees": _number(Decimal(fees)),
            "total": _number(subtotal + fees),
            "items": [self._item(section, quantity) for section, quantity in order.items],
            "customer": self.account(order.customer),
            "payments": f"{uri}/payments",
            "refunds": f"{uri}/refunds",
        }

    def _item(self, section: Section, quantity: int) -> Body:
        return {
            "section": self.section_uri(section),
            "number": f"{int(section.id):032x}",
            "name": f"{section.event.title}: {section.name}",
            "description": section.description,
            "price": _number(section.price),
            "quantity": quantity,
        }


def fee(base: Decimal) -> Decimal:
    """What is charged for one ticket, by its base price."""
    steps = ((50, "0.99"), (100, "1.99"), (150, "2.99"), (200, "3.99"))
    return next((Decimal(amount) for limit, amount in steps if base <= limit), Decimal("4.99"))


def _number(amount: Decimal) -> int | float:
    """As a JSON number: whole amounts without a point."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _instant(at: datetime | None) -> str:
    return iso_seconds(at) if at else ""
