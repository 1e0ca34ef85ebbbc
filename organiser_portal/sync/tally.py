"""How many of what."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one page or one run; add them up."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    rejected: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})
