"""Which reader a file needs, told by its first bytes and never by its name."""

from typing import IO

from organiser_portal.participants.imports.delimited import read_delimited
from organiser_portal.participants.imports.table import Table, Unreadable
from organiser_portal.participants.imports.workbook import OLE, ZIP, read_workbook

LARGEST = 20 * 1024 * 1024


def read_table(file: IO[bytes], *, size: int) -> Table:
    """``size`` in bytes. Raises Unreadable, also while the lines are taken."""
    if not size:
        raise Unreadable("This file is empty.")
    if size > LARGEST:
        raise Unreadable(f"This file is larger than {LARGEST // 1024**2} MB. Split it and import the parts.")
    head = file.read(8)
    file.seek(0)
    if head.startswith(OLE):
        raise Unreadable("This is an old .xls file, or one with a password. Save it as .xlsx without a password.")
    if head.startswith(b"%PDF"):
        raise Unreadable("This is a PDF. Ask for the list as .csv or .xlsx.")
    return read_workbook(file) if head.startswith(ZIP) else read_delimited(file)
