"""What can honestly be said about the room left in a race. Pure: figures in, a finding out.

The same runner may stand in two providers' figures, so they are never added up as a truth. What is certain lies between
two bounds: nobody is counted twice (the sum) and everybody is (the largest).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFacts:
    """One provider's figures for a race. ``sold`` and ``capacity`` None: it does not say.

    ``seen`` are the live entries we hold from it, and ``since`` those of them that ``sold`` cannot have in it yet;
    ``sees_all``: the provider lets us list every one of them.
    """

    label: str
    channel: int
    mark: str = ""
    capacity: int | None = None
    sold: int | None = None
    seen: int = 0
    since: int = 0
    sees_all: bool = True
    as_of: datetime | None = None

    @property
    def taken(self) -> int | None:
        """Places known to be taken here; None when nobody says and we could not see."""
        if self.sold is not None:
            return max(self.sold + self.since, self.seen)
        return self.seen if self.sees_all else None

    @property
    def unseen(self) -> int:
        """Counted by the provider, not visible to us."""
        return max(0, (self.sold or 0) + self.since - self.seen)

    @property
    def is_as_told(self) -> bool:
        """Whether what is taken follows from what it says, and not from what we see."""
        return self.sold is not None and self.taken == self.sold + self.since

    @property
    def segments(self) -> list[tuple[int, int, bool]]:
        """What a bar draws: (places, channel, hatched)."""
        return [(self.seen, self.channel, False), (self.unseen, self.channel, True)]

    @property
    def in_words(self) -> str:
        limit = "" if self.capacity is None else f" of {self.capacity:,}"
        return f"{self.label}: {self.taken or 0:,}{limit}, {self.unseen:,} of them not visible to us"

    @property
    def room(self) -> int | None:
        return None if self.capacity is None or self.taken is None else self.capacity - self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``heading`` is the finding, ``detail`` what it rests on. ``tone``: good, wait, bad or idle."""

    heading: str
    detail: str = ""
    tone: str = "good"


def room_in(listings: Sequence[ListingFacts], licence: int | None, kept_here: int = 0) -> Finding:
    """``licence``: staff's own limit over all channels; ``kept_here``: entries that stand at no provider."""
    if licence is not None:
        return _under_licence(_counted(listings, kept_here), licence)
    limited = [facts for facts in listings if facts.room is not None]
    if not limited:
        return _no_limit(_counted(listings, kept_here))
    return _by_listing(limited, [facts for facts in listings if facts.room is None])


@dataclass(frozen=True, slots=True)
class _Counted:
    """``least`` if everybody were counted twice, ``most`` if nobody were; ``silent`` providers say nothing at all."""

    least: int
    most: int
    silent: tuple[str, ...]
    sources: int

    @property
    def exact(self) -> bool:
        return self.least == self.most and not self.silent


def _counted(listings: Sequence[ListingFacts], kept_here: int) -> _Counted:
    figures = [facts.taken for facts in listings if facts.taken is not None]
    figures += [kept_here] if kept_here else []
    silent = tuple(facts.label for facts in listings if facts.taken is None)
    return _Counted(max(figures, default=0), sum(figures), silent, len(figures))


def _under_licence(counted: _Counted, licence: int) -> Finding:
    room = licence - counted.most
    if counted.least > licence:
        over = counted.least - licence
        heading = f"{over:,} over the licence" if counted.exact else f"At least {over:,} over the licence"
        return Finding(heading=heading, detail=_basis(counted, licence), tone="bad")
    if counted.silent:
        heading = f"At most {licence - counted.least:,} places left"
        return Finding(heading=heading, detail=_basis(counted, licence), tone="wait")
    if room < 0:
        return Finding(heading="May be over the licence", detail=_basis(counted, licence), tone="wait")
    if room == 0 and counted.exact:
        return Finding(heading="Full", detail=_basis(counted, licence), tone="wait")
    heading = f"Room for {room:,} more" if counted.exact else f"Room for at least {room:,} more"
    return Finding(heading=heading, detail=_basis(counted, licence))


def _basis(counted: _Counted, licence: int) -> str:
    if counted.exact:
        return f"{counted.most:,} places taken of {licence:,} under the licence."
    parts = [f"Licence {licence:,}."]
    if counted.sources > 1:
        parts.append(f"Between {counted.least:,} and {counted.most:,} places are taken: a runner may be counted twice.")
    else:
        parts.append(f"{counted.most:,} places known to be taken.")
    if counted.silent:
        parts.append(f"{_listed(counted.silent)} {_say(counted.silent)} not say how many.")
    return " ".join(parts)


def _no_limit(counted: _Counted) -> Finding:
    if counted.silent and not counted.most:
        heading = "Nobody says how many have entered"
    elif counted.exact:
        heading = f"{counted.most:,} {'entry' if counted.most == 1 else 'entries'}, no limit told"
    else:
        heading = f"At least {counted.least:,} entries, no limit told"
    twice = " A runner may be counted twice, so the figures are not added up." if counted.sources > 1 else ""
    detail = f"No provider states a limit. Set the licence to see the room left.{twice}"
    return Finding(heading=heading, detail=detail, tone="idle")


def _by_listing(limited: Sequence[ListingFacts], others: Sequence[ListingFacts]) -> Finding:
    over = [facts for facts in limited if (facts.room or 0) < 0]
    free = [facts for facts in limited if (facts.room or 0) > 0]
    silent = f" {_listed([facts.label for facts in others])} {_say(others)} not state a limit." if others else ""
    if over:
        words = ", ".join(f"{-(facts.room or 0):,} over the limit at {facts.label}" for facts in over)
        return Finding(heading=words[:1].upper() + words[1:], detail=_each(limited) + silent, tone="bad")
    if not free:
        heading = f"Full at {_listed([facts.label for facts in limited])}"
        return Finding(heading=heading, detail=_each(limited) + silent, tone="wait")
    words = ", ".join(f"{facts.room:,} at {facts.label}" for facts in free)
    heading = f"Room for {free[0].room:,} more" if len(limited) == 1 and not others else f"Room for {words}"
    return Finding(heading=heading, detail=_each(limited) + silent)


def _each(limited: Sequence[ListingFacts]) -> str:
    text = "; ".join(_says(facts) for facts in limited)
    return f"{text[:1].upper() + text[1:] if text.startswith('we ') else text}."


def _says(facts: ListingFacts) -> str:
    """What it says; what we hold where that is more, or where it says nothing."""
    if facts.is_as_told:
        more = f", and {facts.since:,} more {'was' if facts.since == 1 else 'were'} added here since"
        return f"{facts.label} says {facts.sold:,} of {facts.capacity:,}{more if facts.since else ''}"
    says = "" if facts.sold is None else f", which says {facts.sold:,}"
    return f"we hold {facts.taken:,} of {facts.capacity:,} at {facts.label}{says}"


def _listed(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _say(things: Sequence[object]) -> str:
    return "does" if len(things) == 1 else "do"
