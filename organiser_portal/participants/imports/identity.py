"""Who is who. Pure: the same person in the same race is one, and where nobody can tell, nobody is doubled.

The caller gives only people of the same race whose folded name is the same but for hyphens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

MOST_WORDS = 4
"""Of a name that is looked for however they are joined; a longer one only as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody of that name. ``key`` is the caller's; ``email`` in lower case; ``live``: holds a place."""

    key: int
    birth_date: date | None
    email: str
    live: bool = True


class Sure(Enum):
    NOBODY = "nobody"  # of that name is this person
    ONE = "one"  # is, by birth date or e-mail
    PERHAPS = "perhaps"  # there is one, and nothing to compare
    SEVERAL = "several"  # could be meant


@dataclass(frozen=True, slots=True)
class Found:
    sure: Sure
    one: Known | None = None


def unhyphened(name: str) -> str:
    """What tells a folded name from others: the halves of a double name may be joined by a hyphen or a space."""
    return " ".join(name.replace("-", " ").split())


def spellings(name: str) -> Iterable[str]:
    """A folded name with each of its joints as a space and as a hyphen, to be looked for among what is stored."""
    words = unhyphened(name).split()
    if not 1 < len(words) <= MOST_WORDS:
        return [name]
    found = words[:1]
    for word in words[1:]:
        found = [f"{each}{joint}{word}" for each in found for joint in " -"]
    return found


def find(birth_date: date | None, email: str, namesakes: Iterable[Known]) -> Found:
    """Who of the namesakes this is: by birth date first, then by e-mail. Those who hold a place come before others."""
    everybody = list(namesakes)
    living = [known for known in everybody if known.live]
    found = _among(birth_date, email, living)
    if found.sure is Sure.NOBODY:
        return _among(birth_date, email, [known for known in everybody if not known.live])
    return found


def _among(birth_date: date | None, email: str, namesakes: Sequence[Known]) -> Found:
    born = [known for known in namesakes if birth_date and known.birth_date == birth_date]
    mail = [known for known in namesakes if email and known.email == email]
    both = [known for known in born if known in mail]
    for same in (both, born, mail):
        if same:
            return Found(Sure.ONE, same[0]) if len(same) == 1 else Found(Sure.SEVERAL)
    unclear = [known for known in namesakes if not _comparable(birth_date, email, known)]
    if not unclear:
        return Found(Sure.NOBODY)
    return Found(Sure.PERHAPS, unclear[0]) if len(unclear) == 1 else Found(Sure.SEVERAL)


def _comparable(birth_date: date | None, email: str, known: Known) -> bool:
    return bool((birth_date and known.birth_date) or (email and known.email))
