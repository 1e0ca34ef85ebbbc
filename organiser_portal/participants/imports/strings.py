"""The texts of a workbook. Its cells name them by number, in any order; so they are kept, on disk and not in memory."""

import mmap
import re
from array import array
from collections.abc import Mapping
from tempfile import TemporaryFile
from typing import IO

from organiser_portal.participants.imports.markup import Text, parsed

_HALVES = range(0xD800, 0xE000)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """ "a_x000D_b" is how Excel writes what XML cannot hold. Half of an emoji is no letter."""
    return _ESCAPED.sub(lambda found: _letter(int(found.group(1), 16)), text) if "_x" in text else text


def _letter(code: int) -> str:
    return "\N{REPLACEMENT CHARACTER}" if code in _HALVES else chr(code)


class Strings:
    """By their number, from the file that ``part`` reads; None: the workbook has none."""

    def __init__(self, part: IO[bytes] | None) -> None:
        listener = _Listener()
        with TemporaryFile() as kept:
            for _ in parsed(part, listener) if part else ():
                kept.write(b"".join(listener.read))
                listener.read.clear()
            kept.flush()
            self._ends = listener.ends
            self._map = mmap.mmap(kept.fileno(), 0, access=mmap.ACCESS_READ) if self._ends[-1] else b""

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        return self._map[self._ends[number] : self._ends[number + 1]].decode()


class _Listener:
    """``ends``: where each text ends among all of them; ``read``: those not written yet."""

    def __init__(self) -> None:
        self.ends = array("Q", [0])
        self.read: list[bytes] = []
        self._text = Text()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - as a listener is told
        self._text.start(name)

    def end(self, name: str) -> None:
        self._text.end(name)
        if name == "si":
            self.read.append(unescaped(self._text.taken()).encode())
            self.ends.append(self.ends[-1] + len(self.read[-1]))

    def text(self, data: str) -> None:
        self._text.add(data)
