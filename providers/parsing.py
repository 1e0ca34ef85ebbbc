"""Small readers that every mapping shares: one remote value in, one of ours out.

Each takes whatever JSON gave and returns our value, or the empty one for null and ``""``, or raises `BadRecord`
naming ``field``. `lenient` turns the last case into the empty value, for what a record can live without.
"""

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec
import nh3
from xxhash import xxh3_128, xxh3_128_digest

from providers.errors import BadRecord

LARGEST_INTEGER = 2**31 - 1  # what the portal's columns hold
SHOWN_YEARS = range(1900, 2200)
_BLOCK_END = re.compile(r"<\s*(?:br|hr|/p|/div|/li|/ul|/ol|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)
_MANY_BLANKS = re.compile(r"[^\S\n]*\n\s*\n\s*")
_EMPTY = (None, "")
_FLAGS: dict[object, bool] = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}


def lenient[T](reader: Callable[[object], T], value: object, empty: T) -> T:
    """``reader``'s answer, or ``empty`` where it cannot read."""
    try:
        return reader(value)
    except BadRecord:
        return empty


def text(value: object, field: str = "text") -> str:
    """A stripped string; null is ``""``, a number its digits. NUL, which no database takes, is left out."""
    if type(value) is not str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadRecord(f"{field} is not text")
        value = str(value)
    return (value.replace("\x00", "") if "\x00" in value else value).strip()


def identifier(value: object, field: str = "id") -> str:
    """An id, sent as a number or a string, as a string. Never empty."""
    found = text(value, field) if not isinstance(value, float) else ""
    if not found:
        raise BadRecord(f"{field} is missing")
    return found


def whole(value: object, field: str = "number") -> int | None:
    """A whole number that fits a column; digits in a string count, true and false do not."""
    if value in _EMPTY:
        return None
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,12}\s*", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise BadRecord(f"{field} is not a whole number")
    return value


def count(value: object, field: str = "number") -> int | None:
    """A whole number from nought up."""
    number = whole(value, field)
    if number is not None and number < 0:
        raise BadRecord(f"{field} is below nought")
    return number


def flag(value: object, field: str = "flag") -> bool | None:
    """True or false, also as 1, 0 and their words."""
    if type(value) is bool:
        return value
    if value in _EMPTY:
        return None
    if not isinstance(value, bool | int | str) or value not in _FLAGS:
        raise BadRecord(f"{field} is neither true nor false")
    return _FLAGS[value]


def instant(value: object, field: str = "time") -> datetime | None:
    """Any ISO 8601 instant as aware UTC. Without an offset it is UTC."""
    if value is None or value == "":
        return None
    try:
        parsed = datetime.fromisoformat(value if type(value) is str else text(value, field))
        if parsed.tzinfo is UTC:  # nearly always
            return parsed
    except ValueError:
        pass
    try:
        parsed = datetime.fromisoformat(text(value, field).upper())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRecord(f"{field} is not a date and time") from None


def shown_instant(value: object) -> datetime | None:
    """An instant, unless it lies where no calendar shows it in every zone: some systems say "never" like that."""
    try:
        found = instant(value)
    except BadRecord:
        return None
    return found if found and found.year in SHOWN_YEARS else None


def day(value: object, field: str = "date") -> date | None:
    """The date in the first ten characters. No zone is applied: a birthday must not move."""
    if value in _EMPTY:
        return None
    written = text(value, field)[:10]
    try:
        if written[4:5] == written[7:8] == "-":
            return date.fromisoformat(written)  # ten times as fast; strptime takes months of one digit, too
    except ValueError:
        pass
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadRecord(f"{field} is not a date") from None


def member[E: StrEnum](value: object, kind: type[E], otherwise: E) -> E:
    """A word of an enum in any case; ``otherwise`` for one we have not met."""
    try:
        return kind(lenient(text, value, "").lower())
    except ValueError:
        return otherwise


def web_address(value: object, field: str = "url") -> str:
    """An http(s) address that may be put into a link; anything else is ``""``."""
    found = text(value, field)
    try:
        parts = urlsplit(found)
        fit = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return ""
    return found if fit and found.isprintable() and " " not in found else ""


def plain_text(value: object, field: str = "text") -> str:
    """Remote HTML or text as text: paragraphs become lines. For descriptions, which pages escape."""
    broken = _BLOCK_END.sub("\n", text(value, field))
    bare = html.unescape(nh3.clean(broken, tags=set(), attributes={}))
    lines = "\n".join(line.strip() for line in bare.replace("\xa0", " ").splitlines())
    return _MANY_BLANKS.sub("\n\n", lines).replace("\x00", "").strip()


def canonical(value: object) -> bytes:
    """JSON that is equal for equal values: sorted keys, no spaces."""
    return msgspec.json.encode(value, order="sorted")


def fingerprint(*parts: bytes) -> bytes:
    """Sixteen bytes that change when any of the parts does. Not a secret, and no proof against forgery."""
    if len(parts) == 1:
        return xxh3_128_digest(parts[0])
    digest = xxh3_128()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
