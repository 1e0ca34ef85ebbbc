"""What Excel and its kin save, as text; and that a long sheet is never held whole."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from organiser_portal.participants.imports.formats import Kind, kind_of
from organiser_portal.participants.imports.reading import read_table
from organiser_portal.participants.imports.sheet import column_of
from organiser_portal.participants.imports.table import Line, Unreadable
from tests.participants.workbooks import book

HEADINGS = '<row r="1"><c r="A1" t="str"><v>First</v></c><c r="B1" t="str"><v>Last</v></c></row>'
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="[$-809]dddd, d mmmm yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="20"/></cellXfs>'
)
READER = """
import io, os, sys
from organiser_portal.participants.imports.reading import read_table

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024

before, path = peak(), sys.argv[1]
with open(path, "rb") as file:
    rows = sum(1 for _ in read_table(file, size=os.path.getsize(path)).lines)
print(rows, peak() - before)
"""


def lines(content: bytes) -> list[Line]:
    return list(read_table(io.BytesIO(content), size=len(content)).lines)


def only(cells: str, **parts: str) -> list[str]:
    """The cells of the one row below the headings."""
    [(_, found)] = lines(book(f'{HEADINGS}<row r="2">{cells}</row>', **parts))
    return found


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A2"><v>417</v></c>', "417"),
        ('<c r="A2"><v>4.47700900123E11</v></c>', "447700900123"),
        ('<c r="A2"><v>1.5</v></c>', "1.5"),
        ('<c r="A2" t="b"><v>1</v></c>', "yes"),
        ('<c r="A2" s="1"><v>32581</v></c>', "1989-03-14"),
        ('<c r="A2" s="2"><v>32581.39601</v></c>', "1989-03-14 09:30:15"),
        ('<c r="A2" s="1"><v>59</v></c>', "1900-02-28"),
        ('<c r="A2" s="1"><v>1E300</v></c>', str(int(1e300))),
        ('<c r="A2" s="3"><v>1.0625</v></c>', "25:30:00"),
        ('<c r="A2" s="4"><v>0.39583333333</v></c>', "09:30:00"),
        ('<c r="A2" t="d"><v>1989-03-14T00:00:00</v></c>', "1989-03-14"),
        ('<c r="A2" t="str"><f>A1</f><v>told</v></c>', "told"),
        ('<c r="A2" t="inlineStr"><is><r><t>Si</t></r><r><t>obhán</t></r></is></c>', "Siobhán"),
        ('<c r="A2" t="str"><v>Jo_xD800_</v></c>', "Jo\N{REPLACEMENT CHARACTER}"),
        ('<c r="A2" t="s"><v>1</v></c>', "佐藤"),
        ('<c r="A2" t="s"><v>0</v></c>', "a\nb"),
    ],
)
def test_a_cell_says(cell: str, text: str):
    strings = "<si><t>a_x000A_b</t></si><si><r><t>佐</t></r><r><t>藤</t></r><rPh><t>サトウ</t></rPh></si>"
    assert only(cell, strings=strings, styles=STYLES) == [text]


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    cell = '<c r="A2" s="1"><v>31119</v></c>'
    assert only(cell, styles=STYLES, workbook='<workbookPr date1904="1"/>') == ["1989-03-14"]


def test_an_error_is_no_value_and_what_is_left_out_leaves_a_gap():
    assert only('<c r="B2" t="e"><v>#N/A</v></c><c r="C2" t="str"><v>x</v></c>') == ["", "", "x"]


def test_rows_and_cells_that_do_not_say_where_they_are_follow_those_before():
    rows = (
        '<row><c t="str"><v>First</v></c><c t="str"><v>Last</v></c></row><row r="5"><c/><c t="str"><v>x</v></c></row>'
    )
    assert lines(book(f"{rows}<row><c><v>1</v></c></row>")) == [(5, ["", "x"]), (6, ["1"])]


@pytest.mark.parametrize("told", ["2", "1", "-7"])
def test_no_two_rows_have_one_number(told: str):
    rows = f'<row r="2"><c><v>1</v></c></row><row r="{told}"><c><v>2</v></c></row><row r="9"><c><v>3</v></c></row>'
    assert lines(book(f"{HEADINGS}{rows}")) == [(2, ["1"]), (3, ["2"]), (9, ["3"])]


def test_names_may_have_a_prefix():
    content = book("")
    packed = io.BytesIO()
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="str"><x:v>First</x:v></x:c><x:c r="B1" t="str"><x:v>Last</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as archive:
        for name in old.namelist():
            archive.writestr(name, sheet if "sheet1" in name else old.read(name))
    assert lines(packed.getvalue()) == [(2, ["7"])]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (book(HEADINGS, state="hidden"), "nothing in this Excel file"),
        (book(f'{HEADINGS}<row r="2"><c r="A2" t="s"><v>9</v></c></row>'), "damaged or no .xlsx"),
        (book(f'{HEADINGS}<row r="2"><c r="A2"'), "damaged or no .xlsx"),
        (book(f'{HEADINGS}<row r="3000000000"><c><v>1</v></c></row>'), "damaged or no .xlsx"),
        (book(f'{HEADINGS}<row r="2"><c r="XFD2"><v>1</v></c></row>'), "values in more than 200 columns"),
        (book(f'{HEADINGS}<row r="2"><c r="A2" t="str"><v>{"x" * 200_000}</v></c></row>'), "damaged or no .xlsx"),
    ],
)
def test_what_cannot_be_read_says_so(content: bytes, sentence: str):
    with pytest.raises(Unreadable, match=re.escape(sentence)):
        lines(content)


def test_one_long_text_in_every_cell_is_not_taken():
    """A few kB of file that would be 4 GB of cells."""
    row = f"<row>{'<c t="s"><v>0</v></c>' * 200}</row>"
    content = book(f"{HEADINGS}{row * 200}", strings=f"<si><t>{'x' * 100_000}</t></si>")
    with pytest.raises(Unreadable, match=re.escape("Row 2 holds more text than any entry")):
        lines(content)


def test_many_long_rows_are_not_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("organiser_portal.participants.imports.table.MOST_LETTERS", 300_000)
    row = '<row><c t="s"><v>0</v></c></row>'
    content = book(f"{HEADINGS}{row * 20}", strings=f"<si><t>{'x' * 20_000}</t></si>")
    with pytest.raises(Unreadable, match="more text than"):
        lines(content)


def test_a_directory_that_leads_out_of_the_file_is_damage():
    content = bytearray(book(HEADINGS))
    at = content.rindex(b"PK\x05\x06") + 16
    content[at : at + 4] = (10**6).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="damaged"):
        lines(bytes(content))


def test_entities_are_not_even_declared():
    content = book(HEADINGS)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as archive:
        for name in old.namelist():
            text = old.read(name).decode()
            archive.writestr(name, f'<!DOCTYPE x [<!ENTITY a "aa">]>{text}' if "sheet1" in name else text)
    with pytest.raises(Unreadable, match=re.escape("damaged or no .xlsx")):
        lines(packed.getvalue())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", Kind.NUMBER), ("0.00E+00", Kind.NUMBER), ('[Red]"days "0', Kind.NUMBER), ("0;[h]", Kind.NUMBER),
        ("dd/mm/yyyy", Kind.MOMENT), ("[$-409]h:mm AM/PM;@", Kind.MOMENT), (r"yyyy\-mm\-dd", Kind.MOMENT),
        ("[h]:mm:ss", Kind.LENGTH), ("[mm]", Kind.LENGTH),
    ],
)  # fmt: skip
def test_a_format_says_what_a_number_stands_for(code: str, kind: Kind):
    assert kind_of(code) is kind


def test_columns_are_counted_in_letters():
    assert [column_of(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16_383]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the most that was used")
def test_60_000_rows_take_no_more_memory_than_a_few(tmp_path: Path):
    """Each with texts of its own, in cells and among the shared strings. Held whole they take some 50 MB."""
    path = tmp_path / "club.xlsx"
    text = "".join(f"<si><t>Runner number {number} of the club</t></si>" for number in range(60_000))
    rows = "".join(
        f'<row r="{number + 2}"><c r="A{number + 2}" t="s"><v>{number}</v></c>'
        + "".join(f'<c r="{letter}{number + 2}" t="str"><v>{letter}, {number}, told</v></c>' for letter in "BCDEFG")
        + "</row>"
        for number in range(60_000)
    )
    path.write_bytes(book(f"{HEADINGS}{rows}", strings=text))
    told = subprocess.run([sys.executable, "-c", READER, path], capture_output=True, text=True, check=True).stdout
    number, grew = told.split()
    assert int(number) == 60_000
    assert float(grew) < 16, f"{grew} MB"
