"""Readers of the objects whose shape the reference folds away. Each takes every likely spelling and never fails."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import msgspec

from providers.letsdothis.shapes import Asked, Booker, Detail, Scalar, asked, is_detail, made
from providers.letsdothis.shapes import value as plain_value
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
_NAMELESS = ("", "")
_OLDEST = datetime.min.replace(tzinfo=UTC)


type Worded = tuple[str, str]
"""Key and label of a question."""


class Filled(msgspec.Struct, frozen=True, gc=False):
    """A form that somebody filled in: what was asked, and beside it what was answered, as it came."""

    questions: tuple[Worded, ...]
    values: Sequence[object]


class Contact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


NO_CONTACT = Contact()


def first(*values: object) -> object:
    """The first that holds something, as nought and "no" do; None: none does."""
    for value in values:
        if value is not None and value != "":
            return value
    return None


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
    if type(value) is str and "\x00" not in value:  # nearly always, two dozen times a row: as `text` has it
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < LONGEST_NUMBER else str(value)
    return lenient(text, value, "")


def display(value: object, depth: int = 0) -> str:
    """Any JSON as a person reads it: lists by commas, objects by their label or as "key: value"."""
    if type(value) is str:
        return words(value)
    if depth > DEEPEST:
        return ""
    if isinstance(value, list):
        if len(value) == 1:
            return display(value[0], depth + 1)
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


def filled_form(fields: msgspec.Raw | list[Asked]) -> Filled:
    """``fields``: a list of objects, read or not, or a map of key to value. What has neither key nor label is left out.

    Raises BadRecord.
    """
    if isinstance(fields, list):
        return _filled(fields, _worded_before)
    usual = asked(fields)
    return _filled(_unusual_form(plain_value(fields)), _worded) if usual is None else _filled(usual, _worded_before)


def _filled(form: list[Asked], worded: Callable[..., tuple[tuple[Worded, ...], tuple[int, ...]]]) -> Filled:
    keys = tuple([one.slug or one.key or one.name or one.id for one in form])
    labels = tuple([one.label or one.title or one.question for one in form])
    questions, places = worded(keys, labels)
    if len(places) < len(form):
        form = [form[place] for place in places]
    return Filled(questions, [one.value or _answered(one) for one in form])


def _unusual_form(fields: object) -> list[Asked]:
    if isinstance(fields, dict) and pick(fields, "slug", "key", "name", "id") is None:
        return [Asked(key=key, value=answer) for key, answer in fields.items()]
    return [made(Asked, item) for item in listed(fields) if isinstance(item, dict)]


def _answered(item: Asked) -> object:
    found = first(item.value, item.answer, item.response)
    return "" if found is None else found


def _worded(keys: Iterable[object], labels: Iterable[object]) -> tuple[tuple[Worded, ...], tuple[int, ...]]:
    """The questions that have a key or a label, and where they stand. Either stands for both if it is alone."""
    named = zip(map(words, keys), map(words, labels), strict=True)
    worded = [(key or label, label or key) for key, label in named]
    places = tuple(place for place, question in enumerate(worded) if question != _NAMELESS)
    return tuple(worded[place] for place in places), places


@lru_cache(maxsize=1024)
def _worded_before(keys: tuple[Scalar, ...], labels: tuple[Scalar, ...]) -> tuple[tuple[Worded, ...], tuple[int, ...]]:
    """Thousands fill in the same form, so its questions are read once."""
    return _worded(keys, labels)


def contact(booker: object) -> Contact:
    """``booker`` and its like."""
    if not booker:
        return NO_CONTACT
    if isinstance(booker, str):
        booker = {"name": booker}
    if isinstance(booker, dict):
        booker = made(Booker, booker)
    if not isinstance(booker, Booker):
        return NO_CONTACT
    given, family = words(booker.first_name), words(booker.last_name)
    if not (given or family):
        given, family = split_name(words(first(booker.name, booker.full_name)))
    return Contact(
        first_name=given,
        last_name=family,
        email=words(first(booker.email_address, booker.email)),
        phone=words(first(booker.phone_number, booker.phone)),
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
    said = listed(details)
    if len(said) > 1:  # of two of one moment, the later in the list
        said = sorted(filter(_status_word, said), key=_moment)
    word = _status_word(said[-1]) if said else ""
    return _meaning(word), word


@lru_cache(maxsize=1024)
def _meaning(word: str) -> EntryStatus:
    return next((meaning for part, meaning in STATUS_WORDS if part in word.lower()), EntryStatus.LIVE)


def _status_word(item: object) -> str:
    if isinstance(item, dict):
        item = made(Detail, item)
    if is_detail(item):
        return words(first(item.status, item.type, item.state))
    return "" if isinstance(item, bool) else words(item)


def _moment(item: object) -> datetime:
    if isinstance(item, dict):
        item = made(Detail, item)
    said = first(item.date, item.created_at, item.timestamp) if is_detail(item) else None
    return lenient(instant, said, None) or _OLDEST


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
