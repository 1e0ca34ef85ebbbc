"""Everything TickeTing holds, and the few laws its parts obey."""

from datetime import datetime, timedelta
from decimal import Decimal

from providers.sandbox.clock import Clock
from providers.sandbox.dice import mixed
from providers.sandbox.programme import UK
from providers.sandbox.ticketing.objects import (
    Account,
    Admission,
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
    code_of,
    key_of,
    moment,
)

PAYMENT_WINDOW = timedelta(minutes=15)


class State:
    """Objects by id, in order of creation; keys by what they open."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        self.usernames: dict[str, Account] = {}
        self.emails: dict[str, Account] = {}
        self.hosts: dict[str, Host] = {}
        self.regions: dict[str, Region] = {}
        self.venues: dict[str, Venue] = {}
        self.categories: dict[str, Category] = {}
        self.events: dict[str, Event] = {}
        self.tokens: dict[str, Token] = {}
        self.token_keys: dict[str, Token] = {}
        self.sessions: dict[str, Session] = {}
        self.orders: dict[str, Order] = {}
        self.proofs: dict[str, Proof] = {}
        self._minted = 0

    def mint(self) -> str:
        """A new id: fourteen digits."""
        self._minted += 1
        return str(17_500_000_100_000 + self._minted)

    def add_account(self, username: str, password: str, email: str, *, role: str = "customer") -> Account:
        prefix = "".join(letter for letter in username.upper() if letter.isascii() and letter.isalnum())
        number = f"{prefix[:2]:X<2}-{code_of(int(self.mint()))}"
        account = Account(number=number, username=username, password=password, email=email, role=role)
        self.accounts[number] = self.usernames[username.casefold()] = account
        if email:
            self.emails[email.casefold()] = account
        return account

    def drop_account(self, account: Account) -> None:
        self.accounts.pop(account.number)
        self.usernames.pop(account.username.casefold(), None)
        self.emails.pop(account.email.casefold(), None)

    def identified(self, identification: str) -> Account | None:
        """By username or e-mail address."""
        name = identification.casefold()
        return self.usernames.get(name) or self.emails.get(name)

    def add_event(self, event: Event) -> Event:
        self.events[event.id] = event
        self.add_token(event, [], is_global=True)
        return event

    def add_token(self, event: Event, sections: list[Section], *, is_global: bool = False) -> Token:
        token_id = self.mint()
        token = Token(
            id=token_id,
            event=event,
            code=code_of(int(token_id)),
            key=key_of("token", int(token_id)),
            is_global=is_global,
            chosen=sections,
        )
        event.tokens.append(token)
        self.tokens[token.code] = self.token_keys[token.key] = token
        return token

    def drop_token(self, token: Token) -> None:
        """Its key is dead at once."""
        token.event.tokens.remove(token)
        del self.tokens[token.code], self.token_keys[token.key]

    def drop_event(self, event: Event) -> None:
        for token in list(event.tokens):
            self.drop_token(token)
        del self.events[event.id]

    def start_session(self, account: Account) -> Session:
        session = Session(key=key_of("session", int(self.mint())), account=account, started=self.clock())
        self.sessions[session.key] = session
        return session

    def is_on_sale(self, section: Section) -> bool:
        now = self.clock()
        begin, end = moment(section.sales_start, UK), moment(section.sales_end, UK)
        in_time = (begin is None or begin <= now) and (end is None or now <= end)
        return in_time and section.remaining > 0 and section.event.status == "Scheduled"

    def issue(self, section: Section, owner: Account, *, at: datetime | None = None) -> Ticket:
        """One ticket, counted as sold."""
        at = at or self.clock()
        ticket_id = self.mint()
        ticket = Ticket(
            id=ticket_id,
            serial=serial_of(section, int(ticket_id)),
            section=section,
            owner=owner,
            issued=at,
            changed=at,
        )
        section.event.tickets.append(ticket)
        section.sold += 1
        return ticket

    def admit(self, ticket: Ticket, *, redeemer: str, device: str, at: datetime | None = None) -> Admission:
        ticket.status, ticket.redeemed = "Redeemed", at or self.clock()
        ticket.changed = ticket.redeemed
        admission = Admission(id=self.mint(), ticket=ticket, redeemer=redeemer, device=device, admitted=ticket.redeemed)
        ticket.section.event.admissions.append(admission)
        return admission

    def place(self, customer: Account, items: list[tuple[Section, int]]) -> Order:
        number = f"{mixed(int(self.mint())):016X}"[:12]
        order = Order(number=number, customer=customer, placed=self.clock(), items=items)
        self.orders[number] = order
        for section, quantity in items:
            section.reserved += quantity
        if not sum((section.price * quantity for section, quantity in items), Decimal()):
            self.fulfil(order)
        return order

    def fulfil(self, order: Order) -> None:
        """Paid, or free: reserved places become tickets."""
        order.status = "Fulfilled"
        for section, quantity in order.items:
            section.reserved -= quantity
            for _ in range(quantity):
                self.issue(section, order.customer)

    def let_go(self, order: Order, status: str) -> None:
        """Reserved places are free again."""
        order.status = status
        for section, quantity in order.items:
            section.reserved -= quantity

    def time_out(self) -> None:
        """Orders that nobody paid for in time."""
        now = self.clock()
        for order in self.orders.values():
            if order.status == "Placed" and now - order.placed > PAYMENT_WINDOW:
                self.let_go(order, "Timed Out")


def serial_of(section: Section, number: int) -> str:
    title, name = _letters(section.event.title), _letters(section.name)
    digits = number * 7919 % 10**8
    return f"{title[:3]:X<3}{title[-3:]:X>3}-{name[:4]:X<4}{digits:08d}"


def _letters(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
