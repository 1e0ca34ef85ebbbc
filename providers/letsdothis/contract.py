"""What the rows look like, after the reference. What it folds away may hold anything; words we act upon are watched."""

from collections.abc import Mapping

from providers.contract import (
    A_LIST,
    A_MAP,
    ANYTHING,
    FLAG,
    NOTHING,
    NUMBER,
    TEXT,
    Contract,
    Shape,
    list_of,
    loose_record,
    one_of,
    record,
)
from providers.partner_records import PartnerKind
from providers.records import Kind

FOLDED_MAP = A_MAP | NOTHING
FOLDED_LIST = A_LIST | NOTHING
TOLD = TEXT | NOTHING

PARTNER_KINDS: Mapping[str, PartnerKind] = {
    "CHARITY": PartnerKind.CHARITY,
    "CORPORATE": PartnerKind.CORPORATE,
    "FRIENDS_AND_FAMILY": PartnerKind.FRIENDS_AND_FAMILY,
    "MERCH_PARTNER": PartnerKind.MERCHANDISE,
    "SPONSOR": PartnerKind.SPONSOR,
}

# How an entry stands. A word that is not here is taken for a place that is held.
STATUSES = one_of("CONFIRMED", "APPLIED", "CANCELLED", "TRANSFERRED", "DEFERRED", "REFUNDED", "WITHDRAWN") | NOTHING
STATUS = loose_record(status=STATUSES, type=STATUSES, state=STATUSES)

# In the order of the reference, in which they probably come: so they are found soonest.
BOOKED: dict[str, Shape] = {
    "id": TEXT,
    "participantIndex": NUMBER,
    **dict.fromkeys(("bookingId", "transactionId", "eventOccurrenceId", "eventId", "raceId"), TEXT),
    **dict.fromkeys(("ticketTitle", "ticketId", "createdAt", "updatedAt"), TEXT),
    "waves": FOLDED_LIST,
    "fields": FOLDED_LIST | A_MAP,
    "booker": FOLDED_MAP,
    "bookerType": TOLD,
    "originalTicketPrice": FOLDED_MAP | NUMBER | TEXT,
    "incrementalStatus": TOLD,
    "bibNumber": TOLD,
    "bookingCodesUsed": FOLDED_MAP,
    "reservedEntryUrl": NOTHING,  # anything else is cut out before it is looked at
    "partnerMarketingOptIns": FOLDED_LIST,
    "tags": FOLDED_LIST,
    "gdprRedacted": FLAG,
    "statusDetails": list_of(STATUS | TEXT) | NOTHING,
    "tracking": FOLDED_MAP,
    **dict.fromkeys(("eventName", "raceName", "raceStartDate", "sportId", "distanceId"), TOLD),
    "distances": FOLDED_LIST,
    "disciplineLabel": TOLD,
    "course": FOLDED_MAP,
    "eventLocation": FOLDED_MAP | TEXT,
    "competitorSize": NUMBER | NOTHING,
    **dict.fromkeys(("reservedEntryGroupCode", "reservedEntryGroupName"), TOLD),
    "reservedEntryPartnerExternalIds": FOLDED_MAP,
    "reservedEntryPartnerName": TOLD,
}
PARTICIPANT = record(BOOKED, applicationId=TOLD, raceDayDetails=FOLDED_MAP, resultSubmission=FOLDED_MAP)
APPLICATION = record(BOOKED, approvalStatus=TEXT, applicationResolutionType=TOLD, ballotDraw=TOLD)
# All of it inferred; ``eventId`` is put there by us.
TICKET = record(
    dict.fromkeys(("id", "ticketId", "_id", "title", "ticketTitle", "name"), TOLD),
    eventId=TEXT,
    raceId=TOLD,
    eventOccurrenceId=TOLD,
    price=ANYTHING,
    capacity=NUMBER | NOTHING,
)
PARTNER = record(
    id=TEXT,
    name=TEXT,
    description=TOLD,
    type=one_of(*PARTNER_KINDS) | NOTHING,
    externalIds=FOLDED_MAP,
    contacts=FOLDED_LIST,
    defaultMarketing=FOLDED_MAP,
    specificMarketings=FOLDED_LIST,
    canCreateSubPartners=FLAG | NOTHING,
    createdAt=TEXT,
    updatedAt=TEXT,
)
GROUP = record(
    id=TEXT,
    name=TEXT,
    description=TOLD,
    eventId=TEXT,
    partnerId=TOLD,
    maxCapacity=NUMBER,
    usedCapacity=NUMBER,
    tickets=FOLDED_LIST,
    type=one_of("MULTI_USE", "SINGLE_USE", "UNKNOWN"),
    settings=FOLDED_MAP,
)

CONTRACT: Contract = {
    Kind.ENTRY: PARTICIPANT,
    Kind.APPLICATION: APPLICATION,
    Kind.TICKET_TYPE: TICKET,
    Kind.PARTNER: PARTNER,
    Kind.RESERVED_GROUP: GROUP,
}
