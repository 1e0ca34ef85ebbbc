"""Finding any fragment quickly, and the entry an application became.

The trigram indexes exist on PostgreSQL alone, and only where its extension may be created: without them search answers
the same, more slowly.
"""

from django.db import DatabaseError, migrations, models, transaction
from django.db.models import Q

INDEXES = {
    "entry_search_trigrams": "participants_entry",
    "application_search_trigrams": "participants_application",
}


def create(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for name, table in INDEXES.items():
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (search_text gin_trgm_ops)")
    except DatabaseError as error:
        print(f"\n    no trigram indexes: {error}".rstrip())


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial")]

    operations = [
        migrations.RunPython(create, drop, elidable=False),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["connection", "application_external_id"],
                name="entry_by_application",
                condition=~Q(application_external_id=""),
            ),
        ),
    ]
