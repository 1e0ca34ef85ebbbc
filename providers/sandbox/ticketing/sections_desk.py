"""The sections of an event: what it sells."""

from decimal import Decimal

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.calendar_desk import CalendarDesk
from providers.sandbox.ticketing.checking import check, given, is_capacity, is_price, is_text, price, require
from providers.sandbox.ticketing.listing import listed
from providers.sandbox.ticketing.objects import Body, Event, Section
from providers.sandbox.ticketing.refusals import no_resource, restricted

NEEDED = ("name", "basePrice", "salesStart", "salesEnd", "capacity")


class SectionsDesk(CalendarDesk):
    def _seen(self, caller: Caller, event_id: str) -> Event:
        event = self.event_of(event_id)
        if not caller.sees(event):
            raise restricted()
        return event

    def sections(self, caller: Caller, event_id: str, request: Request) -> Reply:
        return listed(request, self._seen(caller, event_id).sections, self.shapes.section, self.switches)

    def section(self, caller: Caller, event_id: str, section_id: str) -> Reply:
        section = self._section(self._seen(caller, event_id), section_id)
        return json_reply(200, self.shapes.section(section))

    def _section(self, event: Event, section_id: str) -> Section:
        section = event.section(section_id)
        if section is None:
            raise no_resource()
        return section

    def add_section(self, caller: Caller, event_id: str, request: Request) -> Reply:
        event = self.event_of(event_id)
        caller.must_run(event.host)
        body = _checked(request)
        section = Section(
            id=self.state.mint(),
            event=event,
            name=body["name"],
            description=body.get("description") or "",
            base=price(body["basePrice"]) or Decimal(),
            sales_start=body["salesStart"],
            sales_end=body["salesEnd"],
            capacity=body["capacity"],
        )
        event.sections.append(section)
        return json_reply(201, self.shapes.section(section, inside=True))

    def save_section(self, caller: Caller, event_id: str, section_id: str, request: Request) -> Reply:
        event = self.event_of(event_id)
        section = self._section(event, section_id)
        caller.must_run(event.host)
        body = _checked(request)
        section.name, section.description = body["name"], body.get("description") or ""
        section.base = price(body["basePrice"]) or Decimal()
        section.sales_start, section.sales_end = body["salesStart"], body["salesEnd"]
        section.capacity = body["capacity"]
        return json_reply(200, self.shapes.section(section))

    def delete_section(self, caller: Caller, event_id: str, section_id: str) -> Reply:
        event = self.event_of(event_id)
        section = self._section(event, section_id)
        caller.must_run(event.host)
        event.sections.remove(section)
        event.tickets = [ticket for ticket in event.tickets if ticket.section is not section]
        event.admissions = [each for each in event.admissions if each.ticket.section is not section]
        for token in event.tokens:
            token.chosen = [chosen for chosen in token.chosen if chosen is not section]
        return self.deleted("The section has been deleted.")


def _checked(request: Request) -> Body:
    """The body, with the base price from either of its two places."""
    body = given(request)
    shown = body.get("price")
    if "basePrice" not in body and isinstance(shown, dict):
        body["basePrice"] = shown.get("base")
    require(body, NEEDED)
    tests = dict.fromkeys(("name", "description", "salesStart", "salesEnd"), is_text)
    check(body, tests | {"basePrice": is_price, "capacity": is_capacity})
    return body
