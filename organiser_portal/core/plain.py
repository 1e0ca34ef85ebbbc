"""Texts that are compared sign by sign, on every database alike."""

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField

if TYPE_CHECKING:
    Chars = CharField[str, str]
else:
    Chars = CharField  # it cannot be subscripted at run time


class PlainCharField(Chars):
    """A CharField for what is looked up or sorted by as it stands: ids, codes, names that are folded already.

    SQLite compares every text so. PostgreSQL else asks the language of the database at each step down an index, and
    sorts otherwise on another server. Not for what is searched in either case: it then knows none but A to Z.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = super().db_parameters(connection)
        return {**parameters, "collation": "C"} if connection.vendor == "postgresql" else parameters
