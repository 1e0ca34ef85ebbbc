"""The rows of one table that a batch is about: read together, changed in memory, written together."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from organiser_portal.connections.among import Among
from organiser_portal.connections.models import SyncedModel
from organiser_portal.connections.upsert import upsert

AGES = ("as_of", "last_seen")
AS_GOOD_AS_NOW = timedelta(hours=1)
"""A row about which the same is said again is not written for an age that differs by less."""


class Sheet[Row: SyncedModel]:
    """``rows`` by external id: those held among ``external_ids``, and those added. ``columns`` may be changed."""

    def __init__(self, held: QuerySet[Row], external_ids: Collection[str], columns: Sequence[str]) -> None:
        self.rows: dict[str, Row] = {}
        self.new: list[Row] = []
        self._blank: set[str] = set()  # added, and nothing said about them yet
        self._model = held.model
        self._columns = (*columns, "last_seen", "gone_at")
        for row in held.filter(Among("external_id", external_ids)).order_by("pk"):
            self.rows[row.external_id] = row
        self._were = {external_id: self._state(row) for external_id, row in self.rows.items()}

    def add(self, row: Row) -> Row:
        """A row that was not held."""
        self.rows[row.external_id] = row
        self.new.append(row)
        self._blank.add(row.external_id)
        return row

    def put(self, row: Any, record: Any, values: Mapping[str, Any], fingerprint: bytes | None, now: datetime) -> bool:
        """Put ``values`` on the row. False: what it says already is newer, or was said by a full record."""
        if row.external_id not in self._blank and _stale(record, row):
            return False
        self._blank.discard(row.external_id)
        for name, value in values.items():
            setattr(row, name, value)
        row.fingerprint = fingerprint if fingerprint is not None else row.fingerprint
        row.gone_at = None
        if not record.stub:
            row.last_seen = now
        return True

    def save(self, now: datetime) -> None:
        """Insert what is new, and update what differs from what was read."""
        self._model._default_manager.bulk_create(self.new)
        changed: list[Row] = []
        fields: set[str] = set()
        for external_id, was in self._were.items():
            row = self.rows[external_id]
            state = self._state(row)
            differing = {name for name in state if not _is_as_good(name, was[name], state[name])}
            if differing:
                row.last_seen = now
                changed.append(row)
                fields |= {*differing, *(AGES if "as_of" in state else ("last_seen",))}
        self._update(changed, fields)

    def _update(self, rows: Sequence[Row], fields: Collection[str]) -> None:
        """Django's own ``bulk_update`` takes thirty times as long. In the caller's transaction."""
        names = [field.attname for field in self._model._meta.concrete_fields if not field.primary_key]
        given = [[getattr(row, name) for name in names] for row in rows]
        upsert(self._model, given, columns=names, insert_only=[name for name in names if name not in fields])

    def _state(self, row: Row) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self._columns}


def _stale(record: Any, row: Any) -> bool:
    """A mention never overwrites a full record, nor an older mention a newer one."""
    if not record.stub:
        return False
    if not row.stub:
        return True
    return bool(row.as_of and (record.as_of is None or record.as_of < row.as_of))


def _is_as_good(name: str, was: Any, value: Any) -> bool:
    if name in AGES and was is not None and value is not None:
        return bool(abs(value - was) < AS_GOOD_AS_NOW)
    return bool(was == value)
