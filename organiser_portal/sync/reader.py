"""The next pages are on the wire while these are written.

A thread walks the provider; the caller stores whatever has arrived meanwhile: a slow provider's pages one by one, a
fast one's several at a time. The thread never touches the database: what the provider wants to know of our rows, or
have written down at once, is asked of the caller, who answers when everything before the question is stored.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Condition, Thread, current_thread
from time import monotonic
from types import TracebackType
from typing import Self

from providers.port import Known, Page

MOST_AT_ONCE = 10  # pages in a batch: some five thousand rows
FIRST_AT_ONCE = 2  # in the first one, and twice as many in each that follows: the database need not wait for ten
LINGER = 0.05  # seconds for which a page waits for the next, since a few at a time cost less than one by one
MOST_PAGES = 24  # in memory: one batch being stored, the next, and what is being read
MOST_BYTES = 64 * 1024 * 1024  # in memory, but never fewer than one page


class _Stopped(Exception):
    """The caller wants no more."""


class _Question:
    def __init__(self, find: Callable[[], Iterable[str]]) -> None:
        self.find = find
        self.answer: SimpleQueue[list[str] | None] = SimpleQueue()


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Room:
    """How much may be in memory: who fetches waits until there is room, who stores makes some."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._pages = 0
        self._bytes = 0
        self._closed = False

    def wait(self) -> bool:
        """Return when another page may be fetched; False: no more is wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_there)
            return not self._closed

    @property
    def _is_there(self) -> bool:
        return not self._pages or (self._pages < MOST_PAGES and self._bytes < MOST_BYTES)

    def take(self, page: Page) -> None:
        self._move(1, page.bytes)

    def give_back(self, batch: Sequence[Page]) -> None:
        self._move(-len(batch), -sum(page.bytes for page in batch))

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _move(self, pages: int, size: int) -> None:
        with self._changed:
            self._pages += pages
            self._bytes += size
            self._changed.notify()


class ReadAhead:
    """Iterate it inside a ``with``. Errors of the provider come out where its next page would have.

    ``prepare``: done with each page in the thread that fetches, before it is handed over.
    """

    def __init__(
        self,
        walk: Callable[[Known], Iterator[Page]],
        *,
        known: Known,
        prepare: Callable[[Page], None] | None = None,
    ) -> None:
        self._walk = walk
        self._known = known
        self._prepare = prepare
        self._room = _Room()
        self._most = min(FIRST_AT_ONCE, MOST_AT_ONCE)
        self._messages: SimpleQueue[Page | _Question | _End] = SimpleQueue()
        self._taken: deque[Page | _Question | _End] = deque()
        self._handed_over: Sequence[Page] = ()
        # In our context, so that its log lines bear the ids of the run.
        self._thread = Thread(target=copy_context().run, args=(self._read,), name="read-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._room.close()
        while not isinstance(message := self._message(), _End):
            if isinstance(message, _Question):
                message.answer.put(None)
        self._thread.join()

    def __iter__(self) -> Iterator[Sequence[Page]]:
        while True:
            message = self._message()
            if isinstance(message, Page):
                self._handed_over = self._arrived(message)
                del message
                yield self._handed_over
                self.make_room()
            elif isinstance(message, _Question):
                self._tell(message)
            else:
                self._messages.put(_End())  # for whoever leaves the block
                if message.error is not None:
                    raise message.error
                return

    def by_caller(self, do: Callable[[], None]) -> Callable[[], None]:
        """The same, done by the caller when the thread that fetches wants it done."""

        def found() -> tuple[()]:
            do()
            return ()

        def done() -> None:
            if current_thread() is self._thread:
                self._ask(found)
            else:
                do()

        return done

    def make_room(self) -> None:
        """What was handed over last has been taken in: more may come, while the database makes it last."""
        self._room.give_back(self._handed_over)
        self._handed_over = ()

    def _tell(self, question: _Question) -> None:
        """Whatever happens, whoever asked must not wait for ever."""
        answer: list[str] | None = None
        try:
            answer = list(question.find())
        finally:
            question.answer.put(answer)

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            self._fetch(self._walk(lambda kind: self._ask(lambda: self._known(kind))))
        except _Stopped:
            pass
        except BaseException as caught:  # handed to the caller, who knows what to do with it
            error = caught
        self._messages.put(_End(error))

    def _fetch(self, pages: Iterator[Page]) -> None:
        while self._room.wait() and (page := next(pages, None)) is not None:
            self._room.take(page)
            if self._prepare is not None:
                self._prepare(page)
            self._messages.put(page)
            del page

    def _message(self) -> "Page | _Question | _End":
        return self._taken.popleft() if self._taken else self._messages.get()

    def _arrived(self, first: Page) -> Sequence[Page]:
        """This page and those right behind it, as far as they can be stored together."""
        batch, until = [first], monotonic() + LINGER
        while len(batch) < self._most and not (batch[-1].gone or batch[-1].last):
            try:
                message = self._messages.get(timeout=max(until - monotonic(), 0))
            except Empty:
                break
            if not isinstance(message, Page):
                self._taken.append(message)
                break
            batch.append(message)
        self._most = min(2 * self._most, MOST_AT_ONCE)
        return batch

    def _ask(self, find: Callable[[], Iterable[str]]) -> Iterable[str]:
        question = _Question(find)
        self._messages.put(question)
        answer = question.answer.get()
        if answer is None:
            raise _Stopped
        return answer
