"""XML read as a stream: what an .xlsx is made of, a piece at a time. Nothing of it is ever held whole."""

from collections.abc import Iterator, Mapping
from typing import IO, Protocol
from xml.parsers import expat

PIECE = 1 << 16
LONGEST_TEXT = 100_000  # letters in one cell; Excel itself takes 32,767


class TooMuch(ValueError):
    """What no honest file holds: a declaration of entities, or text without end."""


class Listener(Protocol):
    """Is told of elements by their plain names, as they come."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


def parsed(file: IO[bytes], listener: Listener) -> Iterator[None]:
    """Tell ``listener`` of a further piece each time. Raises expat.ExpatError, TooMuch and what the listener does."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        """The first element says whether names have prefixes: mostly they have none, and there are millions of them."""
        if ":" in name:
            parser.StartElementHandler = lambda name, attributes: listener.start(plain(name), attributes)
            parser.EndElementHandler = lambda name: listener.end(plain(name))
        else:
            parser.StartElementHandler, parser.EndElementHandler = listener.start, listener.end
        listener.start(plain(name), attributes)

    parser.StartElementHandler = begin
    parser.CharacterDataHandler = listener.text
    parser.StartDoctypeDeclHandler = _refuse
    while piece := file.read(PIECE):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def plain(name: str) -> str:
    """Without the prefix of its namespace: some programs write "x:row" for "row"."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise TooMuch("A document type, which no workbook has.")


class Text:
    """The text of a cell or of a shared string, out of its runs; how it is read aloud in Japanese is left out."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._open = self._aside = False

    def start(self, name: str) -> None:
        self._open = name in ("t", "v")
        self._aside = self._aside or name == "rPh"

    def end(self, name: str) -> None:
        self._open = False
        self._aside = self._aside and name != "rPh"

    def add(self, data: str) -> None:
        if not self._open or self._aside:
            return
        self._length += len(data)
        if self._length > LONGEST_TEXT:
            raise TooMuch("Text without end in one cell.")
        self._parts.append(data)

    def taken(self) -> str:
        """All of it; then it is empty again."""
        whole = "".join(self._parts)
        self._parts.clear()
        self._length = 0
        return whole
