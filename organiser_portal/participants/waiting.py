"""What waits for somebody among the entries: said above their list, with the way to it."""

from dataclasses import dataclass

from organiser_portal.connections.models import MENDABLE
from organiser_portal.core import keyset
from organiser_portal.core.keyset import Count
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.conflicts import open_conflicts
from organiser_portal.participants.models import Entry, orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``refused``: entries whose change needs somebody; ``conflicts``: values changed on both sides."""

    refused: Count
    conflicts: Count


def waiting(organisation: Organisation) -> Waiting:
    refused = Entry.objects.of(organisation).exclude(orders.NO_CHANGE).filter(push_state__in=MENDABLE)
    return Waiting(refused=keyset.count(refused), conflicts=keyset.count(open_conflicts(organisation)))
