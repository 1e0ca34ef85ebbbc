"""What TickeTing's objects look like, after its reference and the renamings of the version to come.

It writes an absent text as "" or null alike, and an absent object as ``[]``.
"""

from providers.contract import (
    A_LIST,
    FLAG,
    NOTHING,
    NUMBER,
    TEXT,
    Contract,
    Shape,
    list_of,
    one_of,
    record,
    wrapped,
)
from providers.records import Kind

TOLD = TEXT | NOTHING
ABSENT = NOTHING | A_LIST

# A word that is not here is taken for a ticket that is held.
TICKET_STATUSES = one_of(
    *("Issued", "Redeemed", "Held", "Pending", "issued", "unclaimed", "held", "redeemed", "pending"),
    *("Cancelled", "Canceled", "Void", "Voided", "Revoked", "Expired", "Refunded", "Returned", "Transferred"),
)


def _texts(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, TOLD)


ACCOUNT = record(
    _texts(
        *("self", "number", "username", "email", "role", "firstName", "lastName", "title", "dateOfBirth", "phone"),
        *("country", "firstAddressLine", "secondAddressLine", "city", "state", "district", "preferences"),
    ),
    verified=FLAG,
    activated=FLAG,
)
HOST = record(
    _texts(
        *("self", "name", "contact", "email", "description", "bio", "phone", "website", "country"),
        *("firstAddressLine", "secondAddressLine", "city", "state", "district", "businessNo"),
    )
)
REGION = record(_texts("self", "name", "country", "district", "city", "icon"))
VENUE = record(
    _texts("self", "name", "address", "map"),
    region=REGION | TEXT | ABSENT,
    longitude=NUMBER,
    latitude=NUMBER,
)
CATEGORY = record(_texts("self", "name"), subcategories=A_LIST)
PRICE = record(base=NUMBER, current=NUMBER, expires=TOLD)
SECTION = record(
    {"self": TEXT},
    name=TEXT,
    description=TOLD,
    price=PRICE | ABSENT,
    salesStart=TOLD,
    salesEnd=TOLD,
    active=FLAG,
    **dict.fromkeys(("capacity", "sold", "remaining", "reserved"), NUMBER),
)
EVENT = record(
    {"self": TEXT},
    host=HOST | TEXT | NUMBER | ABSENT,
    title=TEXT,
    public=FLAG,
    category=CATEGORY | TEXT | ABSENT,
    venue=VENUE | TEXT | ABSENT,
    tags=list_of(TEXT) | NOTHING,
    popularity=NUMBER,
    sections=list_of(SECTION),
    **_texts("description", "type", "subcategory", "start", "end", "disclaimer", "banner", "thumbnail"),
    **_texts("status", "published"),
)
TICKET = record(
    {"self": TEXT},
    serial=TEXT,
    status=TICKET_STATUSES,
    section=SECTION,
    owner=ACCOUNT | ABSENT,
    issued=TEXT,
    redeemed=TOLD,
)
ADMISSION = record(
    {"self": TEXT},
    redeemer=TOLD,
    device=TOLD,
    ticket=TEXT,
    patron=ACCOUNT | ABSENT,
    section=SECTION,
    admitted=TEXT,
)
TOKEN = record({"self": TEXT, "global": FLAG}, sections=list_of(TEXT))


def _kept(body: Shape) -> Shape:
    """As it is stored: beside the event it was found in."""
    return record(event=TEXT, body=wrapped(body))


CONTRACT: Contract = {
    Kind.EVENT: EVENT,
    Kind.ENTRY: _kept(TICKET),
    Kind.ADMISSION: _kept(ADMISSION),
    Kind.GATE_TOKEN: _kept(TOKEN),
}
