"""Encrypt every stored credential under the newest key."""

from typing import Any

from django.db import transaction

from organiser_portal.connections.models import Connection
from organiser_portal.core.commands import JsonCommand
from organiser_portal.core.encryption import CannotDecrypt

BATCH = 100


class Command(JsonCommand):
    help = (
        "Encrypt every stored credential under the first key of CREDENTIAL_KEYS. Put the new key first, keep the old "
        "ones behind it, restart, run this, then take the old keys away. Safe to repeat and to interrupt. "
        "Exit status 1 if a value cannot be opened with any key: the others are done, and those are named. "
        'With --json: {"ok", "error", "rotated", "unreadable"} (a count, and ids of connections).'
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        sealed = Connection.objects.exclude(sealed_credentials=b"")
        keys = list(sealed.order_by("pk").values_list("pk", flat=True))
        unreadable: list[int] = []
        for start in range(0, len(keys), BATCH):
            unreadable += _rotate(keys[start : start + BATCH])
        rotated = len(keys) - len(unreadable)
        self.report(
            {"rotated": rotated, "unreadable": unreadable},
            [f"{rotated} of {len(keys)} credentials are under the newest key now."],
            error=_complaint(unreadable),
        )


@transaction.atomic
def _rotate(keys: list[int]) -> list[int]:
    """Rotate one batch; the ids of those that no key opens."""
    unreadable = []
    for connection in Connection.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        try:
            connection.seal(connection.secrets())
        except CannotDecrypt:
            unreadable.append(connection.pk)
        else:
            connection.save(update_fields=["sealed_credentials", "secret_names"])
    return unreadable


def _complaint(unreadable: list[int]) -> str:
    if not unreadable:
        return ""
    ids = ", ".join(map(str, unreadable))
    return (
        f"The credentials of connection {ids} cannot be opened with any key of CREDENTIAL_KEYS. Put the key they were "
        "encrypted with back into the list, or enter them again."
    )
