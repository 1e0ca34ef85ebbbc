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
from typing import IO, Any, NamedTuple, cast, get_args

import msgspec
from msgspec.structs import replace

from providers.contract import Contract
from providers.errors import BadRecord
from providers.packing import BY_ITSELF, Packing
from providers.port import Decode, Received
from providers.records import ApplicationRecord, EntryRecord, EventRecord, Kind, RaceRecord, Record, TicketTypeRecord
from providers.surprises import glance

log = logging.getLogger(__name__)

READ_HERE = "records are read here from now on: %s"
PIPE = 1 << 20  # bytes: a page of records goes through without either side having to wait for the other many times
_LENGTH = struct.Struct(">Q")

Sendable = EntryRecord | ApplicationRecord | EventRecord | RaceRecord | TicketTypeRecord
"""What can be sent back. Others are few, and left to whoever asked."""
FORMS = get_args(Sendable)


class Asked(msgspec.Struct, array_like=True, gc=False):
    kind: Kind
    external_id: str
    payload: bytes


class Read(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A record, then what it points at, unless its page has said that before. ``packed``: its payload.

    ``as_declared``: the payload is wholly as the provider's contract has it, so that nobody need look closer.
    """

    records: tuple[Record, ...]
    packed: bytes
    as_declared: bool = False


class Told(Read, frozen=True, array_like=True, gc=False):
    records: tuple[Sendable, ...]


NOT_READ = msgspec.Raw(msgspec.msgpack.encode(None))

type Said = dict[tuple[type[Record], str], Record]
"""What the page has said of what its records point at."""

_asked = msgspec.msgpack.Decoder(list[Asked])
_told = msgspec.msgpack.Decoder(list[Told | None])
_encode = msgspec.msgpack.Encoder().encode


class Apart:
    """The process, seen from outside. ``ready``: it has said that it is there.

    Close it. A page asked for and not yet read is then None. ``dictionaries``: what payloads of a kind are packed with.
    """

    def __init__(self, decode: Decode, contract: Contract, dictionaries: Mapping[str, bytes] | None = None) -> None:
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
        self._to_send: SimpleQueue[Sequence[Asked] | bytes | None] = SimpleQueue()
        self._expected: SimpleQueue[Future[Sequence[Read | None]] | None] = SimpleQueue()
        self._threads = [Thread(target=self._send, daemon=True), Thread(target=self._take, daemon=True)]
        self._to_send.put(pickle.dumps((decode, contract, dictionaries or {})))
        for thread in self._threads:
            thread.start()

    def read(self, items: Iterable[Received]) -> "Future[Sequence[Read | None]]":
        """One for each, in their order; none at all if the process is gone."""
        promise: Future[Sequence[Read | None]] = Future()
        asked = [Asked(item.kind, item.external_id, item.payload) for item in items]
        self._expected.put(promise)
        self._to_send.put(asked)
        return promise

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
            body = message if isinstance(message, bytes) else msgspec.msgpack.encode(message)
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
            promise.set_result(self._answer() if self.ready else ())

    def _answer(self) -> Sequence[Read | None]:
        try:
            body = _next(self._out)
            if body is not None:
                return _told.decode(body)
        except (OSError, msgspec.MsgspecError) as error:
            log.warning(READ_HERE, type(error).__name__)
        self.ready = False
        return ()


def serve(come: IO[bytes], go: IO[bytes]) -> None:
    """The process, from inside."""
    first = _next(come)
    if first is None:
        return
    decode, contract, dictionaries = pickle.loads(first)  # noqa: S301  # from whoever started us, over a pipe nobody else has
    packings = {kind: Packing(dictionary) for kind, dictionary in dictionaries.items()}
    reader = _Reader(decode, {kind: glance(shape) for kind, shape in contract.items()}, packings)
    _write(go, b"")
    while (body := _next(come)) is not None:
        _write(go, msgspec.msgpack.encode(reader.page(_asked.decode(body))))


class _Reader(NamedTuple):
    decode: Decode
    glances: Mapping[Kind, Callable[[bytes], bool]]
    packings: Mapping[str, Packing]

    def page(self, asked: Iterable[Asked]) -> list[msgspec.Raw]:
        said: Said = {}
        return [self._one(each, said) for each in asked]

    def _one(self, asked: Asked, said: Said) -> msgspec.Raw:
        payload, glance_of = asked.payload, self.glances.get(asked.kind)
        item = Received(kind=asked.kind, external_id=asked.external_id, fingerprint=b"", payload=payload)
        try:
            record, *others = self.decode(item)
            if type(record) not in FORMS:
                return NOT_READ
            records = (record, *[each for each in others if _is_news(each, said)])
            packed = self.packings.get(asked.kind, BY_ITSELF).pack(payload)
            return msgspec.Raw(_encode(Read(records, packed, glance_of is not None and glance_of(payload))))
        except (BadRecord, TypeError, ValueError, OverflowError):  # also what no message can hold
            return NOT_READ


def _is_news(mention: Any, said: Said) -> bool:
    """Whether the page has not just said the same of it. When it was said does not matter."""
    key, bare = (type(mention), mention.external_id), replace(mention, as_of=None)
    if said.get(key) == bare:
        return False
    said[key] = bare
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
