"""Which race a campaign is probably about, by its name. Pure."""

import re
from collections.abc import Iterable

# Words that say nothing about which race it is.
EMPTY = frozenset({"the", "of", "and", "a", "an", "run", "race", "races", "running", "event", "campaign", "affiliates"})


def propose(name: str, races: Iterable[tuple[int, str]]) -> int | None:
    """The key of the race that shares most words with the name; None when none does, or different ones do equally.

    Of races of one name the first is proposed: say the newest first.
    """
    wanted = _words(name)
    scored = [(_alike(wanted, _words(race)), key, race) for key, race in races]
    best = max((score for score, *_ in scored), default=0)
    equals = [(key, race) for score, key, race in scored if score == best and score > 0]
    return equals[0][0] if len({_words(race) for _, race in equals}) == 1 else None


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of all their words that both have."""
    return len(one & other) / len(one | other) if one and other else 0


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold())) - EMPTY
