"""What may go on at once does, without waiting for the minute: an edit is sent, what a passed test freed is read."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from organiser_portal.connections.signals import change_waits, listings_wait
from organiser_portal.sync.tasks import dispatch_now, push_soon


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


@receiver(listings_wait)
def read_when_committed(*, connection_id: int, **_: Any) -> None:
    transaction.on_commit(partial(dispatch_now, connection_id), robust=True)
