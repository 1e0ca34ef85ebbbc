"""The columns of entries and of applications: what the pages show, sort by and write to files."""

from collections.abc import Callable
from typing import Any

from organiser_portal.connections import gateway
from organiser_portal.core import csv, wording
from organiser_portal.core.columns import Column, Row
from organiser_portal.core.states import look
from organiser_portal.core.tables import Table
from organiser_portal.participants import tags
from organiser_portal.participants.models import orders
from organiser_portal.participants.models.person import GENDERS
from providers.records import EntryStatus

GENDER_WORDS = {**dict(GENDERS), "": ""}


def either(ours: str, theirs: str) -> Callable[[Row], Any]:
    """Our own value, else the provider's."""
    return lambda row: row[ours] or row[theirs]


def source(row: Row) -> str:
    key = row["connection__provider"]
    return gateway.face(key).label if key else "Added here"


def status(row: Row) -> str:
    if row["gone_at"]:
        return "Gone from the provider"
    return EntryStatus(row["status"]).value.capitalize()


def price(row: Row) -> str:
    if row["price_minor"] is not None:
        return wording.money(row["price_minor"], row["currency"])
    return "" if row["price_unknown"] is None else f"{row['price_unknown'].normalize():f} (unit not said)"


def payment(row: Row) -> str:
    if tags.PAID in tags.parse(row["own_tags"]):
        return "Marked as paid"
    return "Nothing to pay" if row["price_minor"] == 0 else ""


def approval(row: Row) -> str:
    return look("application", row["approval"]).word if row["approval"] else ""


def in_words(value: str) -> str:
    """ "BALLOT_WON" is "Ballot won"."""
    return value.replace("_", " ").capitalize()


def _phone(field: str) -> Callable[[Row], Any]:
    return lambda row: csv.phone(row[field])


def _plain(key: str, heading: str, *, field: str = "", **more: Any) -> Column:
    return Column(key=key, heading=heading, fields=(field or key,), **more)


NAME = Column(
    key="name",
    heading="Name",
    kind="person",
    fields=("first_name", "last_name"),
    read=lambda row: f"{row['first_name']} {row['last_name']}".strip(),
    sort="sort_name",
    locked=True,
    parts=(_plain("first_name", "First name"), _plain("last_name", "Last name")),
)
SOURCE = Column(
    key="source", heading="Source", kind="source", fields=("connection__provider",), read=source, default=True
)
PERSON = (
    _plain("email", "E-mail"),
    _plain("birth_date", "Born", kind="born", sort="birth_date", nullable=True),
    Column(
        key="gender", heading="Gender", fields=("gender",), read=lambda row: GENDER_WORDS[row["gender"]], sort="gender"
    ),
    Column(key="phone", heading="Mobile", fields=("phone",), read=_phone("phone")),
    _plain("club", "Club", sort="club_order", blank=orders.NO_CLUB),
    _plain("nationality", "Nationality"),
    _plain("address_1", "Address"),
    _plain("address_2", "Address, second line"),
    _plain("city", "Town"),
    _plain("region", "County"),
    _plain("postcode", "Postcode"),
    _plain("country", "Country"),
)
SENSITIVE = (
    _plain("emergency_name", "Emergency contact", sensitive=True),
    Column(
        key="emergency_phone",
        heading="Emergency number",
        fields=("emergency_phone",),
        read=_phone("emergency_phone"),
        sensitive=True,
    ),
    _plain("medical", "Medical", sensitive=True),
)

ENTRIES = Table(
    sort="name",
    needs=(
        "birth_date",
        "overrides",
        "conflicts",
        "bib",
        "provider_bib",
        "wave",
        "provider_wave",
        "connection__provider",
    ),
    annotations={
        "bib_order": orders.BIB,
        "wave_order": orders.WAVE,
        "partner_order": orders.PARTNER,
        "club_order": orders.CLUB,
    },
    columns=(
        Column(
            key="bib",
            heading="Bib",
            kind="bib",
            fields=("bib", "provider_bib"),
            read=either("bib", "provider_bib"),
            sort="bib_order",
            blank=orders.NO_BIB,
            default=True,
        ),
        NAME,
        SOURCE,
        _plain("race", "Race", field="race__name", sort="race__name", default=True),
        _plain("event", "Event", field="race__event__name"),
        Column(
            key="wave",
            heading="Wave",
            fields=("wave", "provider_wave"),
            read=either("wave", "provider_wave"),
            sort="wave_order",
            blank=orders.NO_WAVE,
            default=True,
        ),
        Column(
            key="status",
            heading="Status",
            kind="status",
            fields=("status", "status_text", "gone_at"),
            read=status,
            sort="status",
            default=True,
        ),
        _plain("status_text", "Status as the provider says it"),
        _plain("ticket", "Ticket", field="ticket_title", sort="ticket_title"),
        Column(
            key="partner",
            heading="Partner group",
            fields=("own_partner", "partner_group", "partner_name"),
            read=lambda row: row["own_partner"] or row["partner_group"] or row["partner_name"],
            sort="partner_order",
            blank=orders.NO_PARTNER,
        ),
        Column(
            key="tags",
            heading="Tags",
            fields=("own_tags", "tags"),
            read=lambda row: ", ".join([*tags.parse(row["own_tags"]), *map(str, row["tags"])]),
        ),
        Column(
            key="payment",
            heading="Payment",
            fields=("own_tags", "price_minor"),
            read=payment,
        ),
        _plain("entered", "Entered", field="entered_at", kind="moment", sort="entered_at", default=True),
        Column(
            key="change",
            heading="Change",
            kind="push",
            fields=("push_state",),
            read=lambda row: look("push", row["push_state"]).word if row["push_state"] else "",
            sort="push_state",
            blank=orders.NO_CHANGE,
            default=True,
        ),
        *PERSON,
        Column(
            key="price",
            heading="List price",
            fields=("price_minor", "price_unknown", "currency"),
            read=price,
            numeric=True,
        ),
        _plain("reference", "Reference", kind="code"),
        _plain("external_id", "Provider's number", kind="code"),
        _plain("booking", "Booking", field="booking_id", kind="code"),
        _plain("booker", "Booked by", field="booker_name"),
        _plain("booker_email", "Booker's e-mail"),
        _plain("updated", "Changed at the provider", field="remote_updated_at", kind="moment"),
        _plain("notes", "Notes"),
        *SENSITIVE,
    ),
)

APPLICATIONS = Table(
    sort="-applied",
    annotations={"club_order": orders.CLUB},
    needs=("external_id", "connection_id", "connection__provider"),
    columns=(
        NAME,
        SOURCE,
        _plain("race", "Race", field="race__name", sort="race__name", default=True),
        Column(
            key="approval",
            heading="Approval",
            kind="application",
            fields=("approval",),
            sort="approval",
            phone=True,
            default=True,
            parts=(_plain("approval", "Approval", read=approval),),
        ),
        Column(
            key="resolution",
            heading="Resolution",
            fields=("resolution",),
            read=lambda row: in_words(row["resolution"]),
            sort="resolution",
            default=True,
        ),
        _plain("draw", "Draw", sort="draw", default=True),
        _plain("ticket", "Ticket", field="ticket_title"),
        _plain("partner", "Partner group", field="partner_group"),
        _plain("applied", "Applied", field="applied_at", kind="moment", sort="applied_at", default=True),
        Column(
            key="entry",
            heading="Became an entry",
            kind="entry",
            read=lambda row: row.get("became"),
            default=True,
            parts=(Column(key="became", heading="Became an entry", read=lambda row: "yes" if row["became"] else ""),),
        ),
        *PERSON,
    ),
)
