"""How many of what."""

from dataclasses import dataclass, fields, replace


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

    def without(self, again: int) -> "Tally":
        """Less those that this walk had named already, who mostly come as they were."""
        return replace(self, seen=self.seen - again, same=max(self.same - again, 0))
