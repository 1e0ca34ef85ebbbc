"""After a test that commits, the database is emptied: of the few tables that were written, instead of all.

Django truncates every table and makes the permissions anew. On PostgreSQL that takes longer than most of such tests.
"""

from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}  # what migrating left there


def empty() -> None:
    """Leave no row in any table but those that are kept. What points at a row goes with it, in whatever order."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=False)) - KEPT)
    quoted = [(table, connection.ops.quote_name(table)) for table in tables]
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 - names of ours
        for table, name in quoted
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


def empty_after_tests() -> None:
    """Of every test that is not undone by rolling back."""

    def fixture_teardown(_case: Any) -> None:
        empty()

    TransactionTestCase._fixture_teardown = fixture_teardown
