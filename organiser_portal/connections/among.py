"""Rows whose column holds one of many texts, asked for with one parameter."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import BooleanField, F, Func


class Among(Func):
    """``filter(Among("external_id", ids))``: what ``external_id__in`` says, without a parameter for each of them.

    Thousands of parameters cost more to write into a statement than the rows to find.
    """

    output_field = BooleanField()

    def __init__(self, column: str, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        super().__init__(F(column))

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.get_source_expressions()[0])
        wanted = msgspec.json.encode(self._texts).decode()
        if connection.vendor != "postgresql":
            return f"{column} IN (SELECT value FROM json_each(%s))", (*params, wanted)
        # Where nothing is escaped, JSON is how PostgreSQL writes an array, too: psycopg would write it text by text.
        array = self._texts if "\\" in wanted else "{" + wanted[1:-1] + "}"
        # Behind a SELECT, or the planner would compare each of thousands of texts with the commonest of the column.
        return f"{column} = ANY((SELECT %s::text[])::text[])", (*params, array)
