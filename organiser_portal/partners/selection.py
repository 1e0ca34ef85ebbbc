"""Which partners, held places and campaigns an address asks for: as a list, a download and a reminder see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organiser_portal.core.selection import Selection
from organiser_portal.events.models import Event
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.by_race import ByRace, by_race
from organiser_portal.partners.filters import CampaignFilter, GroupFilter, PartnerFilter
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.partners.tables import CAMPAIGNS, GROUPS, partners_table


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSelection(Selection[Partner]):
    """``event``: whose places count, in ``races`` race by race."""

    organisation: Organisation
    event: Event | None
    races: ByRace

    def names(self) -> list[str]:
        """The filters at work, for the audit trail."""
        return [name for name in self.filter.form.fields if self.filter.data.get(name)]


def select_partners(organisation: Organisation, address: Mapping[str, Any]) -> PartnerSelection:
    everything = Partner.objects.of(organisation).listed()
    asked = PartnerFilter(address, everything, organisation=organisation)
    event, found = asked.at_event, asked.found()
    races = by_race(found, event) if event else ByRace()
    view = partners_table(event, races.titles).read(address)
    return PartnerSelection(
        organisation=organisation,
        filter=asked,
        view=view,
        everything=everything,
        found=found,
        event=event,
        races=races,
    )


def select_groups(organisation: Organisation, address: Mapping[str, Any]) -> Selection[ReservedGroup]:
    """Those on no partner's page."""
    everything = ReservedGroup.objects.of(organisation).listed().filter(partner=None)
    asked = GroupFilter(address, everything, organisation=organisation)
    return Selection(filter=asked, view=GROUPS.read(address), everything=everything, found=asked.found())


def select_campaigns(organisation: Organisation, address: Mapping[str, Any]) -> Selection[Campaign]:
    everything = Campaign.objects.of(organisation).listed()
    asked = CampaignFilter(address, everything, organisation=organisation)
    return Selection(filter=asked, view=CAMPAIGNS.read(address), everything=everything, found=asked.found())
