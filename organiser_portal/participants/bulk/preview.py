"""What a batch would do, before it is begun: how many, and a few of them by name."""

from dataclasses import dataclass

from organiser_portal.connections.models import MENDABLE
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.bulk.actions import Action
from organiser_portal.participants.bulk.running import chosen
from organiser_portal.participants.models import Entry

NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """``count`` entries match. ``erased`` of them can no longer be changed, ``idle`` have nothing to be sent again."""

    count: int
    erased: int
    idle: int
    some: list[Entry]

    @property
    def others(self) -> int:
        return self.count - len(self.some)


def preview(organisation: Organisation, action: Action, query: str) -> Preview:
    found = chosen(organisation, query).filter.found()
    return Preview(
        count=found.count(),
        erased=found.filter(redacted=True).count(),
        idle=found.exclude(push_state__in=MENDABLE).count() if action.again else 0,
        some=list(found.select_related("race").order_by("sort_name", "id")[:NAMED]),
    )
