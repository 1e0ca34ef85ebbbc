"""Admission tokens, tickets and admissions: what a gate needs."""

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.programme import UK
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.checking import given, is_text, is_texts, reference, require
from providers.sandbox.ticketing.desk import Desk
from providers.sandbox.ticketing.listing import asked, listed, truth
from providers.sandbox.ticketing.objects import Admission, Event, Section, Ticket, Token, moment
from providers.sandbox.ticketing.refusals import (
    bad_query,
    global_token,
    invalid,
    no_code,
    no_resource,
    nobody_admitted,
    restricted,
)


class GateDesk(Desk):
    def exchange(self, caller: Caller, code: str) -> Reply:
        """A code becomes a key."""
        caller.must_not_be_gate()
        if code not in self.state.tokens:
            raise no_code()
        return json_reply(200, self.shapes.key(self.state.tokens[code]))

    def _run(self, caller: Caller, event_id: str) -> Event:
        """The event, of a host that the caller administers."""
        event = self._event(event_id)
        caller.must_run(event.host)
        return event

    def _event(self, event_id: str) -> Event:
        if event_id not in self.state.events:
            raise no_resource()
        return self.state.events[event_id]

    def tokens(self, caller: Caller, event_id: str, request: Request) -> Reply:
        event, wanted = self._run(caller, event_id), truth(asked(request).get("global"))
        ordered = sorted(event.tokens, key=lambda token: not token.is_global)
        found = [token for token in ordered if wanted is None or token.is_global is wanted]
        return listed(request, found, self.shapes.token, self.switches)

    def issue(self, caller: Caller, event_id: str, request: Request) -> Reply:
        event = self._run(caller, event_id)
        return json_reply(201, self.shapes.token(self.state.add_token(event, self._chosen(event, request))))

    def _chosen(self, event: Event, request: Request) -> list[Section]:
        body = given(request)
        require(body, ("sections",))
        uris = body["sections"] if isinstance(body["sections"], list) else [body["sections"]]
        found = [event.section(reference(uri)) for uri in uris]
        sections = [section for section in dict.fromkeys(found) if section is not None]
        if None in found:
            raise invalid(["sections"])
        return sections

    def _token(self, caller: Caller, event_id: str, token_id: str) -> Token:
        event = self._run(caller, event_id)
        token = next((token for token in event.tokens if token.id == token_id), None)
        if token is None:
            raise no_resource()
        return token

    def token(self, caller: Caller, event_id: str, token_id: str) -> Reply:
        return json_reply(200, self.shapes.token(self._token(caller, event_id, token_id)))

    def save_token(self, caller: Caller, event_id: str, token_id: str, request: Request) -> Reply:
        token = self._token(caller, event_id, token_id)
        chosen = self._chosen(token.event, request)
        if token.is_global:
            raise global_token()
        token.chosen = chosen
        return json_reply(200, self.shapes.token(token))

    def delete_token(self, caller: Caller, event_id: str, token_id: str) -> Reply:
        token = self._token(caller, event_id, token_id)
        if token.is_global:
            raise global_token()
        self.state.drop_token(token)
        return self.deleted("The token has been deleted.")

    def _open(self, caller: Caller, event_id: str) -> tuple[Event, set[str]]:
        """The event, and the ids of those of its sections that this key lets in to."""
        event = self._event(event_id)
        if not caller.opens_gate_of(event):
            raise restricted()
        sections = caller.token.sections if caller.token else event.sections
        return event, {section.id for section in sections}

    def tickets(self, caller: Caller, event_id: str, request: Request) -> Reply:
        event, reach = self._open(caller, event_id)
        since = asked(request).get("modified_since", "")
        after = moment(since, UK)
        if since and after is None:
            raise bad_query(["modified_since"])

        def fits(ticket: Ticket) -> bool:
            return ticket.section.id in reach and (after is None or ticket.changed > after)

        return listed(request, [each for each in event.tickets if fits(each)], self.shapes.ticket, self.switches)

    def admissions(self, caller: Caller, event_id: str, request: Request) -> Reply:
        event, reach = self._open(caller, event_id)
        query = asked(request)

        def fits(admission: Admission) -> bool:
            ticket = admission.ticket
            return (
                ticket.section.id in reach
                and query.get("redeemer", admission.redeemer) == admission.redeemer
                and query.get("device", admission.device) == admission.device
                and query.get("ticket", ticket.serial) == ticket.serial
                and reference(query.get("patron", ticket.owner.number)) == ticket.owner.number
                and reference(query.get("section", ticket.section.id)) == ticket.section.id
            )

        found = [admission for admission in event.admissions if fits(admission)]
        return listed(request, found, self.shapes.admission, self.switches)

    def admit(self, caller: Caller, event_id: str, request: Request) -> Reply:
        """Lets in whom it can; says nothing of the others."""
        event, reach = self._open(caller, event_id)
        body = given(request)
        require(body, ("redeemer", "device", "serials"))
        tests = {"redeemer": is_text, "device": is_text, "serials": is_texts}
        if wrong := [name for name, test in tests.items() if not test(body[name])]:
            raise invalid(wrong)
        held = {ticket.serial: ticket for ticket in event.tickets}
        let_in = [
            self.state.admit(held[serial], redeemer=body["redeemer"], device=body["device"])
            for serial in dict.fromkeys(body["serials"])
            if serial in held and held[serial].section.id in reach and held[serial].status == "Issued"
        ]
        if not let_in:
            raise nobody_admitted()
        return json_reply(201, [self.shapes.admission(admission) for admission in let_in])

    def event_statistics(self, caller: Caller, event_id: str) -> Reply:
        event = self._run(caller, event_id)
        return json_reply(200, {"capacity": sum(each.capacity for each in event.sections), **self._figures([event])})

    def host_statistics(self, caller: Caller, host_id: str) -> Reply:
        host = self.state.hosts.get(host_id)
        if host is None:
            raise no_resource()
        caller.must_run(host)
        events = [event for event in self.state.events.values() if event.host is host]
        return json_reply(200, {"events": len(events), **self._figures(events)})

    def _figures(self, events: list[Event]) -> dict[str, object]:
        sections = [section for event in events for section in event.sections]
        ordered = [order for order in self.state.orders.values() if any(each in sections for each, _ in order.items)]
        return {
            "orders": len(ordered),
            "revenue": float(sum(section.sold * section.price for section in sections)),
            "tickets": sum(section.sold for section in sections),
        }
