"""Invented people. Most are ordinary; every thirty-seventh has a name that breaks careless software."""

import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from providers.sandbox.dice import Dice, mixed
from providers.sandbox.names import AWKWARD, CLUBS, FEMALE, MALE, MEDICAL, NATIONS, STREETS, SURNAMES, TOWNS

AWKWARD_EVERY = 37
AWKWARD_FROM = 5
_BIRTHS = 1 << 41
_TODAY = date(2026, 1, 1).toordinal()


class Person(NamedTuple):
    """Absent text is ""; ``gender`` is "f", "m", "nb" or ""; the dates are real dates."""

    number: int
    first_name: str
    last_name: str
    email: str
    birth_date: date | None
    gender: str
    phone: str
    address_1: str
    city: str
    postcode: str
    country: str
    nationality: str
    club: str
    emergency_name: str
    emergency_phone: str
    medical: str


def person(seed: int, number: int) -> Person:
    """The ``number``-th person of a seed, always the same."""
    throw = mixed((seed << 40) ^ number)
    throw, kind = divmod(throw, 1000)
    gender = "f" if kind < 480 else "m" if kind < 982 else "nb"
    throw, home = divmod(throw, len(_homes()))
    first, last = _name(throw, number, gender)
    address = _homes()[home]
    return Person(
        number,
        first,
        last,
        _email(first, last, number),
        _birth_date(mixed(number + _BIRTHS)),
        "" if kind % 67 == 0 else gender,
        *address[:7],
        f"{address[7]} {last}".strip(),
        *address[8:],
    )


type _Home = tuple[str, str, str, str, str, str, str, str, str, str]


@lru_cache(maxsize=1)
def _homes() -> tuple[_Home, ...]:
    """Everything about a person but name, age and e-mail: a stock of 4,099, shared out, because making one is slow."""
    return tuple(_home(Dice(0, number)) for number in range(4099))


def _home(dice: Dice) -> _Home:
    town, area = dice.pick(TOWNS)
    letters = dice.pick(_LETTERS) + dice.pick(_LETTERS)
    return (
        "" if dice.per_mille(80) else _phone(dice),
        f"{1 + dice.below(180)} {dice.pick(STREETS)}",
        town,
        f"{area}{1 + dice.below(20)} {1 + dice.below(9)}{letters}",
        "GB",
        dice.pick(NATIONS) if dice.per_mille(60) else "GB",
        dice.pick(CLUBS) if dice.per_mille(350) else "",
        dice.pick(_ANY),
        _phone(dice),
        dice.pick(MEDICAL) if dice.per_mille(70) else "",
    )


_ANY = FEMALE + MALE
_LETTERS = tuple("ABDEFGHJLNPQRSTUWXYZ")


def _name(throw: int, number: int, gender: str) -> tuple[str, str]:
    if number % AWKWARD_EVERY == AWKWARD_FROM:
        return AWKWARD[number // AWKWARD_EVERY % len(AWKWARD)]
    firsts = FEMALE if gender == "f" else MALE if gender == "m" else _ANY
    throw, first = divmod(throw, len(firsts))
    throw, last = divmod(throw, len(SURNAMES))
    if throw % 25 == 0:
        return firsts[first], f"{SURNAMES[last]}-{SURNAMES[throw % len(SURNAMES)]}"
    return firsts[first], SURNAMES[last]


def _birth_date(throw: int) -> date | None:
    """Ages from about 17 to 80, mostly 25 to 55; some never said."""
    throw, kind = divmod(throw, 500)
    if kind < 15:
        return None
    if kind == 15:
        return date(1988, 2, 29)
    throw, young = divmod(throw, 32)
    throw, old = divmod(throw, 33)
    return date.fromordinal(_TODAY - (17 + young + old) * 365 - throw % 365)


def _phone(dice: Dice) -> str:
    """From the range Ofcom keeps free for stories, written the ways people write it."""
    tail = f"{dice.below(1000):03d}"
    return dice.pick(("07700900", "07700 900", "+44 7700 900", "+447700900")) + tail


def _email(first: str, last: str, number: int) -> str:
    local = f"{_ascii(first)[:20] or 'runner'}.{_ascii(last)[:24] or 'x'}{number}"
    if number % 41 == 0:
        local = f"{local.title()}+races"
    return f"{local}@mail.example"


@lru_cache(maxsize=4096)
def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum())
