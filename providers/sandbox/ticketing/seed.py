"""Filling TickeTing: the programme's races, and the odd ones that tests of a gate want."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from providers.sandbox.clock import iso_seconds
from providers.sandbox.dice import Dice
from providers.sandbox.people import person
from providers.sandbox.programme import ORGANISATION, UK, PlannedEvent, programme
from providers.sandbox.ticketing.access import ADMINISTRATOR, Keys
from providers.sandbox.ticketing.objects import Account, Category, Event, Host, Region, Section, Venue, key_of
from providers.sandbox.ticketing.state import State

DEMO_KEY = key_of("integration", 1)
READ_KEY = key_of("integration", 2)
DEMO_HOST = "17500000020001"
OTHER_HOST = "17500000020002"
PASSWORD = "over-the-fells"
HOST_ADMIN, STRANGER, SYSTEM_ADMIN = "fellgate", "rival", "overseer"

TICKETS = {"s": 240, "m": 6_000, "l": 20_000}
ENTRY_FROM = 900_000  # where this platform's people begin among the invented ones
COUNTIES = (
    "Northumberland", "North Yorkshire", "Lancashire", "Gwynedd", "Perthshire", "Avon", "Bedfordshire", "Berkshire",
    "Borders", "Buckinghamshire", "Cambridgeshire", "Cheshire", "Cleveland", "Cornwall", "Cumbria", "Derbyshire",
    "Devon", "Dorset", "Durham", "Essex", "Fife", "Gloucestershire", "Hampshire", "Highland", "Kent", "Lothian",
    "Merseyside", "Norfolk", "Powys", "Surrey",
)  # fmt: skip


def settle(state: State, keys: Keys) -> None:
    """Hosts, accounts and keys: what is there before anything else."""
    overseer = state.add_account(SYSTEM_ADMIN, PASSWORD, "overseer@ticketing.example", role=ADMINISTRATOR)
    keys.system[DEMO_KEY] = overseer
    keys.readers[READ_KEY] = None
    for host_id, name, username in ((DEMO_HOST, ORGANISATION, HOST_ADMIN), (OTHER_HOST, "Rival Races", STRANGER)):
        account = state.add_account(username, PASSWORD, f"{username}@mail.example")
        about = {"name": name, "contact": "Morag Tyson", "email": f"races@{username}.example", "city": "Hexley"}
        state.hosts[host_id] = Host(
            id=host_id, about=about | {"country": "United Kingdom"}, administrators={account.number}
        )


def fill(state: State, *, seed: int, size: str, now: datetime) -> None:
    """Everything on sale. Content depends on the seed, times on ``now``."""
    for name in COUNTIES:
        region = Region(id=state.mint(), name=name, country="United Kingdom")
        state.regions[region.id] = region
    for name, kinds in (("Sport", ["Road race", "Trail race"]), ("Community", ["Open day"])):
        category = Category(id=state.mint(), name=name, subcategories=kinds)
        state.categories[category.id] = category
    planned = programme(size, seed=seed, now=now)
    events = [_event(state, each, now) for each in planned]
    _draft(state, events[0])
    _rival(state, events[0])
    buyers = list(_buyers(state, seed, TICKETS[size] * 2 // 3))
    _sell(state, events, buyers, seed, TICKETS[size], now)
    for event in events[:2]:
        state.add_token(event, event.sections[:1])
    _admit(state, events, now)


def _venue(state: State, planned: PlannedEvent) -> Venue:
    regions = list(state.regions.values())
    venue = Venue(
        id=state.mint(),
        name=planned.place,
        region=regions[(planned.number - 1) % len(regions)],
        longitude=planned.longitude,
        latitude=planned.latitude,
        address=f"{planned.place}, {planned.town}",
    )
    state.venues[venue.id] = venue
    return venue


def _event(state: State, planned: PlannedEvent, now: datetime) -> Event:
    start = min(race.starts_at for race in planned.races).astimezone(UK)
    event = Event(
        id=state.mint(),
        host=state.hosts[DEMO_HOST],
        title=planned.name,
        description=f"{planned.name}, run by {ORGANISATION}",
        type="Standard",
        public=True,
        category=next(iter(state.categories.values())),
        subcategory="Road race" if planned.surface == "Road" else "Trail race",
        venue=_venue(state, planned),
        start=f"{start:%Y-%m-%dT%H:%M}",
        end=f"{start + timedelta(hours=8):%Y-%m-%dT%H:%M}",
        tags=["running"],
        status="Scheduled",
        published=iso_seconds(now - timedelta(days=90)),
        popularity=100 - planned.number,
    )
    state.add_event(event)
    for race in planned.races:
        _section(state, event, race.name, Decimal(race.price) / 100, race.capacity, now)
    return event


def _section(state: State, event: Event, name: str, price: Decimal, capacity: int, now: datetime) -> Section:
    end = datetime.fromisoformat(event.start) - timedelta(days=2)
    section = Section(
        id=state.mint(),
        event=event,
        name=name,
        description="Chip timed",
        base=price,
        current=price - Decimal("2.50") if price > 20 and len(event.sections) == 0 else None,
        expires=f"{end:%Y-%m-%dT%H:%M}",
        sales_start=(now - timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        sales_end=f"{end:%Y-%m-%dT23:59}",
        capacity=capacity,
    )
    event.sections.append(section)
    return section


def _draft(state: State, like: Event) -> None:
    """Not to be seen by strangers; with a section that costs nothing."""
    draft = Event(
        id=state.mint(),
        host=like.host,
        title="Fellgate Volunteers' Evening",
        description="For the helpers",
        type="Standard",
        public=False,
        category=list(state.categories.values())[1],
        subcategory="Open day",
        venue=like.venue,
        start=like.start,
        end=like.end,
    )
    state.add_event(draft)
    _section(state, draft, "Supper", Decimal(0), 80, state.clock())


def _rival(state: State, like: Event) -> None:
    """Somebody else's, on the same calendar."""
    rival = Event(
        id=state.mint(),
        host=state.hosts[OTHER_HOST],
        title="Rival Races 10K",
        description="Not ours",
        type="Standard",
        public=True,
        category=like.category,
        subcategory="Road race",
        venue=like.venue,
        start=like.start,
        end=like.end,
        status="Scheduled",
        published=like.published,
    )
    state.add_event(rival)
    section = _section(state, rival, "Rival 10K", Decimal("19.99"), 500, state.clock())
    for _ in range(3):
        state.issue(section, state.usernames[STRANGER])


def _buyers(state: State, seed: int, count: int) -> Iterator[Account]:
    for number in range(count):
        who = person(seed, ENTRY_FROM + number)
        account = state.add_account(f"runner{number}", PASSWORD, who.email)
        account.about = {
            "firstName": who.first_name,
            "lastName": who.last_name,
            "dateOfBirth": who.birth_date.isoformat() if who.birth_date else "",
            "phone": who.phone,
            "country": "United Kingdom",
            "firstAddressLine": who.address_1,
            "city": who.city,
        }
        yield account


def _sell(
    state: State, events: Sequence[Event], buyers: Sequence[Account], seed: int, count: int, now: datetime
) -> None:
    """Oldest first. The last section of the second event (or of the only one) is full afterwards."""
    sections = [section for event in events for section in event.sections]
    for number in range(count):
        section = sections[number % len(sections)]
        if section.remaining <= 0:
            continue
        dice = Dice(seed, number + (1 << 36))
        age = timedelta(days=60) * (count - number) / count
        bought = dice.below(len(buyers))
        latest = min(now, _start(section.event) - timedelta(days=2))
        state.issue(section, buyers[bought], at=(latest - age).replace(microsecond=0))
    full = events[min(1, len(events) - 1)].sections[-1]
    full.capacity = max(full.sold, 1)


def _admit(state: State, events: Sequence[Event], now: datetime) -> None:
    """Those who came, at events that are over; at least five somewhere."""
    over = [event for event in events if _start(event) < now]
    for event in over or events[:1]:
        for ticket in event.tickets[: len(event.tickets) * 9 // 10 if over else 5]:
            at = min(now, _start(event) - timedelta(minutes=25))
            state.admit(ticket, redeemer="Gate A, Sam", device="Pixel 6", at=at)


def _start(event: Event) -> datetime:
    return datetime.fromisoformat(event.start).replace(tzinfo=UK)
