"""What a walk has met: names, each with the newest stamp it came with."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import xor

from providers.marks import Marks
from providers.pages import KnownPage, mark_of, words


class Seen:
    """Kept as eight-byte marks: two of 200,000 names share one once in a billion walks. Close it."""

    def __init__(self) -> None:
        self._marks = Marks()
        self._count = 0
        self._digest = 0
        self._put_off: list[KnownPage] = []

    def __len__(self) -> int:
        return self._count + sum(map(len, self._put_off))

    @property
    def digest(self) -> int:
        """Equal for equal sets of names, in whatever order they came."""
        self._catch_up()
        return self._digest

    def note(self, names: Iterable[str], stamps: Sequence[int]) -> Sequence[int | None]:
        """Remember these in their order. Answers the stamp that each was known with before; None: it is new."""
        self._catch_up()
        return self._note([mark_of(name) for name in names], stamps)

    def note_page(self, page: KnownPage) -> None:
        """Remember what this page names, all of it new. Put down when something else is asked for."""
        self._put_off.append(page)

    def close(self) -> None:
        self._marks.close()

    def _catch_up(self) -> None:
        while self._put_off:
            page = self._put_off.pop()
            self._note(words(page.marks), words(page.stamps, "q"))

    def _note(self, marks: Sequence[int], stamps: Sequence[int]) -> Sequence[int | None]:
        there = self._marks.known(marks)
        before, newer = _compared(marks, stamps, there)
        self._marks.put(newer)
        fresh = newer.keys() - there.keys()
        self._count += len(fresh)
        self._digest ^= reduce(xor, fresh, 0)
        return before


def _compared(
    marks: Sequence[int], stamps: Sequence[int], there: Mapping[int, int]
) -> tuple[Sequence[int | None], Mapping[int, int]]:
    """The stamp that each was known with before, and what is newer than that."""
    newer = dict(zip(marks, stamps, strict=True))
    if not there and len(newer) == len(marks):  # as it nearly always is
        return [None] * len(newer), newer
    return _one_by_one(marks, stamps, there)


def _one_by_one(
    marks: Sequence[int], stamps: Sequence[int], there: Mapping[int, int]
) -> tuple[Sequence[int | None], Mapping[int, int]]:
    newer: dict[int, int] = {}
    before: list[int | None] = []
    for mark, stamp in zip(marks, stamps, strict=True):
        known = newer.get(mark, there.get(mark))
        before.append(known)
        if known is None or stamp > known:
            newer[mark] = stamp
    return before, newer
