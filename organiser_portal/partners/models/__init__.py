from organiser_portal.partners.models.action import PartnerAction
from organiser_portal.partners.models.affiliate import Campaign, Conversion, DayStat
from organiser_portal.partners.models.partner import Partner
from organiser_portal.partners.models.places import EntryTie, ReservedGroup

__all__ = [
    "Campaign",
    "Conversion",
    "DayStat",
    "EntryTie",
    "Partner",
    "PartnerAction",
    "ReservedGroup",
]
