"""What a walk has met, in little room: a listing of 200,000 rows costs some eight megabytes."""

from array import array

from providers.pages import KnownPage, mark_of, words

_FIRST_SIZE = 1024
MOST_EXPECTED = 1_000_000
"""Names, for which room is made beforehand: whoever announces more is believed when they come."""


class Seen:
    """Names, each with the newest stamp it came with, kept as eight-byte marks in an open table.

    Two of 200,000 names share a mark once in a billion walks.
    """

    def __init__(self) -> None:
        self._count = 0
        self._digest = 0
        self._marks = _noughts("Q", _FIRST_SIZE)
        self._stamps = _noughts("q", _FIRST_SIZE)
        self._put_off: list[KnownPage] = []

    def __len__(self) -> int:
        return self._count + sum(map(len, self._put_off))

    @property
    def digest(self) -> int:
        """Equal for equal sets of names, in whatever order they came."""
        self._catch_up()
        return self._digest

    def expect(self, number: int) -> None:
        """So many will come: what the table holds need not be moved into larger ones on the way."""
        size = min(number, MOST_EXPECTED) * 3 // 2 + 1
        if size > len(self._marks):
            self._move(size)

    def note(self, name: str, stamp: int = 0) -> int | None:
        """Remember it. Answers the stamp it was known with before; None: it is new."""
        self._catch_up()
        return self._note(mark_of(name), stamp)

    def note_page(self, page: KnownPage) -> None:
        """Remember what this page names, all of it new. Put into the table when something else is asked for."""
        self._put_off.append(page)

    def _catch_up(self) -> None:
        while self._put_off:
            page = self._put_off.pop()
            for mark, stamp in zip(words(page.marks), words(page.stamps, "q"), strict=True):
                self._note(mark, stamp)

    def _note(self, mark: int, stamp: int) -> int | None:
        marks = self._marks
        size = len(marks)
        place = mark % size
        while (there := marks[place]) and there != mark:
            place = (place + 1) % size
        if there:
            known = self._stamps[place]
            if stamp > known:
                self._stamps[place] = stamp
            return known
        marks[place], self._stamps[place] = mark, stamp
        self._count += 1
        self._digest ^= mark
        if self._count * 3 > len(marks) * 2:
            self._move(len(marks) * 3 // 2)  # twice as many would stand half empty
        return None

    def _move(self, size: int) -> None:
        """Into a table of this size."""
        marks, stamps = self._marks, self._stamps
        self._marks = _noughts("Q", size)
        self._stamps = _noughts("q", size)
        for mark, stamp in zip(marks, stamps, strict=True):
            if mark:
                place = mark % size
                while self._marks[place]:
                    place = (place + 1) % size
                self._marks[place], self._stamps[place] = mark, stamp


def _noughts(code: str, number: int) -> "array[int]":
    return array(code, (0,)) * number
