"""What needs a person, each with one obvious thing to do. Nothing is stored: when the fact is gone, so is the to-do."""

from datetime import datetime

from organiser_portal.connections.models import Connection
from organiser_portal.console.inbox import changes, choices, places, sources
from organiser_portal.console.inbox.changes import on_their_way
from organiser_portal.console.inbox.todo import Todo
from organiser_portal.organisations.models import Organisation

__all__ = ["Todo", "on_their_way", "todos"]


def todos(organisation: Organisation, now: datetime) -> list[Todo]:
    """Everything that waits for somebody, the most pressing first. A bounded number of queries."""
    connections = list(Connection.objects.of(organisation).defer("sealed_credentials"))
    return [
        *changes.refused(organisation),
        *changes.denied(organisation, connections),
        *changes.hand_work(organisation),
        *sources.standings(organisation, connections),
        *sources.stale(organisation, now),
        *places.expiring_claims(organisation, now),
        *choices.conflicts(organisation),
        *sources.not_shown(organisation, connections, now),
        *sources.rejected_records(organisation, connections),
        *choices.same_races(organisation),
    ]
