"""Which partners an address asks for: what the list shows, a download holds and a reminder reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from organiser_portal.core.tables import View
from organiser_portal.events.models import Event
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.by_race import ByRace, by_race
from organiser_portal.partners.filters import PartnerFilter
from organiser_portal.partners.models import Partner
from organiser_portal.partners.tables import partners_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``found``: the partners, unsorted; ``view``: how the address sorts them; ``event``: whose places count,
    in ``races`` race by race.
    """

    organisation: Organisation
    filter: PartnerFilter
    found: QuerySet[Partner]
    view: View
    event: Event | None
    races: ByRace

    @property
    def everything(self) -> QuerySet[Partner]:
        return Partner.objects.of(self.organisation).listed()

    def names(self) -> list[str]:
        """The filters at work, for the audit trail."""
        return [name for name in self.filter.form.fields if self.filter.data.get(name)]


def select(organisation: Organisation, address: Mapping[str, Any]) -> Selection:
    asked = PartnerFilter(address, Partner.objects.of(organisation).listed(), organisation=organisation)
    event, found = asked.at_event, asked.found()
    races = by_race(found, event) if event else ByRace()
    view = partners_table(event, races.titles).read(address)
    return Selection(organisation=organisation, filter=asked, found=found, view=view, event=event, races=races)
