"""CSV: what leaves the house can be read by any program and runs in none."""

import csv as standard
import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.core import csv

LONDON = ZoneInfo("Europe/London")


def read(text):
    return list(standard.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "-", "-5-3", "＝1+1", '=HYPERLINK("http://x")'],
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert csv.safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text, said",
    [
        ("Ada;=1+1", "Ada;'=1+1"),
        ("Ada;  +1;@SUM(A1)", "Ada;  '+1;'@SUM(A1)"),
        ("Ada\t-1+1", "Ada\t'-1+1"),
        ("Ada\r\n=1+1", "Ada\r\n'=1+1"),
        ("=1;=2", "'=1;'=2"),
        (";=1", ";'=1"),
        ("\n=x", "'\n'=x"),
    ],
)
def test_a_cell_that_another_country_s_spreadsheet_would_cut_in_two_gets_one_in_the_middle(text, said):
    assert csv.safe(text) == said
    assert csv.unsafe(said) == text


@pytest.mark.parametrize("text", ["=1+1", "Zoë", "O'Neil", "'", "'Ada", "a;b", "a; 'b'", "-5", ""])
def test_our_own_cells_are_read_as_they_were(text):
    assert csv.unsafe(csv.safe(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "-5.25",
        "5",
        "a;b=c",
        "Ada; Bea",
        "Row 1\nRow 2",
        "O'Neil",
        "a=b",
        "Jean-Luc",
        "",
        "'",
        "–",
        "0044 7700 900123",
    ],
)
def test_plain_text_and_numbers_are_left_alone(text):
    assert csv.safe(text) == text


@pytest.mark.parametrize(
    "said, written",
    [
        ("+44 7700 900123", "0044 7700 900123"),
        ("+447700900123", "00447700900123"),
        ("+44 (0)7700-900.123", "0044 (0)7700-900.123"),
        ("07700 900123", "07700 900123"),
        ("", ""),
        ("+", "+"),
        ("+44 call after six", "+44 call after six"),
    ],
)
def test_an_international_number_is_written_with_two_noughts(said, written):
    assert csv.phone(said) == written


@pytest.mark.parametrize(
    "value, text",
    [
        (None, ""),
        (date(1989, 3, 3), "1989-03-03"),
        (datetime(2027, 5, 23, 8, 30, tzinfo=UTC), "2027-05-23T09:30:00+01:00"),
        (True, "yes"),
        (0, "0"),
        (-5, "-5"),
    ],
)
def test_values_are_written_as_iso_and_plain(value, text):
    assert csv.as_text(value, LONDON) == text


def test_lines_end_with_crlf_and_awkward_cells_are_quoted():
    text = "".join(csv.write(["Name", "Note"], [["Bell, Tom", 'says "hi"\r\nthere']], zone=UTC))
    assert text == 'Name,Note\r\n"Bell, Tom","says ""hi""\r\nthere"\r\n'


def test_the_mark_for_excel_stands_once_at_the_start():
    plain = "".join(csv.write(["Name"], [], zone=UTC))
    marked = "".join(csv.write(["Name"], [], zone=UTC, bom=True))
    assert marked.encode() == b"\xef\xbb\xbf" + plain.encode()


def test_rows_are_pulled_only_as_chunks_are_asked_for():
    pulled = []

    def rows():
        for number in range(10_000):
            pulled.append(number)
            yield [number]

    chunks = csv.write(["N"], rows(), zone=UTC)
    next(chunks)
    assert len(pulled) <= csv.CHUNK


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_whatever_is_written_is_read_back_but_for_the_apostrophe(rows):
    text = "".join(csv.write(["A", "B"], rows, zone=UTC))
    assert read(text) == [["A", "B"], *[[csv.safe(cell) for cell in row] for row in rows]]
