"""Excel's .xlsx: the first visible sheet that holds anything, its cells as text, read as they are taken."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import IO
from xml.parsers.expat import ExpatError

from organiser_portal.participants.imports.formats import Formats
from organiser_portal.participants.imports.markup import parsed, plain
from organiser_portal.participants.imports.sheet import rows_of
from organiser_portal.participants.imports.strings import Strings
from organiser_portal.participants.imports.table import Line, Table, Unreadable, table_of

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 2_000
PIECE = 1 << 20
DAMAGED = (
    "This Excel file cannot be opened: it is damaged or no .xlsx. Open it in Excel, save it again and upload that."
)
WRONG = (zipfile.BadZipFile, zlib.error, ExpatError, RuntimeError, EOFError, OSError, ValueError, LookupError)
"""What a file that is none can raise."""


def read_workbook(file: IO[bytes]) -> Table:
    """Raises Unreadable, also while the lines are taken."""
    check_unpacked(file)
    try:
        workbook = _Workbook(zipfile.ZipFile(file))
        for name, part in workbook.sheets:
            lines = _told(workbook.lines(part))
            if first := next(lines, None):
                among = f" (1 of {len(workbook.sheets)})" if len(workbook.sheets) > 1 else ""
                return table_of(chain([first], lines), read_as=f"Excel, sheet “{name}”{among}")
    except WRONG:
        raise Unreadable(DAMAGED) from None
    raise Unreadable("There is nothing in this Excel file.")


def check_unpacked(file: IO[bytes]) -> None:
    """Unpack it once for nothing, so that a small file that unpacks without end is never opened."""
    left = LARGEST_UNPACKED
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > left:
                raise _too_large()
            for part in parts:
                with archive.open(part) as content:
                    while piece := content.read(PIECE):
                        left -= len(piece)
                if left < 0:
                    raise _too_large()
    except WRONG:
        raise Unreadable(DAMAGED) from None


def _too_large() -> Unreadable:
    return Unreadable("This Excel file is too large once unpacked. Save the one sheet with the entries as .csv.")


def _told(lines: Iterator[Line]) -> Iterator[Line]:
    """The same; what goes wrong on the way is said in words."""
    try:
        yield from lines
    except WRONG:
        raise Unreadable(DAMAGED) from None


class _Workbook:
    """Which parts a workbook has: ``sheets`` are the visible ones, (name, part)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        main = next((part for kind, part in self._links("").values() if kind == "officeDocument"), "xl/workbook.xml")
        parts = self._links(main)
        listener = _Sheets()
        with archive.open(main) as content:
            for _ in parsed(content, listener):
                pass
        self.sheets = [
            (name, parts[link][1]) for name, link in listener.visible if parts.get(link, ("", ""))[0] == "worksheet"
        ]
        named = {kind: part for kind, part in parts.values() if part in archive.namelist()}
        self._strings = Strings(self._open(named.get("sharedStrings")))
        self._formats = Formats(self._open(named.get("styles")), from_1904=listener.from_1904)

    def lines(self, part: str) -> Iterator[Line]:
        with self._archive.open(part) as content:
            yield from rows_of(content, self._strings, self._formats)

    def _open(self, part: str | None) -> IO[bytes] | None:
        return self._archive.open(part) if part else None

    def _links(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Id → (kind, part) of what a part refers to; of the workbook itself where ``part`` is ""."""
        folder, name = posixpath.split(part)
        listener = _Links(folder)
        with self._archive.open(posixpath.join(folder, "_rels", f"{name}.rels")) as content:
            for _ in parsed(content, listener):
                pass
        return listener.found


class _Links:
    """A listener."""

    def __init__(self, folder: str) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self._folder = folder

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            part = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            self.found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)

    def end(self, name: str) -> None:
        """All is said where an element begins."""

    def text(self, data: str) -> None:
        """Nothing is said in text there."""


class _Sheets:
    """A listener. ``visible``: (name, id of the link to its part)."""

    def __init__(self) -> None:
        self.visible: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        told = {plain(key): value for key, value in attributes.items()}
        if name == "workbookPr":
            self.from_1904 = told.get("date1904") in ("1", "true")
        elif name == "sheet" and told.get("state", "visible") == "visible":
            self.visible.append((told.get("name", ""), told.get("id", "")))

    def end(self, name: str) -> None:
        """All is said where an element begins."""

    def text(self, data: str) -> None:
        """Nothing is said in text there."""
