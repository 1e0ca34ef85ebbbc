"""The dictionaries that the payloads of one connection are packed with: one of each kind, made when the first come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from organiser_portal.connections.models import Connection, PayloadDictionary
from providers.commonplaces import FEWEST, Places, commonplaces
from providers.packing import BY_ITSELF, Packing
from providers.records import Kind


class Dictionaries:
    """Two runs may each have made one of a kind: then the later is the one to use from now on.

    ``impersonal``: by kind, the places of a payload where nothing is about a person.
    """

    def __init__(self, connection: Connection, impersonal: Mapping[Kind, Places]) -> None:
        self._connection = connection
        self._impersonal = impersonal
        rows = PayloadDictionary.objects.filter(connection=connection).order_by("pk")
        self._stored = {row.kind: row for row in rows}
        self._packings = {kind: row.packing for kind, row in self._stored.items()}

    def wants(self, kind: Kind) -> bool:
        """Whether there could be one, and is none yet."""
        return kind in self._impersonal and kind not in self._packings

    def learn(self, kind: Kind, payloads: Sequence[bytes]) -> None:
        """Where there is no dictionary yet, make one of what these have in common; few of them say nothing."""
        if self.wants(kind) and len(payloads) >= FEWEST:
            # Whoever stores beside us may have learned one meanwhile, and be packing with it.
            self._packings.setdefault(kind, Packing(commonplaces(payloads, self._impersonal[kind])))

    def packing(self, kind: Kind) -> Packing:
        """How payloads of this kind are packed."""
        return self._packings.get(kind, BY_ITSELF)

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
