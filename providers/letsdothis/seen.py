"""What a walk has met, in little room: a listing of 200,000 rows costs some eight megabytes."""

from array import array

_FIRST_SIZE = 1024
LARGEST = 2**64 - 1


class Seen:
    """Names, each with the newest stamp it came with, kept as eight-byte hashes in an open table.

    Two of 200,000 names share a hash once in a billion walks.
    """

    def __init__(self) -> None:
        self._count = 0
        self._digest = 0
        self._hashes = array("Q", bytes(8 * _FIRST_SIZE))
        self._stamps = array("q", bytes(8 * _FIRST_SIZE))

    def __len__(self) -> int:
        return self._count

    @property
    def digest(self) -> int:
        """Equal for equal sets of names, in whatever order they came."""
        return self._digest

    def note(self, name: str, stamp: int = 0) -> int | None:
        """Remember it. Answers the stamp it was known with before; None: it is new."""
        hashed = _hash(name)
        place = self._place(hashed)
        if self._hashes[place] == hashed:
            known = self._stamps[place]
            self._stamps[place] = max(known, stamp)
            return known
        self._hashes[place], self._stamps[place] = hashed, stamp
        self._count += 1
        self._digest ^= hashed
        if self._count * 3 > len(self._hashes) * 2:
            self._grow()
        return None

    def _place(self, hashed: int) -> int:
        last = len(self._hashes) - 1
        place = hashed & last
        while self._hashes[place] not in (0, hashed):
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        hashes, stamps = self._hashes, self._stamps
        self._hashes = array("Q", bytes(16 * len(hashes)))
        self._stamps = array("q", bytes(16 * len(hashes)))
        for hashed, stamp in zip(hashes, stamps, strict=True):
            if hashed:
                place = self._place(hashed)
                self._hashes[place], self._stamps[place] = hashed, stamp


def _hash(name: str) -> int:
    """Python's own: 64 bits with a secret of this process, which a walk does not outlive."""
    return hash(name) & LARGEST or 1
