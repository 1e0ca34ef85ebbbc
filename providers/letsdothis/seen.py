"""What a walk has met, in little room: a listing of 200,000 rows costs some eight megabytes."""

from array import array
from collections.abc import Iterable, Sequence

from providers.pages import KnownPage, mark_of, words

_FIRST_SIZE = 1024


class Seen:
    """Names, each with the newest stamp it came with, kept as eight-byte marks in an open table.

    Two of 200,000 names share a mark once in a billion walks.
    """

    def __init__(self) -> None:
        self._count = 0
        self._digest = 0
        self._marks = array("Q", bytes(8 * _FIRST_SIZE))
        self._stamps = array("q", bytes(8 * _FIRST_SIZE))
        self._put_off: list[KnownPage] = []

    def __len__(self) -> int:
        return self._count + sum(map(len, self._put_off))

    @property
    def digest(self) -> int:
        """Equal for equal sets of names, in whatever order they came."""
        self._catch_up()
        return self._digest

    def note(self, name: str, stamp: int = 0) -> int | None:
        """Remember it. Answers the stamp it was known with before; None: it is new."""
        return self.note_all([name], [stamp])[0]

    def note_all(self, names: Iterable[str], stamps: Iterable[int]) -> list[int | None]:
        """The same for each of many, one after another."""
        self._catch_up()
        return self._note(list(map(mark_of, names)), stamps)

    def note_page(self, page: KnownPage) -> None:
        """Remember what this page names, all of it new. Put into the table when something else is asked for."""
        self._put_off.append(page)

    def _catch_up(self) -> None:
        while self._put_off:
            page = self._put_off.pop()
            self._note(words(page.marks), words(page.stamps, "q"))

    def _note(self, noted: Sequence[int], stamps: Iterable[int]) -> list[int | None]:
        self._make_room(len(noted))
        marks, known_stamps, size, digest = self._marks, self._stamps, len(self._marks), self._digest
        before: list[int | None] = []
        for mark, stamp in zip(noted, stamps, strict=True):
            place = mark % size
            while (there := marks[place]) and there != mark:
                place = (place + 1) % size
            if there:
                known = known_stamps[place]
                before.append(known)
                if stamp > known:
                    known_stamps[place] = stamp
            else:
                marks[place], known_stamps[place] = mark, stamp
                digest ^= mark
                before.append(None)
        self._count += before.count(None)
        self._digest = digest
        return before

    def _make_room(self, more: int) -> None:
        """At least a third of the table stays empty."""
        size = len(self._marks)
        while (self._count + more) * 3 > size * 2:
            size = size * 3 // 2  # twice as many would stand half empty
        if size == len(self._marks):
            return
        marks, stamps = array("Q", bytes(8 * size)), array("q", bytes(8 * size))
        for mark, stamp in zip(self._marks, self._stamps, strict=True):
            if mark:
                place = mark % size
                while marks[place]:
                    place = (place + 1) % size
                marks[place], stamps[place] = mark, stamp
        self._marks, self._stamps = marks, stamps
