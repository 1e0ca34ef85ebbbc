"""Rows whose column holds one of many texts, asked for with one parameter."""

import json
from collections.abc import Iterable
from typing import Any

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
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, self._texts)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(self._texts))
