"""One organisation with everything it holds, many times over, by the database itself: seconds instead of hours."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, ForeignKey, Model

SPAN = 100_000  # between the ids of one copy and the next
# What nobody asks for while nothing changes, and whatever is the installation's own.
LEFT_ALONE = frozenset(
    {"User", "Membership", "Invitation", "AuditRecord", "SyncRun", "Tick", "Revision"}
    | {"SourcePayload", "PayloadBundle", "PayloadDictionary"}
)
# What must be different in each copy.
MADE_UNIQUE = {
    "slug": "{column} || '-' || n",
    "reference": "substr({column}, 1, 24) || '-' || n",
    "key_mark": "substr({column}, 1, 24) || '-' || n",
}


def copy_organisation(times: int) -> None:
    """The only organisation there is becomes ``times`` of them, each with rows of its own."""
    tables = list(_tables())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # copies point where they should: not looked at
        searched = _without_search(cursor)
        for model in tables:
            cursor.execute(_statement(model, set(tables), times))
        for index in searched:
            cursor.execute(index)


def _without_search(cursor: CursorWrapper) -> list[str]:
    """Drop what only searches use, and say how it is made again: at once it takes a fraction of one by one."""
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE '%_search_trigrams'")
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _tables() -> Iterator[type[Model]]:
    for app in apps.get_app_configs():
        if app.name.startswith("organiser_portal."):
            numbered = (model for model in app.get_models() if model._meta.pk.column == "id")
            yield from (model for model in numbered if model.__name__ not in LEFT_ALONE)


def _statement(model: type[Model], copied: set[type[Model]], times: int) -> str:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, copied) for field in fields)
    table = model._meta.db_table
    return (
        f"WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < {times - 1}) "
        f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}", copies WHERE "{table}"."id" < {SPAN}'
    )


def _value(field: "Field[object, object]", copied: set[type[Model]]) -> str:
    column = f'"{field.column}"'
    if field.name in MADE_UNIQUE:
        return MADE_UNIQUE[field.name].format(column=column)
    moves = field.primary_key or (isinstance(field, ForeignKey) and field.related_model in copied)
    return f"{column} + n * {SPAN}" if moves or field.column == "entry_id" else column
