"""Filling an account: the programme's races, their tickets, and as many entries as the size asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from providers.sandbox.clock import milliseconds
from providers.sandbox.dice import Dice, mixed
from providers.sandbox.letsdothis.accounts import Account
from providers.sandbox.letsdothis.bodies import CHANGED_FROM, fate
from providers.sandbox.letsdothis.objects import (
    APPLICATION,
    PARTICIPANT,
    Event,
    Group,
    Race,
    Row,
    Ticket,
    hex_id,
)
from providers.sandbox.letsdothis.partners_seed import seed_groups, seed_partners
from providers.sandbox.programme import PlannedEvent, PlannedRace, programme

DAY = 86_400_000
WEEKS_OF_SALES = 8
_HOURS = (7, 8, 9, 10, 11, 12, 12, 13, 14, 16, 17, 18, 19, 19, 20, 20, 21, 21, 22, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much there is of what. ``ballots``: (index of the race, applications, places drawn)."""

    entries: int
    partners: int
    groups: int
    ballots: tuple[tuple[int, int, int], ...]


AMOUNTS = {
    "s": Amounts(entries=1500, partners=6, groups=11, ballots=((3, 140, 60),)),
    "m": Amounts(entries=50_000, partners=12, groups=90, ballots=((3, 600, 60), (5, 900, 120), (40, 1200, 90))),
    "l": Amounts(entries=60_000, partners=500, groups=2000, ballots=((0, 200_000, 42_000),)),
}


def fill(account: Account, *, seed: int, size: str, now: datetime) -> None:
    """Everything of one organiser. Content depends on the seed, times on ``now``."""
    amounts = AMOUNTS[size]
    planned = programme(size, seed=seed, now=now)
    races = [race for event in planned for race in _event(account, event, now)]
    _set_ballots(races, amounts)
    seed_partners(account, amounts.partners, now)
    groups = seed_groups(account, amounts.groups)
    shares = _shares([race for event in planned for race in event.races], amounts.entries, even=size == "s")
    account.participants.fill(_participants(seed, races, shares, groups, milliseconds(now)))
    for row in account.participants:
        if row.group:
            row.group.body["usedCapacity"] += 1
    for group in account.groups.values():
        group.body["maxCapacity"] = max(group.body["maxCapacity"], group.body["usedCapacity"])
    account.applications.fill(_applications(seed, races, amounts, milliseconds(now)))


def _event(account: Account, planned: PlannedEvent, now: datetime) -> list[Race]:
    event = Event(
        id=str(4_820_190 + planned.number),
        occurrence_id=hex_id("occurrence", planned.number),
        name=planned.name,
        location={
            "name": planned.place,
            "city": planned.town,
            "country": "GB",
            "latitude": planned.latitude,
            "longitude": planned.longitude,
        },
        form=(planned.number - 1) % 3,
    )
    account.events.setdefault(event.id, []).append(event)
    event.races = [_race(event, race, planned.surface, now) for race in planned.races]
    return event.races


def _race(event: Event, planned: PlannedRace, surface: str, now: datetime) -> Race:
    race = Race(
        id=str(9_027_714_400 + planned.number),
        event=event,
        name=planned.name,
        starts_at=planned.starts_at,
        km=planned.km,
        surface=surface,
        capacity=planned.capacity,
        waves=4 if planned.km >= 10 and planned.capacity >= 900 else 0,
        bibs=planned.starts_at - now < timedelta(days=30),
    )
    prices = (
        ("Standard", planned.price),
        ("Affiliated club", planned.price - 200),
        ("Early bird", planned.price - 500),
    )
    race.tickets = [
        Ticket(id=hex_id("ticket", planned.number * 10 + n), title=f"{planned.name}: {title}", price=price, race=race)
        for n, (title, price) in enumerate(prices)
    ]
    return race


def _set_ballots(races: list[Race], amounts: Amounts) -> None:
    first = 0
    for index, applications, places in amounts.ballots:
        races[index].ballot = places
        races[index].first_application = first
        first += applications


def _shares(planned: list[PlannedRace], entries: int, *, even: bool) -> list[int]:
    weights = [1 if even else race.share * min(race.capacity, 2000) for race in planned]
    whole = sum(weights)
    shares = [entries * weight // whole for weight in weights]
    shares[0] += entries - sum(shares)
    return shares


def _participants(
    seed: int, races: list[Race], shares: list[int], groups: dict[str, list[Group]], now: int
) -> Iterator[Row]:
    first = 0
    for race, share in zip(races, shares, strict=True):
        race.first = first
        latest = min(now, milliseconds(race.starts_at) - DAY)
        offered = groups.get(race.event.id, [])
        for number in range(first, first + share):
            row = _row(PARTICIPANT, seed, number, race, latest, now)
            thrown = mixed(number + (1 << 38)) % 1000
            if offered and thrown < 90:
                row.group = offered[thrown % len(offered)]
            yield row
        first += share


def _applications(seed: int, races: list[Race], amounts: Amounts, now: int) -> Iterator[Row]:
    for index, applications, _ in amounts.ballots:
        race = races[index]
        for number in range(race.first_application, race.first_application + applications):
            yield _row(APPLICATION, seed, number, race, now - 14 * DAY, now)


def _row(kind: str, seed: int, number: int, race: Race, latest: int, now: int) -> Row:
    dice = Dice(seed, number + (1 << 35) + (kind == APPLICATION))
    created = sold_at(dice, latest)
    updated = created
    drawn = kind == APPLICATION and number - race.first_application < race.ballot
    if drawn or fate(number) >= CHANGED_FROM or dice.per_mille(150):
        updated += 1 + dice.below(max(1, (now - created) // 1000)) * 1000 + dice.below(1000)
        updated = min(updated, now)
    return Row(kind, hex_id(kind, number), created, updated, race, number)


def sold_at(dice: Dice, latest: int) -> int:
    """Some time in the eight weeks before ``latest``: more of them lately, hardly any at night."""
    days = dice.below(1000) * dice.below(1000) * WEEKS_OF_SALES * 7 // 1_000_000
    midnight = (latest // DAY - days) * DAY
    at = midnight + dice.pick(_HOURS) * 3_600_000 + dice.below(3600) * 1000 + dice.below(1000)
    return at if at <= latest else at - DAY
