"""Readers of the objects whose shape the reference folds away. Each takes every likely spelling and never fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from providers.parsing import instant, lenient, text
from providers.records import EntryStatus, Money

LONGEST_NUMBER = 40  # digits; beyond that it is not a figure anybody wrote
DEEPEST = 3
LARGEST_AMOUNT = Decimal(2**31 - 1)
NO_MINOR_UNITS = frozenset({"CLP", "ISK", "JPY", "KRW", "VND", "XAF", "XOF", "XPF"})
STATUS_WORDS = (
    ("cancel", EntryStatus.CANCELLED),
    ("transfer", EntryStatus.TRANSFERRED),
    ("defer", EntryStatus.DEFERRED),
    ("refund", EntryStatus.REFUNDED),
    ("withdr", EntryStatus.WITHDRAWN),
)
_DISPLAY_KEYS = ("label", "name", "title", "text", "value")
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAnswer:
    """One answer to the entry form; ``value`` as it came, ``text`` as a person reads it."""

    key: str
    label: str
    value: object
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def pick(source: object, *names: str) -> object:
    """The first of these keys that holds something; None for anything that is no object."""
    if isinstance(source, dict):
        for name in names:
            value = source.get(name)
            if value is not None and value != "":
                return value
    return None


def words(value: object) -> str:
    """A scalar as text; an object or a list is no scalar, and reads as ""."""
    if value is None:
        return ""
    if type(value) is str:  # nearly always, a hundred times a row
        return text(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < LONGEST_NUMBER else str(value)
    return lenient(text, value, "")


def display(value: object, depth: int = 0) -> str:
    """Any JSON as a person reads it: lists by commas, objects by their label or as "key: value"."""
    if depth > DEEPEST:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (display(item, depth + 1) for item in value)))
    if isinstance(value, dict):
        label = pick(value, *_DISPLAY_KEYS)
        if label is not None:
            return display(label, depth + 1)
        pairs = ((name, display(item, depth + 1)) for name, item in value.items())
        return "; ".join(f"{words(name)}: {shown}" for name, shown in pairs if shown)
    return words(value)


def listed(value: object) -> list[object]:
    """A list, or the one thing that stands where a list was due."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]


def form_answers(fields: object) -> tuple[FormAnswer, ...]:
    """``fields``: a list of objects, or a map of key to value."""
    if isinstance(fields, dict) and pick(fields, "slug", "key", "name", "id") is None:
        fields = [{"key": key, "value": value} for key, value in fields.items()]
    return tuple(filter(None, (_form_answer(item) for item in listed(fields))))


def _form_answer(item: object) -> FormAnswer | None:
    label = words(pick(item, "label", "title", "question"))
    key = words(pick(item, "slug", "key", "name", "id")) or label
    if not key:
        return None
    value = pick(item, "value", "answer", "response")
    return FormAnswer(key=key, label=label or key, value=value, text=display(value))


def contact(booker: object) -> Contact:
    """``booker`` and its like."""
    if isinstance(booker, str):
        booker = {"name": booker}
    first, last = words(pick(booker, "firstName")), words(pick(booker, "lastName"))
    if not (first or last):
        first, last = split_name(words(pick(booker, "name", "fullName")))
    return Contact(
        first_name=first,
        last_name=last,
        email=words(pick(booker, "emailAddress", "email")),
        phone=words(pick(booker, "phoneNumber", "phone")),
    )


def split_name(full: str) -> tuple[str, str]:
    """Everything before the last blank, and the rest; one word is a first name."""
    parts = full.split()
    return (" ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else (full.strip(), "")


def wave(waves: object) -> str:
    named = (words(pick(item, "name", "title", "label", "id")) or words(item) for item in listed(waves))
    return ", ".join(filter(None, named))


def tags(value: object) -> tuple[str, ...]:
    found = (words(pick(item, "name", "label")) or words(item) for item in listed(value))
    return tuple(dict.fromkeys(filter(None, found)))


def codes(value: object) -> tuple[str, ...]:
    """Every string in the map, however deep it sits."""
    return tuple(dict.fromkeys(filter(None, _strings(value, 0))))


def _strings(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield words(value)
    if isinstance(value, dict | list) and depth <= DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item, depth + 1)


def location(value: object) -> str:
    parts = (words(pick(value, *names)) for names in (("name", "label"), ("city",), ("country",)))
    return words(value) or ", ".join(dict.fromkeys(filter(None, parts)))


def distances(value: object) -> str:
    return ", ".join(filter(None, (_distance(item) for item in listed(value))))


def _distance(item: object) -> str:
    length = words(pick(item, "value", "length", "distance"))
    return f"{length} {words(pick(item, 'unit'))}".strip() if length else words(item)


def status(details: object) -> tuple[EntryStatus, str]:
    """What the newest detail says, and its word. A word we do not know holds a place."""
    found = [(_moment(item), place, _status_word(item)) for place, item in enumerate(listed(details))]
    worded = [entry for entry in found if entry[2]]
    word = max(worded, key=lambda entry: entry[:2])[2] if worded else ""
    return next((meaning for part, meaning in STATUS_WORDS if part in word.lower()), EntryStatus.LIVE), word


def _status_word(item: object) -> str:
    return words(pick(item, "status", "type", "state")) or ("" if isinstance(item, bool) else words(item))


def _moment(item: object) -> datetime:
    return lenient(instant, pick(item, "date", "createdAt", "timestamp"), None) or _OLDEST


def money(value: object, unit: str) -> Money | None:
    """A price in the unit the connection says: "minor", "major" or "unknown". Decimals settle it for major."""
    found = value if not isinstance(value, dict) else pick(value, "amount", "value", "price")
    amount = _amount(found)
    if amount is None:
        return None
    currency = words(pick(value, "currency")).upper()
    currency = currency if re.fullmatch("[A-Z]{3}", currency) else ""
    if _has_decimals(amount):
        unit = "major"
    if unit not in ("minor", "major"):
        return Money(minor=None, currency=currency, unknown_unit=amount)
    scale = 100 if unit == "major" and currency not in NO_MINOR_UNITS else 1
    minor = amount * scale
    if abs(minor) > LARGEST_AMOUNT:
        return None
    return Money(minor=int(minor.to_integral_value()), currency=currency)


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    written = words(value)
    if not re.fullmatch(r"[+-]?[0-9]{1,10}(\.[0-9]{1,10})?", written):
        return None
    try:
        return Decimal(written)
    except InvalidOperation:
        return None


def _has_decimals(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent < 0


def external_ids(value: object) -> tuple[tuple[str, str], ...]:
    """(kind, id) pairs of a partner's numbers elsewhere; a kind without one is left out."""
    found = ((str(kind), words(each)) for kind, each in value.items()) if isinstance(value, dict) else ()
    return tuple((kind, number) for kind, number in found if number)
