"""Foreign keys that PostgreSQL looks after a statement at a time.

Its own look at each row by itself, at COMMIT, was a third of what a first load cost it. A guard promises the same and
asks once for all rows of a statement. Models and SQLite know nothing of it: there a foreign key is a foreign key.
"""

from copy import copy
from typing import Any, cast, override

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState
from django.db.models import Field, ForeignKey, Model

# Whoever inserts holds the parents as a foreign key does: they may be changed meanwhile, not deleted. In the order of
# their keys, so that none waits for another crosswise. All names are written out, so that no search_path matters.
KEY = """
CREATE FUNCTION {schema}.{guard}(meant {type}[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held integer;
BEGIN
    PERFORM FROM {schema}.{parent} WHERE {key} = ANY (meant) ORDER BY {key} FOR KEY SHARE;
    GET DIAGNOSTICS held = ROW_COUNT;
    IF held < cardinality(meant) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'insert or update on table {child}: a {column} is not in table {parent}';
    END IF;
END $$;

-- For each row: no other trigger can be had for some columns alone, and updates of others shall pay nothing.
CREATE FUNCTION {schema}.{guard_updated}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.{guard}(ARRAY[NEW.{column}]);
    RETURN NULL;
END $$;
CREATE TRIGGER {guard_updated} AFTER UPDATE OF {column} ON {schema}.{child} FOR EACH ROW
    WHEN (NEW.{column} IS DISTINCT FROM OLD.{column} AND NEW.{column} IS NOT NULL)
    EXECUTE FUNCTION {schema}.{guard_updated}();

-- At COMMIT, when the children may have gone too. An index is asked however few values the last count has found: where
-- no child is left, any other way would read the whole table to learn it.
CREATE FUNCTION {schema}.{guard_left}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM FROM {schema}.{child} WHERE {column} IS NOT NULL LIMIT 1;
    ELSE
        -- One snapshot for a whole transaction would not show what others have inserted since.
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE feature_not_supported USING MESSAGE = 'delete from {parent} at isolation level read committed';
        END IF;
        PERFORM FROM {schema}.{parent} WHERE {key} = OLD.{key} FOR KEY SHARE;
        IF FOUND THEN
            RETURN NULL;  -- the key is what it was, or there again
        END IF;
        PERFORM FROM {schema}.{child} WHERE {column} = OLD.{key} LIMIT 1 FOR KEY SHARE;
    END IF;
    IF FOUND THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'update or delete on table {parent}: a {column} of table {child} still points at it';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER {guard_left} AFTER DELETE OR UPDATE OF {key} ON {schema}.{parent}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.{guard_left}();
CREATE TRIGGER {guard_truncated} AFTER TRUNCATE ON {schema}.{parent}
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.{guard_left}();
"""

# All keys of a table at once: the rows of a large statement wait on disk to be read by this.
ROWS = """
CREATE FUNCTION {schema}.{guard_inserted}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {asked} FROM (SELECT DISTINCT {columns} FROM arrived) AS named;
    RETURN NULL;
END $$;
CREATE TRIGGER {guard_inserted} AFTER INSERT ON {schema}.{child}
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION {schema}.{guard_inserted}();
"""
ASKED = "{schema}.{guard}(array_agg(DISTINCT {column}) FILTER (WHERE {column} IS NOT NULL))"

# Triggers go with their functions.
KEY_AWAY = """
DROP FUNCTION {schema}.{guard_updated}() CASCADE;
DROP FUNCTION {schema}.{guard_left}() CASCADE;
DROP FUNCTION {schema}.{guard}({type}[]);
"""
ROWS_AWAY = "DROP FUNCTION {schema}.{guard_inserted}() CASCADE"


class Guarded(Operation):
    """On PostgreSQL, guards in place of the foreign keys of these ``fields``; nothing anywhere else.

    What points at nothing is refused with IntegrityError: a row that is inserted or updated at once, a parent that is
    deleted at COMMIT. A field that is removed or points elsewhere needs its guard taken away before, as backwards does.
    Only for tables whose names come after their parents': in that order a dump of the data alone is read.
    """

    reversible = True
    category = OperationCategory.ALTERATION

    def __init__(self, model_name: str, fields: list[str]) -> None:
        self.model_name = model_name
        self.fields = fields

    @override
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """To Django they are foreign keys as before."""

    @override
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model, keys = self._model_and_keys(app_label, schema_editor, to_state)
        for field in keys:
            schema_editor.alter_field(model, field, _keyless(field))
            schema_editor.execute(KEY.format_map(_names(schema_editor, model, field)))
        if keys:
            names = [_names(schema_editor, model, field) for field in keys]
            asked, columns = ", ".join(map(ASKED.format_map, names)), ", ".join(name["column"] for name in names)
            schema_editor.execute(ROWS.format(asked=asked, columns=columns, **names[0]))

    @override
    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model, keys = self._model_and_keys(app_label, schema_editor, to_state)
        if keys:
            schema_editor.execute(ROWS_AWAY.format_map(_names(schema_editor, model, keys[0])))
        for field in keys:
            schema_editor.execute(KEY_AWAY.format_map(_names(schema_editor, model, field)))
            schema_editor.alter_field(model, _keyless(field), field)

    @override
    def describe(self) -> str:
        return f"Guard {', '.join(self.fields)} of {self.model_name} a statement at a time"

    @property
    @override
    def migration_name_fragment(self) -> str:
        return f"{self.model_name.lower()}_guarded"

    def _model_and_keys(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> tuple[type[Model], "list[ForeignKey[Any, Any]]"]:
        """No keys where none are to be guarded."""
        model, connection = state.apps.get_model(app_label, self.model_name), schema_editor.connection
        guarded = connection.vendor == "postgresql" and self.allow_migrate_model(connection.alias, model)
        names = self.fields if guarded else []
        return model, [cast("ForeignKey[Any, Any]", model._meta.get_field(name)) for name in names]


def _keyless(field: "ForeignKey[Any, Any]") -> "Field[Any, Any]":
    """The same column, without what the database makes of a foreign key."""
    keyless = copy(field)
    keyless.db_constraint = False  # type: ignore[attr-defined]  # the stubs do not know it
    return keyless


def _names(
    schema_editor: BaseDatabaseSchemaEditor, model: type[Model], field: "ForeignKey[Any, Any]"
) -> dict[str, str]:
    quote = schema_editor.quote_name
    table, column, parent = model._meta.db_table, str(field.column), field.related_model._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = %s::regclass", [quote(table)])
        (schema,) = cursor.fetchone()
    guard = f"guard_{table}_{column}"
    names = {"child": table, "column": column, "parent": parent, "key": str(field.target_field.column), "guard": guard}
    ends = {f"guard_{end}": f"{guard}_{end}" for end in ("updated", "left", "truncated", "inserted")}
    quoted = {what: quote(name) for what, name in {**names, **ends}.items()}
    return {**quoted, "schema": schema, "type": str(field.db_type(schema_editor.connection))}
