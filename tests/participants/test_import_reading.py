"""Files as people save them, into headings and rows."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.participants.imports import table, workbook
from organiser_portal.participants.imports.reading import LARGEST, read_table
from organiser_portal.participants.imports.table import Table, Unreadable
from tests.participants.workbooks import xlsx

# What a cell may hold; the reader strips blanks, and takes off what only spreadsheets need.
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters='"=\ufeff\0')
CELLS = st.text(LETTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
PLAIN = st.text(st.sampled_from("abc éüß,;|.\n"), min_size=1, max_size=8).map(str.strip).filter(bool)


def read(content: bytes) -> Table:
    return read_table(io.BytesIO(content), size=len(content))


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    return list(read(content).lines)


def why(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        list(read(content).lines)
    return str(raised.value)


def written(cells: list[list[str]], delimiter: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(cells)
    return text.getvalue()


@given(
    cells=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_comes_back_as_it_was_saved(cells, delimiter, encoding):
    content = written([["First", "Last", "Born"], *cells], delimiter).encode(encoding)
    read_back = read(content)
    assert read_back.headings == ["First", "Last", "Born"]
    assert [row for _, row in read_back.lines] == cells


@given(cells=st.lists(st.lists(PLAIN, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_excel_saves_in_europe_comes_back(cells):
    content = written([["Vorname", "Größe"], *cells], ";").encode("cp1252")
    assert [row for _, row in read(content).lines] == cells


def test_lines_within_a_value_do_not_make_a_file_of_commas():
    cells = [[";", ",\n,\n,\n,"]]
    content = written([["Vorname", "Größe"], *cells], ";").encode("cp1252")
    assert [row for _, row in read(content).lines] == cells


def test_it_is_said_how_a_file_was_read():
    assert read("a;b\n1;2".encode("utf-16")).read_as == "UTF-16, semicolons"
    assert read("a\tb\nü\t2".encode("utf-16-le")).read_as == "UTF-16, tabs"
    assert read("a|b\nü|2".encode("cp1252")).read_as == "Windows-1252, bars"
    assert read(b"sep=;\na;b\n1;2").read_as == "UTF-8, semicolons"


@pytest.mark.parametrize("told", ['"', "\r"])
def test_what_can_be_no_delimiter_is_not_taken_for_one(told: str):
    assert rows(f"sep={told}\nFirst,Last\nAled,Rhys\n".encode())[-1][1] == ["Aled", "Rhys"]


def test_commas_inside_values_do_not_make_a_file_of_commas():
    assert rows(b"Name;Address\nAled;1, The Street, Hexley\nNia;2, The Street, Hexley\n")[0] == (
        2,
        ["Aled", "1, The Street, Hexley"],
    )


def test_rows_are_numbered_as_in_a_spreadsheet_and_empty_ones_left_out():
    assert [number for number, _ in rows(b"Entries of the club\n\nFirst,Last\nA,B\n,\nC,D\n")] == [4, 6]


def test_headings_that_are_empty_or_equal_are_told_apart():
    assert read(b"Name,,Name,\nA,B,C,\n").headings == ["Name", "Column 2", "Name (2)"]


def test_what_only_spreadsheets_need_is_taken_off():
    assert rows(b'First,Phone\nA,"=""07700 900123"""\n\'=B,x\n') == [(2, ["A", "07700 900123"]), (3, ["'=B", "x"])]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"\n\n", "No table was found"),
        (b"just one column\nof text\n", "No table was found"),
        (b"First,Last\n", "nothing below the headings"),
        (b"First,Last\n,\n", "nothing below the headings"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "an old .xls file, or one with a password"),
        (b"%PDF-1.7\n", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "This is not a table"),
        (b"First,Last\nA,\x81\n", "cannot be read"),
        (b'First,Last\nA,"' + b"x" * 200_000, "a quotation mark is probably not closed"),
        (b"PK\x03\x04 no zip at all", "damaged or no .xlsx"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(content, sentence):
    assert sentence in why(content)


def test_a_file_too_large_is_not_even_opened():
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        read_table(io.BytesIO(), size=LARGEST + 1)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 3)
    assert "more than 3 rows" in why(b"a,b\n" + b"1,2\n" * 4)


def test_a_workbook_gives_its_first_sheet_with_anything_in_it():
    book = xlsx(
        {"Empty": [], "Club": [["First", "Last", "Bib"], ["Siobhán", "Breathnach", 417], ["Aled", "Rhys", 1.5]]}
    )
    read_back = read(book)
    assert read_back.read_as == "Excel, sheet “Club” (1 of 2)"
    assert list(read_back.lines) == [(2, ["Siobhán", "Breathnach", "417"]), (3, ["Aled", "Rhys", "1.5"])]


def test_a_small_workbook_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000)
    assert "too large once unpacked" in why(packed.getvalue())
