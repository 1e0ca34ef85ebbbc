"""Who enters a race: ages on the day, gender, clubs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count

from organiser_portal.core.bars import Segment
from organiser_portal.events.models import Race
from organiser_portal.participants.models import Entry
from organiser_portal.participants.models.person import GENDERS

CLUBS = 8
NOT_STATED = "Not stated"
YOUNGEST, OLDEST, WIDTH = 20, 70, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One part of a whole, with a bar out of ``of``."""

    label: str
    count: int
    of: int

    @property
    def segments(self) -> list[Segment]:
        return [Segment(value=self.count, tone="good")]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """``ages`` by band; ``median`` None when nobody's birth date is known, ``undated`` how many are not."""

    count: int
    ages: list[Share]
    median: int | None
    undated: int
    genders: list[Share]
    clubs: list[Share]

    @property
    def finding(self) -> str:
        counts = {share.label: share.count for share in self.genders}
        women, men = counts.get("Female", 0), counts.get("Male", 0)
        half = "" if self.median is None else f"{self.median} or younger"
        who = "More women than men" if women > men else "More men than women" if men > women else "As many women as men"
        if not (women or men):
            return f"Half of them are {half}" if half else "Neither age nor gender is told"
        return f"{who}, half of them {half}" if half else who

    @property
    def tells_gender(self) -> bool:
        """Of one of them at least."""
        return any(share.label != NOT_STATED for share in self.genders)


def people(race: Race) -> People | None:
    """Of the live entries we see. Three queries, whatever their number; None where there are none."""
    entries = Entry.objects.filter(race=race, redacted=False).live().order_by()
    genders = dict(entries.values_list("gender").annotate(Count("id")))
    total = sum(genders.values())
    if not total:
        return None
    born = Counter(dict(entries.exclude(birth_date=None).values_list("birth_date").annotate(Count("id"))))
    day = race.starts_at.astimezone(ZoneInfo(race.event.time_zone)).date() if race.starts_at else None
    ages: Counter[int] = Counter()
    for birth_date, count in born.items():
        if day:
            ages[age_on(day, birth_date)] += count
    clubs = entries.exclude(club="").values_list("club").annotate(number=Count("id")).order_by("-number", "club")
    return People(
        count=total,
        ages=_bands(ages),
        median=_median(ages),
        undated=total - sum(born.values()),
        genders=[Share(label=label, count=genders[key], of=total) for key, label in _genders() if genders.get(key)],
        clubs=_shares(clubs[:CLUBS]),
    )


def age_on(day: date, birth_date: date) -> int:
    """Full years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _genders() -> list[tuple[str, str]]:
    return [*((key, label) for key, label in GENDERS if key), ("", NOT_STATED)]


def _bands(ages: Counter[int]) -> list[Share]:
    """ "Under 20", "20–29" to "70 and over"; those at either end that are empty are left out."""
    counts: Counter[int] = Counter()
    for age, count in ages.items():
        counts[min(max(age, YOUNGEST - 1), OLDEST) // WIDTH * WIDTH] += count
    if not counts:
        return []
    highest = max(counts.values())
    return [
        Share(label=_band(low), count=counts[low], of=highest) for low in range(min(counts), max(counts) + 1, WIDTH)
    ]


def _band(low: int) -> str:
    if low < YOUNGEST:
        return f"Under {YOUNGEST}"
    return f"{OLDEST} and over" if low >= OLDEST else f"{low}–{low + WIDTH - 1}"


def _median(ages: Counter[int]) -> int | None:
    """The age that half of them are at or under."""
    reached, total = 0, sum(ages.values())
    for age in sorted(ages):
        reached += ages[age]
        if reached * 2 >= total:
            return age
    return None


def _shares(counted: Iterable[tuple[str, int]]) -> list[Share]:
    pairs = list(counted)
    highest = max((count for _, count in pairs), default=0)
    return [Share(label=label, count=count, of=highest) for label, count in pairs]
