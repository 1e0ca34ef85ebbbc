"""The races of the invented organiser, the same at every provider, so that listings can be recognised as one race."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from providers.sandbox.dice import Dice

UK = ZoneInfo("Europe/London")
ORGANISATION = "Fellgate Events"


@dataclass(slots=True, kw_only=True, eq=False)
class PlannedRace:
    """``price`` in pence. ``share``: its part of the event's entries, in any unit."""

    number: int
    event: "PlannedEvent"
    name: str
    starts_at: datetime
    km: float
    capacity: int
    price: int
    share: int = 100


@dataclass(slots=True, kw_only=True, eq=False)
class PlannedEvent:
    number: int
    name: str
    place: str
    town: str
    latitude: float
    longitude: float
    surface: str = "Road"
    races: list[PlannedRace] = field(default_factory=list)


type Distance = tuple[str, float, str, int, int]
"""Race name, kilometres, local start "HH:MM", capacity, price in pence."""


def programme(size: str, *, seed: int, now: datetime) -> list[PlannedEvent]:
    """S: 4 events with 5 races. M: 40 with 150. L: one very large race."""
    builder = _Builder(now)
    if size == "s":
        _small(builder)
    elif size == "m":
        _small(builder)
        _regional(builder, seed)
    elif size == "l":
        event = builder.event("Great Albion Marathon", "The Embankment", "Albion", 51.5, -0.12)
        builder.race(event, 75, ("Great Albion Marathon", 42.2, "10:00", 60_000, 7999))
    return builder.events


def sunday_near(now: datetime, days: int) -> date:
    """The Sunday nearest to so many days from now."""
    day = (now + timedelta(days=days)).date()
    return day + timedelta(days=(9 - day.weekday()) % 7 - 3)


class _Builder:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._races = 0
        self.events: list[PlannedEvent] = []

    def event(
        self, name: str, place: str, town: str, latitude: float, longitude: float, surface: str = "Road"
    ) -> PlannedEvent:
        number = len(self.events) + 1
        event = PlannedEvent(
            number=number,
            name=name,
            place=place,
            town=town,
            latitude=latitude,
            longitude=longitude,
            surface=surface,
        )
        self.events.append(event)
        return event

    def race(self, event: PlannedEvent, days: int, distance: Distance, share: int = 100) -> None:
        name, km, clock, capacity, price = distance
        self._races += 1
        local = datetime.combine(sunday_near(self._now, days), time.fromisoformat(clock), UK)
        race = PlannedRace(
            number=self._races,
            event=event,
            name=name,
            starts_at=local.astimezone(UTC),
            km=km,
            capacity=capacity,
            price=price,
            share=share,
        )
        event.races.append(race)


def _small(builder: _Builder) -> None:
    festival = builder.event("Hexley Spring Running Festival", "Market Place, Hexley", "Hexley", 54.971, -2.101)
    builder.race(festival, 16, ("Hexley 10K", 10.0, "09:30", 2550, 2600))
    builder.race(festival, 16, ("Hexley Half Marathon", 21.1, "10:00", 1500, 3400))
    coast = builder.event("Saltwick Coast Marathon", "Saltwick Bay", "Saltwick", 54.484, -0.589, "Trail")
    builder.race(coast, 51, ("Saltwick Coast Marathon", 42.2, "09:00", 900, 5200))
    loch = builder.event("Loch Arrochan Ultra", "Arrochan Pier", "Arrochan", 56.62, -4.21, "Trail")
    builder.race(loch, 103, ("Loch Arrochan Ultra 50", 80.5, "06:00", 310, 8500))
    canal = builder.event("Brackwater Canal 5", "Top Lock, Brackwater", "Brackwater", 54.05, -2.8, "Towpath")
    builder.race(canal, -24, ("Brackwater Canal 5 Mile", 8.05, "10:30", 400, 1800))


_PLACES = (
    "Wrenbury", "Thirlmoor", "Kelbeck", "Oakhampton St Mary", "Penllyn", "Ravenscar Heugh", "Ashcombe", "Dunmere",
    "Fenland", "Glen Tarsin", "Hathersedge", "Inverlochy", "Jarrowby", "Kirkholme", "Lindale", "Marbury", "Nettleham",
    "Orford Ness", "Pitlessie", "Quernmore", "Rosedale", "Stainmore", "Tarn Hows", "Ullerton", "Vale of Belvoir",
    "Whinfell", "Yarrowdale", "Aberffraw", "Bleaklow", "Crickhowell", "Dovedale", "Edale", "Farndale", "Great Asby",
    "Holme Moss", "Ingleby",
)  # fmt: skip
_KINDS = ("Running Festival", "Half Weekend", "Trail Races", "Autumn Runs")
_DISTANCES: tuple[Distance, ...] = (
    ("10K", 10.0, "10:00", 1200, 2500),
    ("Half Marathon", 21.1, "09:30", 900, 3300),
    ("5K", 5.0, "11:30", 600, 1500),
    ("10 Mile", 16.1, "09:45", 700, 2800),
    ("Junior Mile", 1.6, "12:30", 300, 600),
)


def _regional(builder: _Builder, seed: int) -> None:
    """36 more events with 145 races: four each, and a fifth at the first."""
    for number, place in enumerate(_PLACES):
        dice = Dice(seed, 7_000_000 + number)
        kind = _KINDS[number % len(_KINDS)]
        event = builder.event(
            f"{place} {kind}", f"{place} Showground", place, 50.5 + dice.below(70) / 10, -4 + dice.below(50) / 10
        )
        days = dice.below(190) - 25
        for name, km, clock, capacity, price in _DISTANCES[: 5 if number == 0 else 4]:
            distance = (f"{place} {name}", km, clock, capacity, price)
            builder.race(event, days, distance, share=20 + dice.below(180))
