"""Pages known again whole, so that nobody has to read their rows once more.

Most whole walks find what the last one found. A `PageMemory` holds what that one saw: for each page a digest of its
list, and of each row eight bytes for its id and the time it bears, which is all that a walk needs to go on after it.
`pull` shows it every page: one whose list is byte for byte as remembered stands for "the same rows as then", and none
of them is read. The first page that differs ends that, and from there on every row is read: a row can have moved there
from a page that is yet to come.

Whether our own rows are still as they were then is for the portal to say: else it brings an empty memory.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import SEEK_END
from operator import eq
from tempfile import SpooledTemporaryFile
from threading import Event
from typing import TYPE_CHECKING

import msgspec
from xxhash import xxh3_64_intdigest, xxh3_128_digest

if TYPE_CHECKING:  # whose pages these are
    from providers.port import Received
    from providers.replies import Reply

WORD = 2**64
IN_MEMORY = 1024 * 1024  # bytes: what is to be remembered of more lies in a file meanwhile

type Span = tuple[int, int]
"""Where something stands, and how long it is."""


def mark_of(name: str) -> int:
    """Eight bytes that stand for an id, never nought. The same in every process, so that they can be kept."""
    return xxh3_64_intdigest(name.encode(errors="surrogatepass")) or 1


def lead_of(fingerprint: bytes) -> int:
    """Its first eight bytes as a number. Added up, they tell whether any is another."""
    return int.from_bytes(fingerprint[:8].ljust(8, b"\0"))


class KnownPage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One page. ``start`` and ``length``: where the rows stand in its body. ``marks`` and ``stamps``: of each row.

    ``leads``: the sum of `lead_of` each. ``to_read``: known again, but its rows are to be read, because
    one of them cannot be, or is not among ours.
    """

    place: str
    start: int
    length: int
    digest: bytes
    marks: bytes
    stamps: bytes
    leads: int
    to_read: bool = False

    def __len__(self) -> int:
        return len(self.marks) // 8

    def is_in(self, reply: "Reply") -> bool:
        """As it came, which spares it being mended; or as it is read, where that is another."""
        return self._stands_in(reply.raw) or self._stands_in(reply.body)

    def without_rows(self, reply: "Reply") -> bytes:
        """The envelope around an empty list."""
        body = reply.raw if self._stands_in(reply.raw) else reply.body
        return body[: self.start] + body[self.start + self.length :]

    def _stands_in(self, body: bytes) -> bool:
        rows = memoryview(body)[self.start : self.start + self.length]
        return len(rows) == self.length and xxh3_128_digest(rows) == self.digest


_packed = msgspec.msgpack.Encoder()
_pages = msgspec.msgpack.Decoder(KnownPage)


class PageMemory:
    """What is remembered of the last walk, and what there will be to remember of this one.

    A page is known by its place in the listing: its number will do. What there was before may come while the first page
    is on the wire (None): whoever asks waits for it. What is noted lies in a file once it is much. Close it.
    """

    def __init__(self, before: Iterable[KnownPage] | None = ()) -> None:
        self._recalled = Event()
        self._before: dict[str, KnownPage] = {}
        self._now: dict[str, KnownPage | Span] = {}
        self._noted = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with this
        self._as_before = True
        self._usable = True
        if before is not None:
            self.recall(before)

    def __iter__(self) -> Iterator[KnownPage]:
        return map(self._page, self._now.values())

    @property
    def all_known(self) -> bool:
        """Whether every page was known again, and there are no fewer."""
        pairs = zip(self._now.values(), self._before.values(), strict=False)
        complete = self._usable and len(self._now) == len(self._before) > 0
        return complete and all(now is before for now, before in pairs)

    def close(self) -> None:
        """Nothing more will be asked of it."""
        self._noted.close()

    def recall(self, before: Iterable[KnownPage]) -> None:
        """This is how it was."""
        self._before = {page.place: page for page in before}
        self._recalled.set()

    def known(self, place: str, reply: "Reply") -> KnownPage | None:
        """The page that stood at this place, if this is the same and nothing came before it that was not."""
        if self._as_before:
            self._recalled.wait()
        page = self._before.get(place) if self._as_before else None
        if page is None or not page.is_in(reply):
            self._as_before = False
            return None
        self._now[place] = page
        return None if page.to_read else page

    def note(
        self,
        place: str,
        body: bytes,
        rows: Sequence[msgspec.Raw | bytes],
        items: "Sequence[Received]",
        *,
        stamps: Sequence[int] = (),
        to_read: bool = False,
    ) -> None:
        """Remember a page that was read, and ``items``, what was made of its rows."""
        if not self._usable:
            return
        start, end = _span(body, rows)
        page = KnownPage(
            place=place,
            start=start,
            length=end - start,
            digest=xxh3_128_digest(memoryview(body)[start:end]),
            marks=array("Q", [mark_of(item.external_id) for item in items]).tobytes(),
            stamps=array("q", stamps).tobytes(),
            leads=sum(lead_of(item.fingerprint) for item in items) % WORD,
            to_read=to_read or not rows,
        )
        written = _packed.encode(page)
        self._now[place] = (self._noted.seek(0, SEEK_END), len(written))
        self._noted.write(written)

    def spoil(self) -> None:
        """This walk does not go straight from the start of its listing to the end: it is no use to another."""
        self._usable = self._as_before = False

    def kept(self, unheld: Iterable[str]) -> "Collection[KnownPage] | None":
        """What to remember of this walk; None: nothing, as it was. ``unheld``: ids that did not get among our rows."""
        if not self._usable:
            return ()
        pages = _Kept(self, unheld)
        same = len(pages) == len(self._before) and all(map(eq, pages, self._before.values()))
        return None if same else pages

    def _page(self, page: "KnownPage | Span") -> KnownPage:
        if isinstance(page, KnownPage):
            return page
        place, length = page
        self._noted.seek(place)
        return _pages.decode(self._noted.read(length))


class _Kept(Collection[KnownPage]):
    """The pages of a memory. Those that hold something of ``unheld`` are to be read."""

    def __init__(self, memory: PageMemory, unheld: Iterable[str]) -> None:
        self._memory = memory
        self._lost = set(map(mark_of, unheld))

    def __len__(self) -> int:
        return len(self._memory._now)

    def __iter__(self) -> Iterator[KnownPage]:
        for page in self._memory:
            lost = self._lost and not self._lost.isdisjoint(words(page.marks))
            yield msgspec.structs.replace(page, to_read=True) if lost else page

    def __contains__(self, page: object) -> bool:
        return any(page == each for each in self)


def memory_for(given: PageMemory | None, *, straight: bool) -> PageMemory:
    """What a walk may use: one that knows and keeps nothing if none is given, or it does not begin at the beginning."""
    if given is not None and straight:
        return given
    nothing = PageMemory()
    nothing.spoil()
    return nothing


def words(kept: bytes, code: str = "Q") -> "array[int]":
    """Numbers of eight bytes, as they were."""
    return array(code, kept)


def _span(body: bytes, rows: Sequence[msgspec.Raw | bytes]) -> tuple[int, int]:
    """From the first byte of the first row to the last of the last; all of a page that has none."""
    if not rows:
        return 0, len(body)
    last = bytes(rows[-1])
    return body.find(bytes(rows[0])), body.rfind(last) + len(last)
