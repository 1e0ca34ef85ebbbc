"""The pretended TickeTing: who is asking, for what, and the answer."""

from collections.abc import Mapping
from typing import ClassVar

from providers.sandbox.clock import Clock
from providers.sandbox.dice import mixed
from providers.sandbox.messages import Reply, Request
from providers.sandbox.site import Site
from providers.sandbox.ticketing.access import Caller, Keys, check_version
from providers.sandbox.ticketing.gate_desk import GateDesk
from providers.sandbox.ticketing.objects import Ticket
from providers.sandbox.ticketing.orders_desk import OrdersDesk
from providers.sandbox.ticketing.people_desk import PeopleDesk
from providers.sandbox.ticketing.places_desk import PlacesDesk
from providers.sandbox.ticketing.proof_desk import ProofDesk
from providers.sandbox.ticketing.refusals import Refusal, no_endpoint, no_method, restricted, unauthenticated
from providers.sandbox.ticketing.routes import works
from providers.sandbox.ticketing.sections_desk import SectionsDesk
from providers.sandbox.ticketing.seed import DEMO_HOST, DEMO_KEY, fill, settle
from providers.sandbox.ticketing.state import State
from providers.sandbox.ticketing.switches import Switches


class TicketingSite(Site):
    key = "ticketing"
    prefix = "/ticketing/v3"
    live_base_url = "https://api.ticketingevents.com/v3"
    demo_key = DEMO_KEY
    demo_settings: ClassVar[Mapping[str, str]] = {
        "host_id": DEMO_HOST,
        "currency": "GBP",
        "time_zone": "Europe/London",
    }
    actions: ClassVar[frozenset[str]] = frozenset({"revoke", "sell", "admit", "hand_over", "cancel"})

    def __init__(self, clock: Clock, *, seed: int, size: str) -> None:
        super().__init__(clock)
        self.switches: Switches = Switches()
        self.state = State(clock)
        self.keys = Keys(self.state, self.revoked)
        settle(self.state, self.keys)
        if size != "empty":
            fill(self.state, seed=seed, size=size, now=clock())
        self._open_desks()

    def _open_desks(self) -> None:
        self.people = PeopleDesk(self.state, self.switches)
        self.places = PlacesDesk(self.state, self.switches)
        self.calendar = SectionsDesk(self.state, self.switches)
        self.gate = GateDesk(self.state, self.switches)
        self.orders = OrdersDesk(self.state, self.switches)
        self.proofs = ProofDesk(self.state, self.switches)

    def counts(self) -> dict[str, int]:
        events = self.state.events.values()
        return {
            "events": len(events),
            "sections": sum(len(event.sections) for event in events),
            "tickets": sum(len(event.tickets) for event in events),
            "admissions": sum(len(event.admissions) for event in events),
        }

    def answer(self, request: Request) -> Reply:
        try:
            return self._answered(request)
        except Refusal as refusal:
            return refusal.reply(self.switches)

    def _answered(self, request: Request) -> Reply:
        found = works(self, request)
        if found is None:
            raise no_endpoint(request.path)
        if request.method not in found:
            raise no_method(request.path, request.method)
        check_version(request, self.switches.oldest_client)
        caller = self._caller(request)
        self.state.time_out()
        return found[request.method](caller)

    def _caller(self, request: Request) -> Caller:
        if self.switches.keyless_session and request.method == "POST" and request.segments == ("sessions",):
            return Caller()
        try:
            return self.keys.caller(request)
        except Refusal as refusal:
            if request.segments == ("sessions", "active") and refusal.status == 403:
                raise _session_gone(self.switches.session_gone) from None
            raise

    def sell(self, count: int = 1, section_id: str = "") -> list[str]:
        """So many tickets go, to accounts that exist; gives the serials."""
        sections = [section for event in self.state.events.values() for section in event.sections]
        section = next(each for each in sections if section_id in ("", each.id))
        buyers = list(self.state.accounts.values())
        return [self.state.issue(section, buyers[-1 - n % len(buyers)]).serial for n in range(count)]

    def admit(self, serial: str, redeemer: str = "Gate A", device: str = "Scanner 1") -> str:
        """Somebody is let in at the gate; gives the admission's id."""
        return self.state.admit(self._ticket(serial), redeemer=redeemer, device=device).id

    def hand_over(self, serial: str, number: str) -> None:
        """A ticket gets another holder."""
        ticket = self._ticket(serial)
        ticket.owner, ticket.changed = self.state.accounts[number], self.clock()

    def cancel(self, event_id: str) -> None:
        """An administrator cancels an event."""
        self.state.events[event_id].status = "Cancelled"

    def _ticket(self, serial: str) -> Ticket:
        tickets = (ticket for event in self.state.events.values() for ticket in event.tickets)
        return next(ticket for ticket in tickets if ticket.serial == serial)

    def tick(self, number: int) -> None:
        """Most often a ticket is sold; now and then one changes hands."""
        sections = [section for event in self.state.events.values() for section in event.sections]
        on_sale = [section for section in sections if self.state.is_on_sale(section)]
        buyers = list(self.state.accounts.values())
        buyer = buyers[mixed(number) % len(buyers)]
        if number % 5 == 4:
            tickets = [each for each in self._issued() if each.owner is not buyer]
            if tickets:
                self.hand_over(tickets[mixed(number + 1) % len(tickets)].serial, buyer.number)
        elif on_sale:
            self.state.issue(on_sale[number % len(on_sale)], buyer)

    def _issued(self) -> list[Ticket]:
        events = self.state.events.values()
        return [ticket for event in events for ticket in event.tickets if ticket.status == "Issued"]


def _session_gone(status: int) -> Refusal:
    return unauthenticated() if status == 401 else restricted()
