"""Encrypt every stored secret under the newest key: credentials, and whatever else is kept sealed."""

from typing import Any

from django.db import models, transaction

from organiser_portal.connections.models import Connection
from organiser_portal.core.commands import JsonCommand
from organiser_portal.core.encryption import CannotDecrypt, rotate
from organiser_portal.core.sealed import SealedField, sealed_columns

BATCH = 100


class Command(JsonCommand):
    help = (
        "Encrypt every stored credential under the first key of CREDENTIAL_KEYS. Put the new key first, keep the old "
        "ones behind it, restart, run this, then take the old keys away. Safe to repeat and to interrupt. "
        "Exit status 1 if a value cannot be opened with any key: the others are done, and those are named. "
        'With --json: {"ok", "error", "rotated", "unreadable", "sealed"} (a count, ids of connections, and the same '
        "two for each other column that is sealed)."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        sealed = Connection.objects.exclude(sealed_credentials=b"")
        keys = list(sealed.order_by("pk").values_list("pk", flat=True))
        unreadable: list[int] = []
        for start in range(0, len(keys), BATCH):
            unreadable += _rotate(keys[start : start + BATCH])
        rotated = len(keys) - len(unreadable)
        others = {str(column): _rotate_column(column) for column in sealed_columns()}
        lost = {name: told["unreadable"] for name, told in others.items() if told["unreadable"]}
        self.report(
            {"rotated": rotated, "unreadable": unreadable, "sealed": others},
            [
                f"{rotated} of {len(keys)} credentials are under the newest key now.",
                *(f"{name}: {told['rotated']} are under the newest key now." for name, told in others.items()),
            ],
            error=" ".join(filter(None, [_complaint(unreadable), _loss(lost)])),
        )


def _rotate_column(field: SealedField) -> dict[str, Any]:
    """How many were rotated, and the ids of rows that no key opens. Nothing else of a row is written."""
    rows = field.model._default_manager.exclude(**{field.name: b""})
    done, unreadable = 0, []
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        try:
            done += _rotate_one(rows.filter(pk=pk), field.name)
        except CannotDecrypt:
            unreadable.append(pk)
    return {"rotated": done, "unreadable": unreadable}


@transaction.atomic
def _rotate_one(row: "models.QuerySet[Any, Any]", name: str) -> int:
    """One row, or none if it was emptied meanwhile."""
    token = row.select_for_update().values_list(name, flat=True).first()
    return row.update(**{name: rotate(bytes(token))}) if token else 0


@transaction.atomic
def _rotate(keys: list[int]) -> list[int]:
    """Rotate one batch; the ids of those that no key opens."""
    unreadable = []
    for connection in Connection.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"):
        try:
            connection.seal(connection.secrets())
        except CannotDecrypt:
            unreadable.append(connection.pk)
        else:
            connection.save(update_fields=["sealed_credentials", "secret_names", "key_mark"])
    return unreadable


def _complaint(unreadable: list[int]) -> str:
    if not unreadable:
        return ""
    ids = ", ".join(map(str, unreadable))
    return (
        f"The credentials of connection {ids} cannot be opened with any key of CREDENTIAL_KEYS. Put the key they were "
        "encrypted with back into the list, or enter them again."
    )


def _loss(lost: dict[str, list[int]]) -> str:
    named = "; ".join(f"{name}: {', '.join(map(str, ids))}" for name, ids in lost.items())
    return (
        f"No key of CREDENTIAL_KEYS opens these either: {named}. Without its key, what they hold is lost."
        if named
        else ""
    )
