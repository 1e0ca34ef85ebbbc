"""What a check has found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from django.db import Error

from organiser_portal.operations.database import answering_within

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
PATIENCE = 30  # seconds


@dataclass(frozen=True, slots=True)
class AsksDatabase:
    """A check that says so when the database does not tell it: it is away, or has no such table yet."""

    name: str
    check: Check

    def __call__(self, now: datetime) -> Iterator[Finding]:
        try:
            with answering_within(PATIENCE):
                found = list(self.check(now))
        except Error:
            found = [self.untold()]
        yield from found

    def untold(self) -> Finding:
        return bad(self.name, NOT_TOLD)


def asks_the_database(name: str) -> Callable[[Check], AsksDatabase]:
    """Decorates a check."""
    return partial(AsksDatabase, name)
