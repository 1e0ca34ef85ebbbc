"""PHP shows through: empty maps as lists, lists as maps, numbers as text, four kinds of date. One reader for each."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.errors import BadRecord
from providers.parsing import SHOWN_YEARS, lenient, text

type Object = dict[str, Any]

MOST = Decimal(2**63)  # beyond that nobody counts
SLOW_CLOCK = timedelta(minutes=2)  # by which Trackier's clock may be behind ours
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_LONG_ID = re.compile(r"[0-9a-f]{24}")
_ABBREVIATED = {"UTC": "UTC", "GMT": "UTC", "Z": "UTC", "BST": "+01:00", "CET": "+01:00", "CEST": "+02:00"}


def as_map(value: object) -> Object:
    """A map; ``[]`` is an empty one, and so is anything else that is none."""
    return dict(value) if isinstance(value, Mapping) else {}


def as_list(value: object, *, key: str = "_id") -> list[object]:
    """A list; of a map its values, each with the name it went by put in as ``key``."""
    if isinstance(value, Mapping):
        return [{key: name, **held} if isinstance(held, Mapping) else held for name, held in value.items()]
    return list(value) if isinstance(value, list) else []


def pick(found: Mapping[str, Any], *names: str) -> Any:
    """The first of these that is there and says something."""
    return next((found[name] for name in names if found.get(name) not in (None, "")), None)


def words(value: object, field: str = "text") -> str:
    """Text for display: entities turned into what they stand for, once; blanks at the ends gone."""
    said = str(value) if isinstance(value, Decimal) else value  # as numbers are read here
    return html.unescape(text(said, field)).strip()


def amount(value: object) -> Decimal | None:
    """Money from its text. Display text ("50 %", "43.12K") is no amount: None."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value.strip()):
        return Decimal(value.strip())
    return None


def counted(value: object) -> int:
    """A count, also as text; anything else is nought."""
    number = amount(value)
    return int(min(number, MOST)) if number is not None and number >= 0 else 0


def zone(name: object) -> tzinfo | None:
    """A zone from an IANA name, an offset like +05:30 or one of a few abbreviations; None for anything else."""
    known = lenient(text, name, "")
    known = _ABBREVIATED.get(known.upper(), known)
    try:
        if re.fullmatch(r"[+-][0-9]{2}:?[0-9]{2}", known):
            return datetime.strptime(known, "%z").tzinfo
        return ZoneInfo(known) if known else None
    except (ValueError, OSError, KeyError):
        return None


def moment(value: object, here: tzinfo, *, near: datetime | None = None) -> datetime | None:
    """Any of the four forms as aware UTC; what names no zone of its own is of the network's zone (``here``).

    Of an hour that the clocks of a zone show twice, the one is meant that is nearer to ``near``. None also for a year
    that no calendar shows.
    """
    if isinstance(value, Mapping):
        return moment(value.get("date"), zone(value.get("timezone")) or here, near=near)
    try:
        found = datetime.fromisoformat(lenient(text, value, "").upper())
        local = found if found.tzinfo else found.replace(tzinfo=here)
        read = [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    except (ValueError, OverflowError):
        return None
    meant = min(read, key=lambda each: abs(each - near)) if near else read[0]
    return meant if meant.year in SHOWN_YEARS else None


def day_of(value: object) -> date | None:
    """The day a figure belongs to, as written."""
    held = value.get("date") if isinstance(value, Mapping) else value
    try:
        return date.fromisoformat(lenient(text, held, "")[:10])
    except ValueError:
        return None


def born(long_id: str) -> datetime | None:
    """When a long id was made: its first eight digits are the second."""
    if not _LONG_ID.fullmatch(long_id):
        return None
    return datetime.fromtimestamp(int(long_id[:8], 16), UTC)


def made_since(found: Iterable[object], moment: datetime) -> Iterator[Object]:
    """Of these objects of v1 those that their long ids say were made since then."""
    for each in map(as_map, found):
        made = born(str(each.get("_id")))
        if made and made >= moment - SLOW_CLOCK:
            yield each


def identified(found: object, *names: str) -> str:
    """The id of an object, under the first of these names that holds one. Raises BadRecord."""
    if not isinstance(found, Mapping):
        raise BadRecord("the record is not an object")
    given = pick(found, *names)
    known = "" if isinstance(given, bool) or not isinstance(given, str | int) else text(given)
    if not known:
        raise BadRecord("id is missing")
    return known
