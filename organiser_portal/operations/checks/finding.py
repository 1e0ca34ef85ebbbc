"""What a check has found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps

from django.db import DatabaseError

type Check = Callable[[datetime], Iterator[Finding]]
"""Given the time it is. Raises nothing: what it cannot find out is a finding."""


class Level(StrEnum):
    """``NOTICE``: it works, but somebody should know. ``BAD``: something does not work, or is not safe."""

    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``name``: what was looked at, in a word or two. ``sentence``: how it is, and what to do unless it is good."""

    name: str
    level: Level
    sentence: str


def good(name: str, sentence: str) -> Finding:
    return Finding(name=name, level=Level.GOOD, sentence=sentence)


def notice(name: str, sentence: str) -> Finding:
    return Finding(name=name, level=Level.NOTICE, sentence=sentence)


def bad(name: str, sentence: str) -> Finding:
    return Finding(name=name, level=Level.BAD, sentence=sentence)


NOT_TOLD = "This could not be looked up. See to the database and its migrations first."


def asks_the_database(name: str) -> Callable[[Check], Check]:
    """Has a check say so when the database does not tell it: it is away, or has no such table yet."""

    def decorate(check: Check) -> Check:
        @wraps(check)
        def guarded(now: datetime) -> Iterator[Finding]:
            try:
                yield from list(check(now))
            except DatabaseError:
                yield bad(name, NOT_TOLD)

        return guarded

    return decorate
