"""Records read by a process of their own: Python's one lock leaves the other core to whoever stores them.

    python -m providers.apart    started by `Apart`: takes a decoder, then pages, until its input ends

Nothing depends on it: what it did not do, for whatever reason, comes back as None and is left to whoever asked. Neither
secrets nor connections go there. Either side notices by the pipe that the other is gone.
"""

import logging
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import IO, NamedTuple, cast, get_args

import msgspec

from providers.bundles import Bundle, bundles_of
from providers.contract import Contract
from providers.decoded import Mention, dated
from providers.errors import BadRecord
from providers.port import Decode, Received
from providers.records import (
    ApplicationRecord,
    EntryRecord,
    EventRecord,
    Kind,
    RaceRecord,
    Record,
    TicketTypeRecord,
)
from providers.surprises import glance
from providers.written import WrittenEntry

log = logging.getLogger(__name__)

READ_HERE = "records are read here from now on: %s"
NICENESS = 5
"""Whoever stores goes first where processors are few: what it waits for is the database, and pages read wait for it."""
PIPE = 1 << 20  # bytes: a page of records goes through without either side having to wait for the other many times
_LENGTH = struct.Struct(">Q")

type Writer = Callable[[Sequence[EntryRecord]], Sequence[WrittenEntry]]
"""Writes rows down. Picklable, and importing it takes no time."""

Sendable = EntryRecord | WrittenEntry | ApplicationRecord | EventRecord | RaceRecord | TicketTypeRecord
"""What can be sent back. Others are few, and left to whoever asked."""
FORMS = get_args(Sendable)


class Read(msgspec.Struct, array_like=True, gc=False):
    """A record, then what it points at, unless its page has said that before.

    ``as_declared``: the payload is wholly as the provider's contract has it, so that nobody need look closer.
    """

    records: tuple[Record, ...]
    as_declared: bool = False


class ReadPage(msgspec.Struct, array_like=True, gc=False):
    """One for each record of a page, in their order, none at all if nobody has read it; and their payloads."""

    read: Sequence[Read | None] = ()
    bundles: Sequence[Bundle] = ()


def read_page(items: Sequence[Received], read: Sequence[Read | None]) -> ReadPage:
    """These as they were read, and their payloads."""
    return ReadPage(read, bundles_of(items, [one.records[0] if one else None for one in read]))


class Told(Read, array_like=True, gc=False):
    records: tuple[Sendable, ...]


class ToldPage(ReadPage, array_like=True, gc=False):
    read: list[Told | None]
    bundles: list[Bundle]


_asked = msgspec.msgpack.Decoder(list[Received])
_told = msgspec.msgpack.Decoder(ToldPage)
_encode = msgspec.msgpack.Encoder().encode
_UNSPEAKABLE = (TypeError, ValueError, OverflowError)


class Apart:
    """The process, seen from outside. ``ready``: it has said that it is there.

    Close it. A page asked for and not yet read is then empty. ``write``: by whom entries are written down; without it,
    or where it cannot, they are sent back as they are.
    """

    def __init__(self, decode: Decode, contract: Contract, write: Writer | None = None) -> None:
        self.ready = False
        self._child = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # where a record might be quoted
            pipesize=PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._in, self._out = cast("IO[bytes]", self._child.stdin), cast("IO[bytes]", self._child.stdout)
        self._to_send: SimpleQueue[Sequence[Received] | bytes | None] = SimpleQueue()
        self._expected: SimpleQueue[Future[ReadPage] | None] = SimpleQueue()
        self._threads = [Thread(target=self._send, daemon=True), Thread(target=self._take, daemon=True)]
        self._to_send.put(pickle.dumps((decode, contract, write)))
        for thread in self._threads:
            thread.start()

    def read(self, items: Sequence[Received]) -> Future[ReadPage]:
        """These as a page; an empty one if the process is gone."""
        promise: Future[ReadPage] = Future()
        self._expected.put(promise)
        self._to_send.put(items)
        return promise

    def give_up(self) -> None:
        """It does not answer: what it was asked, and will be until it is known to be gone, is an empty page soon."""
        log.warning(READ_HERE, "no answer")
        self._child.kill()

    def close(self) -> None:
        """Returns when the process is gone."""
        self._child.kill()
        self._to_send.put(None)
        self._expected.put(None)
        for thread in self._threads:
            thread.join()
        self._child.communicate()

    def _send(self) -> None:
        while (message := self._to_send.get()) is not None:
            # Only now, or every page that waits would be in memory twice.
            body = message if isinstance(message, bytes) else _encode(message)
            try:
                _write(self._in, body)
            except OSError:  # it is gone, which its other pipe tells
                continue

    def _take(self) -> None:
        try:
            self.ready = _next(self._out) is not None
        except OSError:
            self.ready = False
        while (promise := self._expected.get()) is not None:
            promise.set_result(self._answer() if self.ready else ReadPage())

    def _answer(self) -> ReadPage:
        try:
            body = _next(self._out)
            if body is not None:
                return _told.decode(body)
        except (OSError, msgspec.MsgspecError) as error:
            log.warning(READ_HERE, type(error).__name__)
        self.ready = False
        return ReadPage()


def serve(come: IO[bytes], go: IO[bytes]) -> None:
    """The process, from inside."""
    first = _next(come)
    if first is None:
        return
    decode, contract, write = pickle.loads(first)  # noqa: S301  # from whoever started us, over a pipe nobody else has
    reader = _Reader(decode, {kind: glance(shape) for kind, shape in contract.items()}, write)
    os.nice(NICENESS)
    _write(go, b"")
    while (body := _next(come)) is not None:
        _write(go, reader.page(_asked.decode(body)))


class _Reader(NamedTuple):
    decode: Decode
    glances: Mapping[Kind, Callable[[bytes], bool]]
    write: Writer | None

    def page(self, items: Sequence[Received]) -> bytes:
        """A message that `Apart` understands."""
        said = _Said()
        read = [self._one(item, said) for item in items]
        page = read_page(items, read)
        if self.write:
            _write_down(self.write, read)
        try:
            return _encode(page)
        except _UNSPEAKABLE:
            return _encode(ReadPage([each if _is_speakable(each) else None for each in read], page.bundles))

    def _one(self, item: Received, said: "_Said") -> Read | None:
        try:
            record, mentions, as_of, as_declared = self.decode(item)
        except (BadRecord, *_UNSPEAKABLE):
            return None
        if type(record) not in FORMS:
            return None
        if not as_declared and (glance_of := self.glances.get(item.kind)):
            as_declared = glance_of(item.payload)
        return Read((record, *dated(said.news(mentions), as_of)), as_declared)


def _write_down(write: Writer, read: Iterable[Read | None]) -> None:
    """The entries among these as their writer makes them, or as they are."""
    found = [(one, record) for one in read if one and isinstance(record := one.records[0], EntryRecord)]
    try:
        written = write([record for _, record in found]) if found else ()
    except _UNSPEAKABLE:  # one of them; whoever asked finds out which
        return
    for (one, _), entry in zip(found, written, strict=True):
        one.records = (entry, *one.records[1:])


class _Said:
    """What a page has said of what its records point at."""

    def __init__(self) -> None:
        self._last: dict[tuple[type[Mention], str], Mention] = {}
        self._all_said: dict[int, tuple[Mention, ...]] = {}  # by id: they are mostly the same objects again

    def news(self, mentions: tuple[Mention, ...]) -> Sequence[Mention]:
        """Those of which the page has not just said the same. When it was said does not matter."""
        if id(mentions) in self._all_said:
            return ()
        news = {key: each for each in mentions if self._last.get(key := (type(each), each.external_id)) != each}
        if not news.keys().isdisjoint(self._last):
            self._all_said.clear()  # whoever says now what was said before something else was, has news
        self._last |= news
        self._all_said[id(mentions)] = mentions
        return list(news.values())


def _is_speakable(read: Read | None) -> bool:
    """Whether a message can hold it."""
    try:
        _encode(read)
    except _UNSPEAKABLE:
        return False
    return True


def _write(pipe: IO[bytes], body: bytes) -> None:
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def _next(pipe: IO[bytes]) -> bytes | None:
    """The next message; None: there will be none."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
