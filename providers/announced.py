"""What a list says of its own length, page after page, and part after part.

Pages are counted off from the front: where a row vanishes between two of them, the first row of the next page slips
onto the one already read, and is never seen. The only trace is that fewer are announced than before.
"""


class Announced:
    """``fell``: it got shorter while it was read, so rows may have slipped by. ``last``: what it had said before."""

    def __init__(self, last: int = 0) -> None:
        self.fell = False
        self._last = last

    def note(self, total: int | None) -> None:
        """One answer. None: it did not say."""
        if total is not None:
            self.fell = self.fell or total < self._last
            self._last = total


class Promised:
    """How many there are in all, where a listing is read in parts. None: one of them does not say.

    ``before``: how many there were in parts that somebody else has read.
    """

    def __init__(self, before: int | None = 0) -> None:
        self._parts = [before]

    def begin(self) -> None:
        """The next part."""
        self._parts.append(None)

    def note(self, total: int | None) -> None:
        """What an answer says of the whole part. Of several the largest counts: it knows what came meanwhile."""
        told = [each for each in (self._parts[-1], total) if each is not None]
        self._parts[-1] = max(told, default=None)

    @property
    def total(self) -> int | None:
        told = [part for part in self._parts if part is not None]
        return sum(told) if len(told) == len(self._parts) else None
