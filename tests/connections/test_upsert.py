from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from organiser_portal.connections.among import Among
from organiser_portal.connections.columns import Column, Same, narrowed
from organiser_portal.connections.models import Connection
from organiser_portal.connections.upsert import CHUNK, Columns, upsert
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from tests.conftest import NOW
from tests.factories import make_connection, make_listing

COLUMNS = (
    "organisation_id", "connection_id", "external_id", "race_id", "first_name", "answers", "entered_at", "first_seen",
    "last_seen",
)  # fmt: skip


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return make_connection(organisation)


def write(connection: Connection, first_name: str = "Tom", answers: object = (), at: datetime = NOW) -> None:
    listing = make_listing(connection) if not Entry.objects.exists() else Entry.objects.get()
    row = (connection.organisation_id, connection.pk, "1", listing.race_id, first_name, list(answers), at, at, at)  # type: ignore[call-overload]
    with transaction.atomic():
        upsert(Entry, [row], columns=COLUMNS)


def test_a_row_is_inserted_with_the_defaults_of_its_other_columns(connection: Connection) -> None:
    write(connection)
    row = Entry.objects.get()
    assert (row.first_name, row.status, row.overrides, row.entered_at) == ("Tom", "live", {}, NOW)
    assert len(row.reference) == 32


def test_a_second_time_it_is_updated_and_what_was_not_named_is_left_alone(connection: Connection) -> None:
    write(connection)
    Entry.objects.update(bib="0417")
    before = Entry.objects.get()
    write(connection, "Thomas", at=NOW + timedelta(hours=1))
    row = Entry.objects.get()
    assert (row.first_name, row.bib, row.reference) == ("Thomas", "0417", before.reference)
    assert (row.first_seen, row.last_seen) == (NOW, NOW + timedelta(hours=1))


def test_instants_of_any_zone_are_stored_as_the_same_instant(connection: Connection) -> None:
    write(connection, at=datetime.fromisoformat("2027-05-14T10:00:00.123456+01:00"))
    assert Entry.objects.get().entered_at == datetime(2027, 5, 14, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("text", ["\\u0000", "a\0b", "\\", '"', "\\\\u0000", "\u2028", "😀"])
def test_any_text_inside_json_comes_back_without_nul_and_otherwise_as_it_was(connection: Connection, text: str) -> None:
    write(connection, answers=[{"label": text, "value": [text]}])
    assert Entry.objects.get().answers == [{"label": text.replace("\0", ""), "value": [text.replace("\0", "")]}]


@pytest.mark.parametrize("text", ["a\tb", "a\nb\r", "\\", "\\N", "\\.", "a\0b", "", " ", '"', "\u2028", "😀"])
def test_any_text_comes_back_without_nul_and_otherwise_as_it_was(connection: Connection, text: str) -> None:
    write(connection, text)
    assert Entry.objects.get().first_name == text.replace("\0", "")


def test_nothing_beside_a_text_is_not_taken_for_a_text(connection: Connection) -> None:
    listing = make_listing(connection)
    shared = (connection.organisation_id, listing.race_id, NOW, NOW, NOW)
    rows = [(*shared, connection.pk, "\\N"), (*shared, None, None), (*shared, connection.pk, "a\tb")]
    columns = ("organisation_id", "race_id", "entered_at", "first_seen", "last_seen", "connection_id", "external_id")
    with transaction.atomic():
        upsert(Entry, rows, columns=columns)
    assert list(Entry.objects.order_by("pk").values_list("external_id", flat=True)) == ["\\N", None, "a\tb"]


def test_a_text_too_long_for_its_column_is_cut(connection: Connection) -> None:
    write(connection, "x" * 5_000)
    assert Entry.objects.get().first_name == "x" * 200


def test_a_row_that_was_not_there_a_moment_ago_may_be_there_by_now(connection: Connection) -> None:
    write(connection, "Tom")
    reference = Entry.objects.get().reference
    row = (connection.organisation_id, connection.pk, "1", Entry.objects.get().race_id, "Thomas", [], NOW, NOW, NOW)
    other = (*row[:2], "2", *row[3:])
    with transaction.atomic():
        upsert(Entry, [other, row], columns=COLUMNS, unheld=True)
    assert Entry.objects.get(external_id="1").reference == reference
    assert set(Entry.objects.values_list("external_id", "first_name")) == {("1", "Thomas"), ("2", "Thomas")}


def test_a_value_like_its_neighbours_is_not_taken_for_theirs(connection: Connection) -> None:
    write(connection)
    race = Entry.objects.get().race_id
    moments = [NOW, NOW + timedelta(hours=1), NOW]
    rows = [
        (connection.organisation_id, connection.pk, f"n{number}", race, "Ada", [number], at, at, at)
        for number, at in enumerate(moments)
    ]
    with transaction.atomic():
        upsert(Entry, rows, columns=COLUMNS, unheld=True)
    made = Entry.objects.filter(external_id__startswith="n").order_by("external_id")
    assert [(entry.entered_at, entry.answers) for entry in made] == [(at, [n]) for n, at in enumerate(moments)]


def test_many_texts_are_one_parameter(connection: Connection) -> None:
    write(connection)
    hostile = ["1", "it's", '"', "\\", "{}", "é", ",", "NULL", ""]
    assert Entry.objects.get(Among("external_id", hostile)).external_id == "1"
    assert not Entry.objects.filter(Among("external_id", hostile[1:])).exists()
    assert not Entry.objects.filter(Among("external_id", [])).exists()


def test_columns_of_one_value_and_columns_of_many_become_the_same_rows(connection: Connection) -> None:
    race = make_listing(connection).race_id
    shared = (Same(connection.organisation_id), Same(connection.pk), Same(race), Same(None), *[Same(NOW)] * 3)

    def columns(numbers: Sequence[int]) -> Sequence[Column]:
        """What is one value in the first block is not in the second."""
        ids = [f"{number}" for number in numbers]
        if numbers[0] == 0:
            return [*shared, ids, [f"Zoë{number}" for number in numbers], Same("🙂")]
        return [*shared, ids, Same("\\N"), ["a\tb"] * len(numbers)]

    names = (
        *("organisation_id", "connection_id", "race_id", "gone_at", "entered_at", "first_seen", "last_seen"),
        *("external_id", "first_name", "last_name"),
    )
    with transaction.atomic():
        upsert(Entry, Columns(range(CHUNK + 2), columns), columns=names, unheld=True)
    made = {one: names for one, *names in Entry.objects.values_list("external_id", "first_name", "last_name")}
    assert made == {f"{n}": [f"Zoë{n}", "🙂"] if n < CHUNK else ["\\N", "a\tb"] for n in range(CHUNK + 2)}
    assert set(Entry.objects.values_list("connection_id", "gone_at", "last_seen")) == {(connection.pk, None, NOW)}


def test_a_column_is_narrowed_to_one_value_only_where_it_holds_no_other() -> None:
    assert narrowed(["a", "a"]) == Same("a")
    assert narrowed([None]) == Same(None)
    for column in (["a", "b", "a"], ["a", None], ["", None, ""]):
        assert narrowed(column) == column
