"""Changing an event and its sections at TickeTing, and giving tickets of a free one away.

TickeTing replaces the whole object: what is there is read first, and what was filled in is laid over it.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from providers.errors import NotFound, ProviderError, Refused, Unsupported
from providers.operations import Done, Verb
from providers.parsing import LARGEST_INTEGER, count, lenient
from providers.port import Received
from providers.replies import Reply
from providers.ticketing.api import Api
from providers.ticketing.mapping import Local
from providers.ticketing.money import decimal
from providers.ticketing.offered import MOST_TICKETS
from providers.ticketing.payloads import EventPayload, PricePayload, SectionPayload, any_json, many, one
from providers.ticketing.receiving import receive_event
from providers.ticketing.uris import last_id, part, section_uri
from providers.ticketing.values import event_of, needed, said, wanted

_NUMBER = re.compile(r"[A-Z0-9]{2}-[0-9A-Z]{8}")
_YES_OR_NO = {"yes": True, "no": False}

type Body = dict[str, Any]
type Values = Mapping[str, object]


class EventDesk:
    def __init__(self, api: Api, local: Local) -> None:
        self._api = api
        self._local = local

    def perform(self, verb: Verb, subject: str, values: Values) -> Done:
        event_id = event_of(subject)
        match verb:
            case Verb.EDIT_EVENT:
                self._edit(event_id, values)
            case Verb.SUBMIT_EVENT:
                self._api.send("POST", f"/events/{part(event_id)}/submissions", {})
            case Verb.ADD_RACE:
                self._api.send("POST", f"/events/{part(event_id)}/sections", self._section(values, None))
            case Verb.EDIT_RACE:
                section = self._held(event_id, values)
                self._api.send("PUT", section_uri(event_id, section.uri), self._section(values, section))
            case Verb.REMOVE_RACE:
                self._remove(event_id, needed(values, "race"))
            case Verb.GIVE_TICKET:
                return self._give(event_id, values)
            case _:
                raise Unsupported("TickeTing cannot do that through its API.")
        return Done(external_id=event_id, refreshed=self._again(event_id))

    def _again(self, event_id: str) -> tuple[Received, ...]:
        """The event as it is now; it is done, so that a failing read changes nothing."""
        try:
            received = receive_event(self._api.event(event_id).body)
        except ProviderError:
            return ()
        return (received,) if isinstance(received, Received) else ()

    def _edit(self, event_id: str, values: Values) -> None:
        held = self._api.event(event_id)
        sent = held.read(EventPayload)
        given = {name: said(values, name) for name in ("title", "description", "disclaimer")}
        given |= {name: _local_time(said(values, name), name) for name in ("start", "end")}
        body = _kept(held) | {name: value for name, value in given.items() if value}
        body |= {"category": _uri(sent.category, "categories"), "venue": _uri(sent.venue, "venues")}
        if (public := said(values, "public")) in _YES_OR_NO:
            body["public"] = _YES_OR_NO[public]
        self._api.send("PUT", f"/events/{part(event_id)}", body)

    def _held(self, event_id: str, values: Values) -> SectionPayload:
        """The section that is meant, as the event shows it. Raises NotFound."""
        wished = needed(values, "race")
        sections = (one(raw, SectionPayload) for raw in many(self._api.event(event_id).read(EventPayload).sections))
        found = next((each for each in sections if each and last_id(each.uri) == last_id(wished)), None)
        if found is None:
            raise NotFound("TickeTing no longer has this race.")
        return found

    def _section(self, values: Values, held: SectionPayload | None) -> Body:
        """``held`` None: a new one, for which everything has to be given."""
        price = one(held.price, PricePayload) if held else None
        return {
            "name": said(values, "name") or (held.name if held else needed(values, "name")),
            "description": said(values, "description") or (held.description if held else ""),
            "basePrice": _price(values, price),
            "capacity": _whole(values, "capacity", held.capacity if held else None),
            "salesStart": self._sales_time(values, "sales_start") or (held.sales_start if held else ""),
            "salesEnd": self._sales_time(values, "sales_end") or (held.sales_end if held else ""),
        }

    def _sales_time(self, values: Values, name: str) -> str:
        """Sales times are written with a zone: the event's own clock, told in UTC."""
        local = _local_time(said(values, name), name)
        if not local:
            return ""
        at = datetime.fromisoformat(local).replace(tzinfo=self._local.zone).astimezone(UTC)
        return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"

    def _remove(self, event_id: str, race: str) -> None:
        with suppress(NotFound):  # it is gone, which is what was wanted
            self._api.send("DELETE", section_uri(event_id, race))

    def _give(self, event_id: str, values: Values) -> Done:
        section = self._held(event_id, values)
        price = one(section.price, PricePayload) or PricePayload()
        if decimal(price.current) or decimal(price.base):
            raise Refused(
                "This race costs something, and TickeTing gives only tickets of free ones away. Add a race at price 0 "
                "to the event for those you invite."
            )
        quantity = _whole(values, "quantity", 1)
        if not 1 <= quantity <= MOST_TICKETS:
            raise wanted("quantity", f"Give between 1 and {MOST_TICKETS} tickets at once.", rule="invalid")
        holder = self._holder(said(values, "holder"))
        items = {section_uri(event_id, section.uri): quantity}
        reply = self._api.send("POST", "/orders", {"items": items} | ({"customer": holder} if holder else {}))
        order = any_json(msgspec.Raw(reply.body))
        told = order if isinstance(order, dict) else {}
        facts = (("Order", last_id(told.get("number"))), ("Status", str(told.get("status") or "")))
        return Done(
            external_id=event_id,
            facts=tuple((name, value) for name, value in facts if value),
            refreshed=self._again(event_id),
        )

    def _holder(self, named: str) -> str:
        """The number of the account that is meant; "" for the one behind the key. Raises Refused."""
        if not named or _NUMBER.fullmatch(named):
            return named
        found = self._api.pages("/accounts", {"email" if "@" in named else "username": named})
        for raw in next(found).rows:
            return last_id(any_json(msgspec.Raw(raw)))
        raise wanted("holder", "TickeTing does not know an account of this name, number or address.", rule="unknown")


def _kept(held: Reply) -> Body:
    """What a save has to repeat, as it is."""
    told = any_json(msgspec.Raw(held.body))
    names = ("title", "description", "type", "public", "subcategory", "start", "end", "disclaimer", "tags")
    return {name: told[name] for name in names if told.get(name) is not None} if isinstance(told, dict) else {}


def _uri(raw: msgspec.Raw, shelf: str) -> str:
    found = last_id(any_json(raw))
    return f"/{shelf}/{found}" if found else ""


def _local_time(text: str, name: str) -> str:
    """As TickeTing's own samples write it, to the minute and without a zone."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%dT%H:%M}" if text else ""
    except ValueError:
        raise wanted(name, "This is not a date and time. It looks like 2027-05-16T09:30.", rule="invalid") from None


def _price(values: Values, held: PricePayload | None) -> int | float:
    given = values.get("price")
    text = str(given).strip() if given not in (None, "") else ""
    try:
        amount = Decimal(text) if text else decimal(held.base) if held else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or not 0 <= amount <= LARGEST_INTEGER:
        raise wanted("price", "Give a price, 0 for none.", rule="invalid")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _whole(values: Values, name: str, held: object) -> int:
    given = values.get(name)
    found = lenient(count, held if given in (None, "") else given, None)
    if found is None:
        raise wanted(name, "Give a whole number.", rule="invalid")
    return found
