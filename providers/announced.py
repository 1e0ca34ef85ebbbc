"""What a list says of its own length, page after page.

Pages are counted off from the front: where a row vanishes between two of them, the first row of the next page slips
onto the one already read, and is never seen. The only trace is that fewer are announced than before.
"""


class Announced:
    """``fell``: it got shorter while it was read, so rows may have slipped by."""

    def __init__(self) -> None:
        self.fell = False
        self._last = 0

    def note(self, total: int | None) -> None:
        """One answer. None: it did not say."""
        if total is not None:
            self.fell = self.fell or total < self._last
            self._last = total
