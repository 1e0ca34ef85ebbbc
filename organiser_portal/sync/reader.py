"""The next page is on the wire while this one is written.

A thread walks the provider; the caller stores. Between them there are never more than two pages, one being stored and
one being fetched. The thread never touches the database: what the provider wants to know of our rows is asked of the
caller, who answers between two pages.
"""

from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from queue import SimpleQueue
from threading import Semaphore, Thread
from types import TracebackType
from typing import Self

from providers.port import Known, Page
from providers.records import Kind

MOST_PAGES = 2


class _Stopped(Exception):
    """The caller wants no more."""


class _Question:
    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.answer: SimpleQueue[list[str] | None] = SimpleQueue()


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class ReadAhead:
    """Iterate it inside a ``with``. Errors of the provider come out where its next page would have."""

    def __init__(self, walk: Callable[[Known], Iterator[Page]], *, known: Known) -> None:
        self._walk = walk
        self._known = known
        self._room = Semaphore(MOST_PAGES)
        self._messages: SimpleQueue[Page | _Question | _End] = SimpleQueue()
        self._stopped = False
        # In our context, so that its log lines bear the ids of the run.
        self._thread = Thread(target=copy_context().run, args=(self._read,), name="read-ahead", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self._room.release()
        while not isinstance(message := self._messages.get(), _End):
            if isinstance(message, _Question):
                message.answer.put(None)
        self._thread.join()

    def __iter__(self) -> Iterator[Page]:
        while True:
            message = self._messages.get()
            if isinstance(message, Page):
                yield message
                del message
                self._room.release()
            elif isinstance(message, _Question):
                message.answer.put(list(self._known(message.kind)))
            else:
                self._messages.put(_End())  # for whoever leaves the block
                if message.error is not None:
                    raise message.error
                return

    def _read(self) -> None:
        error: BaseException | None = None
        try:
            self._fetch(self._walk(self._ask))
        except _Stopped:
            pass
        except BaseException as caught:  # handed to the caller, who knows what to do with it
            error = caught
        self._messages.put(_End(error))

    def _fetch(self, pages: Iterator[Page]) -> None:
        while True:
            self._room.acquire()
            if self._stopped or (page := next(pages, None)) is None:
                return
            self._messages.put(page)
            del page

    def _ask(self, kind: Kind) -> Iterable[str]:
        question = _Question(kind)
        self._messages.put(question)
        answer = question.answer.get()
        if answer is None:
            raise _Stopped
        return answer
