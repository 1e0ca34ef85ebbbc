"""The counts beside the navigation: how many things wait for somebody, and where. Nothing is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from organiser_portal.connections.models import MENDABLE, OutboundChange
from organiser_portal.console.inbox import todos
from organiser_portal.core import keyset
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.conflicts import open_conflicts
from organiser_portal.sync.freshness import freshness

MOST = 99
"""Counted no further: beside a word, "99+" says all there is to say."""
TROUBLED = frozenset({"refused", "late"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``id`` is that of the line of the navigation; ``words`` follow its number when that is read out."""

    id: str
    number: int
    words: str

    @property
    def text(self) -> str:
        """ "8", "99+"; nothing where nothing waits."""
        return "" if not self.number else f"{MOST}+" if self.number > MOST else str(self.number)


def attention(organisation: Organisation, now: datetime) -> list[Waiting]:
    """A bounded number of queries, none of which counts without end."""
    sources = sum(row.state in TROUBLED for row in freshness(organisation, now=now))
    refused = OutboundChange.objects.of(organisation).filter(state__in=MENDABLE)
    entries = _up_to(refused) + _up_to(open_conflicts(organisation))
    return [
        Waiting(id="home", number=sum(todo.count for todo in todos(organisation, now)), words="need a person"),
        Waiting(id="entry-list", number=entries, words="to settle"),
        Waiting(id="connection-list", number=sources, words="need attention"),
    ]


def _up_to(rows: QuerySet[Any, Any]) -> int:
    return keyset.count(rows, cap=MOST + 1).number
