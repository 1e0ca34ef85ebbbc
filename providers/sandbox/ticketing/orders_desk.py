"""Orders, and paying for them: how tickets come about."""

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.ticketing.access import Caller
from providers.sandbox.ticketing.checking import Given, given, reference, require
from providers.sandbox.ticketing.desk import Desk
from providers.sandbox.ticketing.listing import asked, listed
from providers.sandbox.ticketing.objects import Account, Order, Section
from providers.sandbox.ticketing.refusals import Refusal, invalid, no_account, no_resource, restricted, sold_out

PAYMENT = ("number", "cvv", "expiryDate", "name", "email", "phone", "address1", "city", "district", "country")
DECLINED_CARD = "5555555555555555"


class OrdersDesk(Desk):
    def place(self, caller: Caller, request: Request) -> Reply:
        body = given(request)
        require(body, ("items",))
        customer = self._customer(caller, body)
        items = self._items(body["items"])
        if any(section.remaining < quantity for section, quantity in items):
            raise sold_out()
        return json_reply(201, self.shapes.order(self.state.place(customer, items)))

    def _customer(self, caller: Caller, body: Given) -> Account:
        """Whoever is named; otherwise the account behind the key."""
        number = reference(body.get("customer"))
        if number and number not in self.state.accounts:
            raise no_account()
        customer = self.state.accounts.get(number, caller.account)
        if customer is None:
            raise restricted()
        caller.must_be(customer)
        return customer

    def _items(self, items: object) -> list[tuple[Section, int]]:
        given_items = items if isinstance(items, dict) else {}
        found = [(self._section(uri), quantity) for uri, quantity in given_items.items()]
        good = [(section, quantity) for section, quantity in found if section and _is_quantity(quantity)]
        if not good or len(good) < len(found):
            raise invalid(["items"])
        return good

    def _section(self, uri: str) -> Section | None:
        section_id = reference(uri)
        events = (event for event in self.state.events.values() if event.status != "Cancelled")
        return next((section for event in events if (section := event.section(section_id))), None)

    def _order(self, caller: Caller, number: str) -> Order:
        order = self.state.orders.get(number)
        if order is None:
            raise no_resource()
        caller.must_be(order.customer)
        return order

    def orders(self, caller: Caller, request: Request) -> Reply:
        query = asked(request)
        found = [
            order
            for order in self.state.orders.values()
            if (caller.is_system or order.customer is caller.account)
            and reference(query.get("customer", order.customer.number)) == order.customer.number
            and query.get("status", order.status) == order.status
        ]
        return listed(request, found, self.shapes.order, self.switches, {"date": lambda order: order.placed})

    def order(self, caller: Caller, number: str) -> Reply:
        return json_reply(200, self.shapes.order(self._order(caller, number)))

    def cancel(self, caller: Caller, number: str) -> Reply:
        order = self._order(caller, number)
        if order.status != "Placed":
            raise Refusal(409, f"A {order.status.lower()} order cannot be cancelled.")
        self.state.let_go(order, "Cancelled")
        return self.deleted("The order has been cancelled.")

    def pay(self, caller: Caller, number: str, request: Request) -> Reply:
        """No card is stored; one number is always declined."""
        order, body = self._order(caller, number), given(request)
        require(body, PAYMENT)
        if order.status != "Placed":
            raise Refusal(409, f"You cannot pay for a {order.status} order.")
        if str(body["number"]).replace(" ", "") == DECLINED_CARD:
            return json_reply(200, {"status": "Declined"})
        self.state.fulfil(order)
        return json_reply(201, {"status": "Authorised"})


def _is_quantity(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
