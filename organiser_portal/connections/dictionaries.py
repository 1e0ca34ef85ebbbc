"""The dictionaries that the payloads of one connection are packed with: one of each kind, made when the first come."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from organiser_portal.connections.models import Connection, PayloadDictionary
from providers.packing import Packing
from providers.records import Kind


class Dictionaries:
    """Two runs may each have made one of a kind: then the later is the one to use from now on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        rows = PayloadDictionary.objects.filter(connection=connection).order_by("pk")
        self._stored = {row.kind: row for row in rows}

    @property
    def packings(self) -> Mapping[str, Packing]:
        """By kind, as they were stored."""
        return {kind: row.packing for kind, row in self._stored.items()}

    def id_of(self, kind: Kind, packing: Packing, *, now: datetime) -> int | None:
        """Where the dictionary of this packing is stored: it may be with the payloads, in the caller's transaction."""
        if not packing.dictionary:
            return None
        row = self._stored.get(kind)
        if row is None:
            row = PayloadDictionary.objects.create(
                connection=self._connection, kind=kind.value, data=packing.dictionary, made_at=now
            )
            # Not before: were it rolled back, later payloads would point at nothing.
            transaction.on_commit(partial(self._stored.setdefault, kind, row))
        return row.pk
