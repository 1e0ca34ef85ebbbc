"""What databases need so that an index serves: some need one that another would only pay for."""

from typing import Any, override

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import Index, Model, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils.deconstruct import deconstructible


@deconstructible(path="organiser_portal.core.indexes.Constant")
class Constant(Value):
    """A text or number of ours, written into the statement: to SQLite a parameter is none of an index's expression."""

    @override
    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[()]]:
        if isinstance(self.value, int):
            return str(self.value), ()
        text = str(self.value).replace("'", "''").replace("%", "%%")
        return f"'{text}'", ()


class Unalike(Index):
    """An index in which no two rows are alike: it ends with the id.

    PostgreSQL else looks through every page that is full for rows that are, before it splits it: 3% of what a new entry
    costs it.
    """

    @override
    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any
    ) -> Statement:
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        if schema_editor.connection.vendor == "postgresql":
            statement.parts["extra"] = f" WITH (deduplicate_items = off){statement.parts['extra']}"  # type: ignore[assignment]
        return statement


class OnSQLite(Index):
    """Made on SQLite alone. In the model's ``Meta``, since SQLite forgets others when a table is altered."""

    @override
    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any
    ) -> Statement:
        if schema_editor.connection.vendor == "sqlite":
            return super().create_sql(model, schema_editor, using, **kwargs)
        return Statement("SELECT 1")
