"""Filling eventrac: the programme's races with their questions and products, and a few of its own."""

from datetime import datetime, timedelta

from providers.sandbox.eventrac.objects import Product, Race, Variation
from providers.sandbox.eventrac.state import State
from providers.sandbox.letsdothis.objects import PARTICIPANT, hex_id
from providers.sandbox.people import person
from providers.sandbox.programme import PlannedEvent, PlannedRace, programme, sunday_near

DEMO_ORGANISER, OTHER_ORGANISER = 20417, 31008
DEMO_KEY = "sandbox-7d1c52e0a91e4f0fb2a6d3c98e41a91e"
OTHER_KEY = "sandbox-other-3b9f0c6e2d8a4715"
LDT_KEY = "sandbox-bridge-5ac81f27d9e04b63"
"""Also the demo organiser's, but another platform's: what it added, the demo key may not see."""

_LISTED = {"s": 4, "m": 24, "l": 1}
_AFFILIATIONS = ("uk-athletics", "triathlon-england")


def fill(state: State, *, seed: int, size: str, now: datetime) -> None:
    """The first events of the programme are listed here too; some races are full, closed, or for teams."""
    for planned in programme(size, seed=seed, now=now)[: _LISTED[size]]:
        _add_event(state, planned)
    _add_own(state, now)
    _add_pushed_by_the_other_platform(state, seed)
    other = state.add_event(OTHER_ORGANISER, "Rival Races Festival")
    state.add_race(other, "Rival 10K", now + timedelta(days=40), sold_elsewhere=12)


def _add_event(state: State, planned: PlannedEvent) -> None:
    event = state.add_event(
        DEMO_ORGANISER,
        planned.name,
        description=f"<p>{planned.name}: start and finish at <strong>{planned.place}</strong>.</p>",
        location=planned.place,
        geo_location={"lat": planned.latitude, "lng": planned.longitude, "zoom": 13},
        img_url=f"http://eventrac.local/img/{planned.number}.jpg",
    )
    for race in planned.races:
        capacity = max(30, race.capacity // 10)
        taken = 50 + race.number * 37 % 40
        listed = state.add_race(
            event,
            race.name,
            race.starts_at,
            capacity=capacity,
            sold_elsewhere=capacity * taken // 100,
            price=race.price,
            affiliated_price=race.price - 200 if race.km >= 5 else None,
            fee=race.price // 20,
            fee_payer="organiser" if race.number % 4 == 3 else "participant",
            affiliations=list(_AFFILIATIONS[: race.number % 3]),
            description=f"{race.km:g} km, {planned.surface.lower()}.",
        )
        _add_questions(state, listed, race)
        _add_products(state, listed, race)
        _make_special(listed, race.number)


def _add_questions(state: State, listed: Race, race: PlannedRace) -> None:
    listed.questions.append(state.question("Predicted finish time (minutes)", mandatory=True))
    pens = ("Front", "Middle", "Back")
    listed.questions.append(state.question("Start pen", options=pens, mandatory=race.number % 2 == 0))
    if race.km > 42:
        listed.questions.append(state.question("Longest race so far", mandatory=True))
        listed.questions.append(state.question("Next of kin's relationship to you"))


def _add_products(state: State, listed: Race, race: PlannedRace) -> None:
    """Every third race has no products key at all."""
    if race.number % 3 == 0:
        listed.has_products = False
        return
    sizes = ("S", "M", "L", "XL")
    shirts = [
        Variation(
            id=state.next_id(), title=f"T-shirt {size}", stock=(0, 3, 40, 25)[n], amount=1200, shipping=150, fee=60
        )
        for n, size in enumerate(sizes)
    ]
    listed.products.append(
        Product(title="Event T-shirt", description="Organic cotton", variations=shirts, max_quantity=2)
    )
    if race.km >= 21:
        medal = Variation(id=state.next_id(), title="Engraving", stock=200, amount=850, fee_payer="organiser")
        listed.products.append(Product(title="Engraved medal", variations=[medal]))


def _make_special(listed: Race, number: int) -> None:
    """The second race is full, the third has one place left, the fourth's closing date is over."""
    if number == 2:
        listed.sold_elsewhere = listed.capacity
    elif number == 3:
        listed.sold_elsewhere = listed.capacity - 1
    elif number == 7:
        listed.closes_at = listed.created + timedelta(days=1)


def _add_own(state: State, now: datetime) -> None:
    """Races that are sold nowhere else."""
    festival = next(iter(state.events.values()))
    first = festival.races[0]
    mile = state.add_race(
        festival, "Hexley Junior Mile" if "Hexley" in festival.name else "Junior Mile",
        first.starts_at + timedelta(hours=3), capacity=400, sold_elsewhere=188, price=600, has_products=False,
    )  # fmt: skip
    mile.closes_at = now - timedelta(days=1)
    relay = state.add_event(DEMO_ORGANISER, "Wren Valley Relays", location="Wren Valley Cricket Club")
    start = datetime.combine(sunday_near(now, 72), datetime.min.time(), now.tzinfo) + timedelta(hours=9)
    state.add_race(
        relay, "Wren Valley Relay", start, capacity=60, sold_elsewhere=21, price=7200, team=(3, 6), has_products=False
    )
    state.add_race(
        relay, "Wren Valley Solo", start + timedelta(minutes=15), capacity=150, sold_elsewhere=38, price=2200
    )
    past = state.add_event(DEMO_ORGANISER, "Fellgate New Year Dash", location="")
    state.add_race(past, "New Year Dash 5K", now - timedelta(days=41), capacity=250, sold_elsewhere=231, price=1500)


def _add_pushed_by_the_other_platform(state: State, seed: int) -> None:
    """Some bookings of the other platform are here already, under its ids; the demo key pushed every other one."""
    race = next(iter(state.races.values()))
    for number in range(0, 24, 2):
        who = person(seed, number)
        values = {
            "external_reference": hex_id(PARTICIPANT, number),
            "email": who.email,
            "first_name": who.first_name,
            "last_name": who.last_name,
            "dob": who.birth_date.isoformat() if who.birth_date else None,
            "gender": who.gender or None,
        }
        state.store(race, values, DEMO_KEY if number % 4 else LDT_KEY)
