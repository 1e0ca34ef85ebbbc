"""What PostgreSQL is told about columns and indexes of entries, which costs it less and sorts as SQLite does."""

import pytest
from django.db import connection as database
from django.db import models

from organiser_portal.core.indexes import Unalike
from organiser_portal.core.plain import PlainCharField
from organiser_portal.participants.models import Application, Entry
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.listed import ask, names

on_postgresql = pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite has no such thing")


def test_names_are_in_the_same_order_on_every_server(viewer, sign_in, organisation):
    listing = make_listing(make_connection(organisation))
    for last in ("Dela", "De Luca", "D'Arcy", "Smith-Jones", "Smith", "Żak", "Ślęzak", "李"):
        make_entry(listing, "Ann", last)
    make_entry(listing, "", "")
    people = names(ask(sign_in(viewer), organisation, sort="name"))
    surnames = [name.removeprefix("Ann ").strip() for name in people]
    assert surnames == ["D'Arcy", "De Luca", "Dela", "Ślęzak", "Smith", "Smith-Jones", "Żak", "李", ""]


@on_postgresql
@pytest.mark.parametrize("model", [Entry, Application])
def test_what_is_compared_sign_by_sign_knows_no_language(db, model: type[models.Model]):
    plain = {field.column for field in model._meta.concrete_fields if isinstance(field, PlainCharField)}
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND collation_name = 'C'",
            [model._meta.db_table],
        )
        assert {name for (name,) in cursor.fetchall()} == plain
    assert "sort_name" in plain


@on_postgresql
def test_no_duplicates_are_looked_for_where_there_are_none(db):
    unalike = {index.name for index in Entry._meta.indexes if isinstance(index, Unalike)}
    with database.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE 'deduplicate_items=off' = ANY(reloptions)")
        assert {name for (name,) in cursor.fetchall()} == unalike
    ending_in_id = {index.name for index in Entry._meta.indexes if index.fields[-1:] == ["id"]}
    assert ending_in_id - {"entry_by_arrival"} < unalike


@on_postgresql
def test_a_table_made_from_the_model_is_as_the_migration_leaves_it(db):
    """The migration says it in statements of its own."""
    with database.schema_editor(collect_sql=True) as editor:
        editor.create_model(Entry)
    made = "\n".join(editor.collected_sql)
    assert made.count('COLLATE "C"') == sum(isinstance(f, PlainCharField) for f in Entry._meta.concrete_fields)
    assert made.count("deduplicate_items = off") == sum(isinstance(i, Unalike) for i in Entry._meta.indexes)
