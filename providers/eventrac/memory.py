"""What one walk over the races has to remember for the next: the cursor.

eventrac lists only races to come and never says what changed, so the walk keeps the dates of the races it knows, which
events had races ahead, and which races were denied since when. All times are whole seconds since 1970, UTC.
"""

import msgspec

DAY = 24 * 3600
HOUR = 3600
ASKED_FOR = 60 * DAY  # how long after its date a race is still asked for
GONE_ASKED = 50  # of the races that are gone, in a whole walk
NEAR_RACE = DAY  # "future" is judged by their clock: nothing is inferred this near to the start
STALE_WALK = HOUR  # a walk that broke off longer ago starts again


class Remembered(msgspec.Struct, omit_defaults=True):
    """One race: when it starts (0: not said), the event it belongs to."""

    starts: int = 0
    event: str = ""


class Walk(msgspec.Struct, omit_defaults=True):
    """A walk that is under way: events that have races ahead now, events still to list, races settled so far.

    ``whole``: it was to see everything. ``at``: when it had come so far. ``listed``: some event's races were told;
    ``nameless``: a race without an id was among them. ``late``: events and races that
    eventrac choked on, asked for behind all others.
    """

    began: int
    at: int = 0
    whole: bool = False
    listed: bool = False
    nameless: bool = False
    future: list[str] = []
    todo: list[str] = []
    seen: list[str] = []
    late: list[str] = []


class RaceMemory(msgspec.Struct, omit_defaults=True):
    """``future``: events that had races ahead. ``denied``: race → when eventrac first said it is not there.

    ``gone``: races reported gone, not asked for again until they are listed, or it is their turn when everything is
    walked; the one asked for longest ago comes first. ``nameless``: a race without an id was told of, and may be yet.
    """

    future: list[str] = []
    races: dict[str, Remembered] = {}
    denied: dict[str, int] = {}
    gone: list[str] = []
    nameless: bool = False
    walk: Walk | None = None

    def cursor(self) -> str:
        return msgspec.json.encode(self).decode()

    def begin(self, now: int, *, whole: bool, future: list[str], todo: list[str]) -> None:
        self.walk = Walk(began=now, whole=whole, future=future, todo=todo)

    def is_walking(self, now: int, *, whole: bool) -> bool:
        """Whether an earlier walk broke off so lately that it can go on. A whole one never from one that was not."""
        if self.walk is None or (whole and not self.walk.whole):
            return False
        return 0 <= now - max(self.walk.began, self.walk.at) < STALE_WALK

    @property
    def has_listed(self) -> bool:
        """Whether the races of any event were told in this walk."""
        return self.walk is not None and self.walk.listed

    def listed(self, event_id: str) -> None:
        """Its races need not be asked for again in this walk."""
        if self.walk is not None:
            self.walk.todo.remove(event_id)
            self.walk.listed = True

    def put_off_event(self, event_id: str) -> None:
        """eventrac choked on it: its races are asked for behind all others."""
        if self.walk is not None:
            self.walk.todo.remove(event_id)
            self.walk.todo.append(event_id)
            self.walk.late.append(event_id)

    def put_off_race(self, race_id: str) -> None:
        """The same of a race that is asked for by itself."""
        if self.walk is not None:
            self.walk.late.append(race_id)

    def break_off(self) -> None:
        """The next walk begins anew; what this one has still to list is not forgotten by it."""
        if self.walk is not None:
            self.future = list(dict.fromkeys(self.walk.future + self.walk.todo))
        self.walk = None

    def moves(self, now: int) -> None:
        """The walk gets on."""
        if self.walk is not None:
            self.walk.at = now

    def end(self) -> bool:
        """Whether a race without an id, which nobody can ask for, was in no list any more."""
        met = self.walk is not None and self.walk.nameless
        missed, self.nameless = self.nameless and not met, met
        self.future = self.walk.future if self.walk is not None else self.future
        self.walk = None
        return missed

    def met_nameless(self) -> None:
        """A list told of a race without an id."""
        self.nameless = True
        if self.walk is not None:
            self.walk.nameless = True

    def settle(self, race_id: str) -> None:
        """Not to be asked for again in this walk."""
        if self.walk is not None:
            self.walk.seen.append(race_id)

    def saw(self, race_id: str, starts: int, event_id: str) -> None:
        """The race was read: it is there."""
        before = self.races.get(race_id, Remembered())
        self.races[race_id] = Remembered(starts=starts or before.starts, event=event_id or before.event)
        self.denied.pop(race_id, None)
        if race_id in self.gone:
            self.gone.remove(race_id)
        self.settle(race_id)

    def was_denied(self, race_id: str, now: int) -> bool:
        """eventrac says the race is not there; True once that is believed: twice, an hour apart, not near the day."""
        if race_id in self.gone:
            self.gone.remove(race_id)
            self.gone.append(race_id)
            return False
        if abs(self.races.get(race_id, Remembered()).starts - now) <= NEAR_RACE:
            return False
        first = self.denied.setdefault(race_id, now)
        if now - first < HOUR:
            return False
        self.denied.pop(race_id)
        self.races.pop(race_id, None)
        self.gone.append(race_id)
        return True

    def worth_asking(self, race_id: str, now: int) -> bool:
        """Whether a race that no list names is asked for by its id: unless it is gone or long over."""
        starts = self.races.get(race_id, Remembered()).starts
        return race_id not in self.gone and (starts == 0 or now - starts < ASKED_FOR)

    def turn_of_the_gone(self) -> list[str]:
        """Those to be asked for in a whole walk: one that is over comes back by its id alone. All have their turn."""
        seen = set(self.walk.seen if self.walk is not None else ())
        left = [race_id for race_id in self.gone if race_id not in seen]
        asked = len(self.gone) - len(left)
        return left[: max(GONE_ASKED - asked, 0)]

    def forget_all_but(self, race_ids: frozenset[str]) -> None:
        """Drop what the portal does not hold any more, but for what is gone: that may come back."""
        self.races = {each: kept for each, kept in self.races.items() if each in race_ids}
        self.denied = {each: kept for each, kept in self.denied.items() if each in race_ids}


def recall(cursor: str) -> RaceMemory:
    """The memory in a cursor; an empty one where there is none, or none that can be read."""
    try:
        return msgspec.json.decode(cursor, type=RaceMemory) if cursor else RaceMemory()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return RaceMemory()


class EventMemory(msgspec.Struct, omit_defaults=True):
    """``denied``: unlisted events, asked in vain."""

    denied: list[str] = []

    def cursor(self) -> str:
        return msgspec.json.encode(self).decode()


def recall_events(cursor: str) -> EventMemory:
    try:
        return msgspec.json.decode(cursor, type=EventMemory) if cursor else EventMemory()
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return EventMemory()
