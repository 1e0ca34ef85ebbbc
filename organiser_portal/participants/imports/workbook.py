"""Excel's .xlsx: the first visible sheet that holds anything, its cells as text."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from organiser_portal.participants.imports.delimited import as_cell
from organiser_portal.participants.imports.table import MOST_COLUMNS, MOST_ROWS, Line, Table, Unreadable, table_of

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 2_000
PIECE = 1 << 20
DAMAGED = (
    "This Excel file cannot be opened: it is damaged or no .xlsx. Open it in Excel, save it again and upload that."
)


def read_workbook(file: IO[bytes]) -> Table:
    """Raises Unreadable."""
    check_unpacked(file)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if not sheet.height:
                continue
            if sheet.total_height > 2 * MOST_ROWS or sheet.total_width > 2 * MOST_COLUMNS:
                raise Unreadable(f"The sheet “{name}” has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns.")
            among = f" (1 of {len(names)})" if len(names) > 1 else ""
            return table_of(_lines(sheet.iter_rows()), read_as=f"Excel, sheet “{name}”{among}")
    except PasswordError:
        raise Unreadable("This Excel file has a password. Save it without one and upload that.") from None
    except (CalamineError, ValueError, OSError):
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
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError):
        raise Unreadable(DAMAGED) from None


def _too_large() -> Unreadable:
    return Unreadable("This Excel file is too large once unpacked. Save the one sheet with the entries as .csv.")


def _lines(rows: Iterator[Sequence[object]]) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        yield number, [as_cell(_text(value)) for value in row]


def _text(value: object) -> str:
    """Whole numbers without a point, dates as ISO."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
