"""An edit is sent as soon as it is committed, without waiting for the minute."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from organiser_portal.connections.signals import change_waits
from organiser_portal.sync.tasks import push_soon


@dataclass(frozen=True, slots=True)
class _Push:
    connection_id: int

    def __call__(self) -> None:
        push_soon(self.connection_id)


@receiver(change_waits)
def push_when_committed(*, connection_id: int, **_: Any) -> None:
    """Once per connection, however many edits the transaction saves."""
    push = _Push(connection_id)
    if all(each[1] != push for each in transaction.get_connection().run_on_commit):
        transaction.on_commit(push, robust=True)
