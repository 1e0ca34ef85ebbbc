"""Text with a delimiter, however it was saved: encoding and delimiter are found out, nothing is held in memory."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO

from organiser_portal.participants.imports.table import Line, Table, Unreadable, table_of

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
PIECE = 65_536
JUDGED_BY = 200  # rows
_AS_TEXT = re.compile(r'="([^"]*)"')
_SEP = re.compile(r'sep=([^"\r\n])\r?\n?', re.IGNORECASE)


def read_delimited(file: IO[bytes]) -> Table:
    """Raises Unreadable, also while the lines are taken."""
    encoding = find_encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    sample = _sample(text)
    told = _SEP.match(sample)
    delimiter = told.group(1) if told else find_delimiter(sample)
    text.seek(0)
    lines = _lines(text, delimiter, skip=1 if told else 0)
    read_as = f"{ENCODINGS[encoding]}, {DELIMITERS.get(delimiter, delimiter)}"
    return table_of(lines, read_as=read_as)


def find_encoding(file: IO[bytes]) -> str:
    """One of ``ENCODINGS``: what the first bytes say, else UTF-8 if all of it is, else what Excel writes in Europe."""
    file.seek(0)
    head = file.read(PIECE)
    for bom, encoding in BOMS.items():
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        return _wide(head)
    for encoding in ("utf-8-sig", "cp1252"):
        if _decodes(file, encoding):
            return encoding
    raise Unreadable("The letters of this file cannot be read. Save it as “CSV UTF-8” or as .xlsx and upload that.")


def find_delimiter(sample: str) -> str:
    """The one that cuts the largest share of rows into as many cells as the first of them; of two, the wider table.

    A share, because a delimiter that is none also cuts values of several lines into rows of their own.
    """

    def score(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row, _ in zip(rows, range(JUDGED_BY), strict=False) if row]
        width = next((width for width in widths if width > 1), 0)
        return (widths.count(width) / len(widths), width) if width else (0, 0)

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        raise _unclosed(1) from None


def as_cell(text: str) -> str:
    """A cell without what only spreadsheets need: ``="0770"`` is 0770."""
    plain = text.replace("\0", "").strip()
    told = _AS_TEXT.fullmatch(plain)
    return told.group(1).strip() if told else plain


def _wide(head: bytes) -> str:
    """Two bytes a letter without saying so. Other files with zeros in them are no text."""
    pairs = max(1, len(head) // 2)
    odd, even = head[1::2].count(0) / pairs, head[0::2].count(0) / pairs
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    if even > 0.4 and odd < 0.1:
        return "utf-16-be"
    raise Unreadable("This is not a table. Save the list as .csv or .xlsx and upload that.")


def _decodes(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(text: io.TextIOWrapper) -> str:
    """The beginning, up to the end of a line where there is one."""
    try:
        head = text.read(PIECE)
    except UnicodeDecodeError:
        raise Unreadable("The letters of this file cannot be read. Save it as “CSV UTF-8” and upload that.") from None
    end = max(head.rfind("\n"), head.rfind("\r"))
    return head[: end + 1] if len(head) == PIECE and end > 0 else head


def _lines(text: io.TextIOWrapper, delimiter: str, *, skip: int) -> Iterator[Line]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
            if number > skip:
                yield number, [as_cell(cell) for cell in cells]
    except csv.Error:
        raise _unclosed(number + 1) from None
    except UnicodeDecodeError:
        raise Unreadable(f"After row {number:,} the letters of this file cannot be read.") from None


def _unclosed(number: int) -> Unreadable:
    return Unreadable(f"A value at or below row {number:,} never ends: a quotation mark is probably not closed there.")
