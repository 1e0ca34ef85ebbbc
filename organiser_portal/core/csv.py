"""CSV as it leaves the house: RFC 4180 with CRLF, UTF-8, ISO dates, safe in a spreadsheet, never in memory whole.

**Formulas.** A spreadsheet runs a cell that starts with ``=``, ``+``, ``-``, ``@``, a tab or a line break as a formula,
whoever typed it into an entry form. Such a cell gets an apostrophe in front, which says "this is text".
Plain negative numbers are left alone. Nothing is ever cut out. Where the comma stands in numbers, Excel cuts a line at
semicolons, and at tabs and line breaks within it too, whatever is in quotes: what begins there gets one as well.

**Phone numbers** would all be hit by that rule, and an apostrophe breaks them for whoever dials or imports them; so an
international number is written with ``00`` for ``+``, which means the same and loses nothing.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells Excel that the file is UTF-8. Elsewhere it would become part of the first heading."""

CHUNK = 500
_NUMBER = re.compile(r"-\d+(\.\d+)?")
_INTERNATIONAL = re.compile(r"\+(?=[\d\s().-]+$)")
_RISKY = tuple("=+-@＝＋－＠")
_RISKY_WITHIN = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
_SAID_WITHIN = re.compile(r"([;\t\r\n]\s*)'(?=[=+\-@＝＋－＠])")


class _Line:
    """What ``csv.writer`` writes to: hands the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_text(value: object, zone: tzinfo) -> str:
    """A value as a file says it: ISO dates, instants in ``zone`` with their offset, yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return str(value)


def safe(text: str) -> str:
    """The same text, unable to be run as a formula."""
    risky = text[:1] in ("\t", "\r", "\n") or text.lstrip().startswith(_RISKY)
    if risky and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    may_be_cut = ";" in text or not text.isprintable()
    return _RISKY_WITHIN.sub(r"\1'", text) if may_be_cut else text


def unsafe(text: str) -> str:
    """What a cell of our own files said before it was made safe; any other as it is."""
    if "'" not in text:
        return text
    bare = _SAID_WITHIN.sub(r"\1", text)
    return next((each for each in (bare.removeprefix("'"), bare) if safe(each) == text), text)


def phone(text: str) -> str:
    """An international number without the plus: "+44 7700 900123" is "0044 7700 900123". Anything else as it is."""
    return _INTERNATIONAL.sub("00", text.strip(), count=1)


def write(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, zone: tzinfo, bom: bool = False
) -> Iterator[str]:
    """Chunks of text, each of up to ``CHUNK`` lines. Pulls rows only as chunks are asked for."""
    to_line = csv.writer(_Line(), lineterminator="\r\n").writerow
    chunk = [(BOM if bom else "") + str(to_line([safe(heading) for heading in headings]))]
    for row in rows:
        chunk.append(str(to_line([safe(as_text(value, zone)) for value in row])))
        if len(chunk) >= CHUNK:
            yield "".join(chunk)
            chunk.clear()
    if chunk:
        yield "".join(chunk)
