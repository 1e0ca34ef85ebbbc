"""The plain settings of a connection, as values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from providers.errors import FieldError, Refused
from providers.letsdothis.routes import Routes
from providers.port import ConnectionField

LARGEST_PAGE = 500
PRICE_UNITS = (
    ("unknown", "Not known: show prices as they come, compute nothing"),
    ("minor", "Minor units: 4200 is 42.00"),
    ("major", "Major units: 42 is 42.00"),
)

CONNECTION_FIELDS = (
    ConnectionField(
        name="api_key",
        label="API key",
        help="Made in your Let's Do This account: settings, credentials tab. It can be revoked there.",
        secret=True,
    ),
    ConnectionField(
        name="event_ids",
        label="Event ids added by hand",
        help="Events are found through the people in them. List the ids of those nobody has entered yet, "
        "separated by commas.",
        required=False,
    ),
    ConnectionField(
        name="price_unit",
        label="Unit of prices",
        help="Let's Do This does not say whether it counts in pounds or pence.",
        required=False,
        default="unknown",
        choices=PRICE_UNITS,
        advanced=True,
    ),
    ConnectionField(
        name="date_order",
        label="Order of dates",
        help="How a birth date like 05/04/1990 is meant where a form leaves it open.",
        required=False,
        default="day",
        choices=(("day", "Day first: 5 April"), ("month", "Month first: May 4")),
        advanced=True,
    ),
    ConnectionField(
        name="page_size",
        label="Rows per page",
        help="1 to 500.",
        required=False,
        default="500",
        advanced=True,
        pattern=r"[1-9][0-9]{0,2}",
    ),
    ConnectionField(
        name="overlap_seconds",
        label="Overlap in seconds",
        help="How far each sync looks back behind the last one, for rows that turn up late.",
        required=False,
        default="300",
        advanced=True,
        pattern=r"[0-9]{1,6}",
    ),
    ConnectionField(
        name="pace",
        label="Requests a second",
        help="Let's Do This states no limit; 2 is polite. 0 means no limit of ours.",
        required=False,
        default="2",
        advanced=True,
        pattern=r"[0-9]{1,3}(\.[0-9]+)?",
    ),
    ConnectionField(
        name="contact_keys",
        label="Names of contact details",
        help="How a new partner's contact is written: the names of first name, last name, e-mail and phone.",
        required=False,
        default="firstName, lastName, emailAddress, phoneNumber",
        advanced=True,
        pattern=r"\s*\w+(\s*,\s*\w+){3}\s*",
    ),
    ConnectionField(
        name="routes",
        label="Other paths",
        help="Only if Let's Do This spells an address in another way: name=/path, separated by commas.",
        required=False,
        advanced=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    event_ids: tuple[str, ...] = ()
    price_unit: str = "unknown"
    day_first: bool = True
    page_size: int = LARGEST_PAGE
    overlap: timedelta = timedelta(seconds=300)
    pace: float = 2.0
    routes: Routes
    contact_keys: tuple[str, ...] = ()


def read_options(settings: Mapping[str, str]) -> Options:
    """The settings, each checked. Raises Refused with the message on the setting that is wrong."""
    values = {field.name: settings.get(field.name, "").strip() or field.default for field in CONNECTION_FIELDS}
    for field in CONNECTION_FIELDS:
        _check_shape(field, values[field.name])
    size = int(values["page_size"])
    if size > LARGEST_PAGE:
        raise _refused("page_size", f"Rows per page: 1 to {LARGEST_PAGE}.")
    return Options(
        event_ids=tuple(dict.fromkeys(re.findall(r"[^\s,;]+", values["event_ids"]))),
        price_unit=values["price_unit"],
        day_first=values["date_order"] == "day",
        page_size=size,
        overlap=timedelta(seconds=int(values["overlap_seconds"])),
        pace=float(values["pace"]),
        routes=_routes(values["routes"]),
        contact_keys=tuple(re.findall(r"\w+", values["contact_keys"])),
    )


def _check_shape(field: ConnectionField, value: str) -> None:
    if field.pattern and not re.fullmatch(field.pattern, value):
        raise _refused(field.name, f"{field.label}: this is not a value it can have.")
    if field.choices and value not in dict(field.choices):
        raise _refused(field.name, f"{field.label}: choose {', '.join(dict(field.choices))}.")


def _routes(overrides: str) -> Routes:
    try:
        return Routes(overrides)
    except ValueError as error:
        raise _refused("routes", f"Other paths: {error}.") from None


def _refused(name: str, sentence: str) -> Refused:
    return Refused(sentence, field_errors={name: [FieldError(rule="setting", text=sentence)]})
