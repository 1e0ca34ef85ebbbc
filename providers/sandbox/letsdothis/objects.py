"""What an organiser has there. Rows are kept small; what they say is written out when they are asked for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from providers.sandbox.clock import iso_milliseconds, milliseconds
from providers.sandbox.dice import mixed

type Body = dict[str, Any]

PARTICIPANT, APPLICATION = "participant", "application"
_SALTS = {
    PARTICIPANT: 0x71F0A3C2, APPLICATION: 0x71E77001, "booking": 0x71F0A3B0,
    "occurrence": 0x70AA11BB, "ticket": 0x70AA1200,
}  # fmt: skip


def hex_id(kind: str, number: int) -> str:
    """24 hex digits, different for every number of a kind; nothing can be read from them."""
    salt = _SALTS[kind]
    return f"{salt:08x}{mixed(number ^ salt << 24):016x}"


def short_id(prefix: str, number: int) -> str:
    """p_3n8vt5y1qwe and the like: the prefix and eleven of [0-9a-z]."""
    digits, left = "", mixed(number ^ 0x1D << 40)
    for _ in range(11):
        left, digit = divmod(left, 36)
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return prefix + digits


@dataclass(slots=True, kw_only=True, eq=False)
class Ticket:
    """``price`` without a stated unit; ``extra``: whatever else the listing shows."""

    id: str
    title: str
    price: int | float
    race: "Race"

    def body(self) -> Body:
        return {
            "id": self.id,
            "title": self.title,
            "raceId": self.race.id,
            "eventOccurrenceId": self.race.event.occurrence_id,
            "price": {"amount": self.price, "currency": "GBP"},
        }


@dataclass(slots=True, kw_only=True, eq=False)
class Event:
    """One event in one edition. ``form`` is the way its organiser set up the questions: 0, 1 or 2."""

    id: str
    occurrence_id: str
    name: str
    location: Body
    form: int = 0
    races: list["Race"] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Race:
    """``first``: number of its first seeded participant. ``ballot``: places given away by draw, and where its
    seeded applications start."""

    id: str
    event: Event
    name: str
    starts_at: datetime
    km: float
    surface: str = "Road"
    capacity: int = 1000
    tickets: list[Ticket] = field(default_factory=list)
    waves: int = 0
    bibs: bool = False
    first: int = 0
    ballot: int = 0
    first_application: int = 0
    _block3: Body = field(default_factory=dict)
    _waves: list[Body] = field(default_factory=list)

    def about(self) -> Body:
        """Block 3 without the reserved-entry keys; do not change it."""
        if not self._block3:
            self._block3.update(
                eventName=self.event.name,
                raceName=self.name,
                raceStartDate=iso_milliseconds(milliseconds(self.starts_at)),
                sportId="running",
                distanceId=f"{self.km:g}k",
                distances=[{"value": self.km, "unit": "km"}],
                disciplineLabel="Running",
                course={"label": self.surface},
                eventLocation=self.event.location,
                competitorSize=self.capacity,
            )
        return self._block3

    def wave(self, number: int) -> Body:
        """One of its waves; do not change it."""
        if not self._waves:
            self._waves.extend(self._wave_bodies())
        return self._waves[number]

    def _wave_bodies(self) -> list[Body]:
        start = milliseconds(self.starts_at)
        return [
            {"id": f"w{n + 1}", "name": f"Wave {'ABCDEFGH'[n]}", "startTime": iso_milliseconds(start + n * 360_000)}
            for n in range(self.waves)
        ]


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Places reserved for a partner (or, without one, by the organiser)."""

    id: str
    event_id: str
    body: Body
    partner: Body | None = None


class Row:
    """A participant, an application or a partner in a listing. ``created`` and ``updated``: milliseconds since 1970.

    ``body`` None: seeded and untouched, to be written out from ``number``.
    """

    __slots__ = ("body", "created", "group", "id", "kind", "number", "race", "updated")

    def __init__(
        self,
        kind: str,
        row_id: str,
        created: int,
        updated: int,
        race: Race | None = None,
        number: int = -1,
        body: Body | None = None,
        group: Group | None = None,
    ) -> None:
        self.kind, self.id, self.created, self.updated = kind, row_id, created, updated
        self.race, self.number, self.body, self.group = race, number, body, group


def utc(text: str) -> datetime:
    """Any ISO instant; a naive one is taken as UTC. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
