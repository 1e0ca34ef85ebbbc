"""The plain settings of a connection, as values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from providers.errors import FieldError, Refused
from providers.port import ConnectionField
from providers.trackier.quirks import zone
from providers.turns import pace

USUAL_PACE = 3.0  # 180 a minute
EDIT_PARTNER = "edit_partner"
PREFIXES = {"auto": ("/api", ""), "none": ("",), "/api": ("/api",)}

CONNECTION_FIELDS = (
    ConnectionField(
        name="api_key",
        label="API key",
        secret=True,
        help="Made in Trackier's admin settings, section API. It has to be a network (admin) key.",
    ),
    ConnectionField(
        name="version",
        label="API version",
        required=False,
        default="v1",
        choices=(("v1", "v1: everything"), ("v2", "v2: fewer functions")),
        help="Trackier announced the end of v1. If the test says that v1 is gone, choose v2. Partners and campaigns "
        "stay what they are when you change it; one whose short ID Trackier never told is listed anew.",
    ),
    ConnectionField(
        name="outbound_ips",
        label="Our addresses",
        required=False,
        help="The addresses from which this server calls Trackier. Add them to the allow-list in Trackier's API "
        "settings; they are named again if Trackier turns us away.",
    ),
    ConnectionField(
        name="advertiser_id",
        label="Advertiser ID",
        required=False,
        pattern=r"([0-9a-fA-F]{24}|[0-9]{1,12})?",
        help="You as the one who pays, in Trackier's list of advertisers. Shows only the campaigns of that advertiser "
        "(v2); may stay empty.",
    ),
    ConnectionField(
        name="tracking_domain",
        label="Tracking domain",
        required=False,
        pattern=r"([A-Za-z0-9.-]+(:[0-9]{1,5})?)?",
        help="For links in v2, such as go.example.org. In v1 Trackier tells the link itself.",
    ),
    ConnectionField(
        name="path_prefix",
        label="Path prefix",
        required=False,
        default="auto",
        choices=(("auto", "Find out"), ("none", "None"), ("/api", "/api")),
        advanced=True,
        help="v1 is documented with and without it. Leave it on “Find out” unless Trackier tells you otherwise.",
    ),
    ConnectionField(
        name="window_days",
        label="Days to read again",
        required=False,
        default="45",
        advanced=True,
        pattern=r"[0-9]{1,4}",
        help="Results are approved or rejected late, so each sync reads that many days again.",
    ),
    ConnectionField(
        name="currency",
        label="Currency (v2)",
        required=False,
        advanced=True,
        pattern=r"([A-Za-z]{3})?",
        help="v1 tells it by itself; v2 does not. Three letters.",
    ),
    ConnectionField(
        name="zone",
        label="Time zone (v2)",
        required=False,
        advanced=True,
        help="v1 tells it by itself; v2 does not. Such as Europe/London; empty is UTC.",
    ),
    ConnectionField(
        name="endpoint_overrides",
        label="Other paths (v2)",
        required=False,
        advanced=True,
        help="For v2 addresses that are not established: name=/path, separated by commas. Names: partners, "
        "conversions, edit_partner.",
    ),
    ConnectionField(
        name="pace",
        label="Requests a second",
        required=False,
        default="3",
        pattern=r"[0-9]{1,3}(\.[0-9]+)?",
        advanced=True,
        help="Trackier allows 180 a minute. 0 means no limit of ours.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    version: str
    prefixes: tuple[str, ...]
    outbound_ips: str
    advertiser_id: str
    tracking_domain: str
    window_days: int
    currency: str
    zone: str
    pace: float
    overrides: Mapping[str, str]


def read_options(settings: Mapping[str, str]) -> Options:
    """The settings, each checked. Raises Refused with the message on the setting that is wrong."""
    values = {field.name: settings.get(field.name, "").strip() or field.default for field in CONNECTION_FIELDS}
    for field in CONNECTION_FIELDS:
        _check(field, values[field.name])
    if values["zone"] and zone(values["zone"]) is None:
        raise _refused("zone", "There is no such time zone. An example: Europe/London.")
    return Options(
        version=values["version"],
        prefixes=PREFIXES[values["path_prefix"]],
        outbound_ips=values["outbound_ips"],
        advertiser_id=values["advertiser_id"],
        tracking_domain=values["tracking_domain"],
        window_days=int(values["window_days"]),
        currency=values["currency"].upper(),
        zone=values["zone"],
        pace=pace(values["pace"], USUAL_PACE),
        overrides=_overrides(values["endpoint_overrides"]),
    )


def _check(field: ConnectionField, value: str) -> None:
    if field.pattern and not re.fullmatch(field.pattern, value):
        raise _refused(field.name, f"{field.label}: this is not a value it can have.")
    if field.choices and value not in dict(field.choices):
        raise _refused(field.name, f"{field.label}: choose {', '.join(dict(field.choices))}.")


def _overrides(given: str) -> dict[str, str]:
    parts = [part.strip() for part in given.split(",") if part.strip()]
    for part in parts:
        if not re.fullmatch(r"(partners|conversions|edit_partner)=/[A-Za-z0-9_/{}.-]+", part):
            raise _refused("endpoint_overrides", f"Other paths: “{part}” is not of the form name=/path.")
    return dict(part.split("=", 1) for part in parts)


def _refused(name: str, sentence: str) -> Refused:
    return Refused(sentence, field_errors={name: [FieldError(rule="setting", text=sentence)]})
