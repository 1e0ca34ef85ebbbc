"""Who the entrant is: read from the answers to the entry form, else from whoever booked."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any

import msgspec

from providers.letsdothis.folded import Contact, Filled, Worded, display, pick, split_name, words
from providers.letsdothis.names import asks_full_name, normalise, proposed_field
from providers.parsing import day, lenient
from providers.records import PERSON_FIELDS, Answer, Gender, Person, PersonQuestion

GENDER_WORDS: Mapping[Gender, tuple[str, ...]] = {
    Gender.FEMALE: ("f", "female", "woman", "women", "w", "girl", "lady", "ladies", "cis woman", "trans woman"),
    Gender.MALE: ("m", "male", "man", "men", "boy", "gentleman", "gentlemen", "cis man", "trans man"),
    Gender.NON_BINARY: (
        *("nb", "x", "nonbinary", "non binary", "enby", "genderqueer", "gender queer", "agender"),
        *("genderfluid", "gender fluid", "gender non conforming"),
    ),
}
# What an object in place of an address or a contact spreads over.
SPREAD: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "address_1": {
        "address_1": ("line1", "addressLine1", "address1", "street", "address"),
        "address_2": ("line2", "addressLine2", "address2"),
        "city": ("city", "town"),
        "region": ("county", "region", "state", "province"),
        "postcode": ("postcode", "postCode", "postalCode", "zip", "zipCode"),
        "country": ("country",),
    },
    "emergency_name": {
        "emergency_name": ("name", "fullName"),
        "emergency_phone": ("phone", "phoneNumber", "number", "mobile"),
    },
    "phone": {"phone": ("number", "phoneNumber", "phone")},
}
# Names at the top level of the row, known from hearsay only: a last resort.
FLAT: Mapping[str, tuple[str, ...]] = {
    "first_name": ("firstName",),
    "last_name": ("lastName",),
    "email": ("email", "emailAddress"),
    "phone": ("phone", "phoneNumber"),
    "birth_date": ("dateOfBirth",),
    "gender": ("gender",),
    "club": ("club", "teamName"),
    "city": ("city",),
    "region": ("region",),
    "country": ("country",),
    "emergency_name": ("emergencyContactName", "emergencyContact"),
    "emergency_phone": ("emergencyContactPhone", "emergencyPhone"),
}

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{2})[-/.](\d{2})", re.ASCII).match
_YEAR_LAST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII).fullmatch
MOST_FORMS = 1_000  # a connection has a few


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The person, and the answers that are not the person's own fields."""

    person: Person
    is_booker: bool = False
    answers: tuple[Answer, ...] = ()


type Asking = tuple[int, str, Callable[[str], object] | None]
"""Where a question stands, the field of the person that it holds, and how that is read out of text; None: it is text.

Not a named tuple: to take one apart costs three times as much.
"""


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """What a form asks of a person, in the order in which its answers count; where it may ask for a full name; and
    where for something else.
    """

    asking: tuple[Asking, ...]
    full_names: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How this connection wants people read.

    ``mapping``: question key → person field, "" for "none of them"; a key it does not name goes by its name.
    ``day_first``: "05/04/1990" is in April.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    day_first: bool = True
    _understood: dict[tuple[Worded, ...], Understood] = field(default_factory=dict, init=False, repr=False)

    def reader(self, name: str) -> Callable[[str], object] | None:
        """How this field of the person is read out of text, unless it is text."""
        if name == "birth_date":
            return partial(_written_day, self.day_first)
        return _gender if name == "gender" else None

    def understand(self, questions: tuple[Worded, ...]) -> Understood:
        """Thousands fill in the same form, so what it asks is worked out once."""
        known = self._understood.get(questions)
        if known is None:
            if len(self._understood) == MOST_FORMS:
                self._understood.clear()
            known = self._understood[questions] = understand(questions, self)
        return known


def understand(questions: Sequence[Worded], ways: Ways) -> Understood:
    """Confirmed questions count before guessed ones."""
    mapping = ways.mapping
    places = sorted(range(len(questions)), key=lambda place: questions[place][0] not in mapping)
    fields = [field_of(*question, mapping) for question in questions]
    return Understood(
        asking=tuple((place, fields[place], ways.reader(fields[place])) for place in places if fields[place]),
        full_names=tuple(
            place for place, (key, label) in enumerate(questions) if key not in mapping and asks_full_name(key, label)
        ),
        others=tuple(place for place, name in enumerate(fields) if not name),
    )


def read_person(form: Filled, booker: Contact, flat: Mapping[str, object], ways: Ways) -> Reading:
    """The entrant by the form; without a name there, the booker, flagged; without one, whatever lies at top level."""
    found, left = _by_form(form, ways)
    named = bool(found.get("first_name") or found.get("last_name"))
    is_booker = not named and bool(booker.name or booker.email)
    if is_booker:
        found = _of_booker(booker) | found
    elif not named:
        found = _flat(flat, ways) | found
    answers = []
    for place in left:
        if shown := display(form.values[place]):
            key, label = form.questions[place]
            answers.append(Answer(question_id=key, label=label, value=shown))
    return Reading(person=Person(**found), is_booker=is_booker, answers=tuple(answers))


def field_of(key: str, label: str, mapping: Mapping[str, str]) -> str:
    """The person field this question holds: as confirmed, else as its name says."""
    if key in mapping:
        return mapping[key] if mapping[key] in PERSON_FIELDS else ""
    return proposed_field(key, label)


def person_questions(forms: Iterable[Sequence[Worded]]) -> list[PersonQuestion]:
    """Each key once, with the label it mostly has and how many were asked it; the commonest first."""
    labels: dict[str, Counter[str]] = {}
    for form in forms:
        for key, label in form:
            labels.setdefault(key, Counter())[label] += 1
    questions = [
        PersonQuestion(key=key, label=counts.most_common(1)[0][0], example_count=counts.total())
        for key, counts in labels.items()
    ]
    return sorted(questions, key=lambda question: (-question.example_count, question.key))


def propose(questions: Sequence[PersonQuestion]) -> dict[str, str]:
    proposed = {question.key: proposed_field(question.key, question.label) for question in questions}
    return {key: name for key, name in proposed.items() if name}


def _by_form(form: Filled, ways: Ways) -> tuple[dict[str, Any], Collection[int]]:
    """Person fields, and the places of the answers that were not used up."""
    understood, values = ways.understand(form.questions), form.values
    found: dict[str, Any] = {}
    unread: list[int] = []
    for place, name, read in understood.asking:
        answer = values[place]
        if name in found:
            unread.append(place)
        elif type(answer) is str:  # nearly always
            written = answer.strip() if "\x00" not in answer else words(answer)
            if value := read(written) if read else written:
                found[name] = value
            else:
                unread.append(place)
        elif not _take(_read(name, answer, ways), name, found):
            unread.append(place)
    left = sorted((*understood.others, *unread)) if unread else understood.others
    if "first_name" in found or "last_name" in found:
        return found, left
    used = _full_name(form, understood.full_names, found)
    return found, [place for place in left if place != used]


def _take(values: Mapping[str, Any], name: str, found: dict[str, Any]) -> bool:
    """Whether the answer gave what it was asked for; if so, all that it gave is found, unless it was before."""
    if not values.get(name):
        return False
    for part, value in values.items():
        found.setdefault(part, value)
    return True


def _full_name(form: Filled, places: Iterable[int], found: dict[str, Any]) -> int | None:
    """The place of the answer that gave both names."""
    for place in places:
        if written := display(form.values[place]):
            found["first_name"], found["last_name"] = split_name(written)
            return place
    return None


def _read(name: str, value: object, ways: Ways) -> dict[str, Any]:
    """What one answer gives: mostly one field, several where an object spreads over them."""
    if isinstance(value, dict) and name in SPREAD:
        spread = {part: words(pick(value, *keys)) for part, keys in SPREAD[name].items()}
        if spread[name]:
            return {part: written for part, written in spread.items() if written}
    if name == "birth_date":
        return {name: read_day(value, day_first=ways.day_first)}
    return {name: read_gender(value) if name == "gender" else display(value)}


def read_gender(value: object) -> Gender:
    return _gender(display(value))


@lru_cache(maxsize=1024)
def _gender(told: str) -> Gender:
    word = normalise(told)
    return next((gender for gender, known in GENDER_WORDS.items() if word in known), Gender.UNKNOWN)


def read_day(value: object, *, day_first: bool) -> date | None:
    """Year first, the parts of an object, or year last: there ``day_first`` decides, unless one order is no date."""
    if isinstance(value, dict):
        parts = [words(pick(value, name)) for name in ("year", "month", "day")]
        return _day(*parts) if all(parts) else None
    return _written_day(day_first, display(value))


def _written_day(day_first: bool, written: str) -> date | None:
    usual = ""  # nearly always one of these two, which take a third of the time
    if written[4:5] == written[7:8] == "-":
        usual = written[:10]
    elif written[2:3] == written[5:6] == "/":
        one, other, year = written[:2], written[3:5], written[6:]
        usual = f"{year}-{other}-{one}" if day_first else f"{year}-{one}-{other}"
    try:
        return date.fromisoformat(usual)
    except ValueError:
        pass
    if match := _YEAR_FIRST(written):
        return _day(*match.groups())
    if match := _YEAR_LAST(written):
        one, other, year = match.groups()
        months = (other, one) if day_first else (one, other)
        return _day(year, months[0], months[1]) or _day(year, months[1], months[0])
    return lenient(day, written, None) if written[:4].isdigit() else None


def _day(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def _of_booker(booker: Contact) -> dict[str, Any]:
    return {
        "first_name": booker.first_name,
        "last_name": booker.last_name,
        "email": booker.email,
        "phone": booker.phone,
    }


def _flat(flat: Mapping[str, object], ways: Ways) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field_name, names in FLAT.items():
        values = _read(field_name, pick(flat, *names), ways)
        found |= {name: value for name, value in values.items() if value}
    return found
