"""Whose value each value of an entry is: the provider's, or ours over theirs, with who, when, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Standing, SyncState
from organiser_portal.events.models import Sku
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry, Origin
from organiser_portal.participants.prices import named
from organiser_portal.participants.sensitive import parted
from organiser_portal.participants.services.overriding import provider_value
from organiser_portal.participants.whence import Origins, Whence
from providers.records import SENSITIVE_FIELDS, Kind

# How the columns of a person are read on a page: label → the columns behind it.
PERSON_ROWS = {
    "First name": ("first_name",),
    "Last name": ("last_name",),
    "Born": ("birth_date",),
    "Gender": ("gender",),
    "E-mail": ("email",),
    "Mobile": ("phone",),
    "Address": fields.ADDRESS,
    "Club": ("club",),
    "Nationality": ("nationality",),
    "Emergency": ("emergency_name", "emergency_phone"),
    "Medical": ("medical",),
}
# Said to be missing when it is; the others are simply left out.
EXPECTED = frozenset({"First name", "Last name", "Born", "Gender", "E-mail", "Mobile", "Emergency"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """One value of ours over a provider's."""

    name: str
    label: str
    theirs: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the page. ``locked``: there may be something, but this person may not see it.

    ``whence``: where the value is from; None where none is shown, or ``ours`` says it at length.
    """

    label: str
    text: str
    ours: tuple[Ours, ...] = ()
    locked: bool = False
    whence: Whence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the entry comes from and how fresh that is; ``state`` is one of the freshness chip's."""

    provider: gateway.Face
    label: str
    state: str
    at: datetime | None


def person_rows(entry: Entry, origins: Origins, *, sees_sensitive: bool) -> list[Row]:
    """The person, value by value."""
    rows = [_row(entry, origins, label, names, sees_sensitive) for label, names in PERSON_ROWS.items()]
    return [row for row in rows if row.text or row.locked or row.ours or row.label in EXPECTED]


def answer_rows(entry: Entry, origins: Origins, *, sees_sensitive: bool) -> list[Row]:
    """Every answer to the race's questions, memberships included."""
    plain, hidden = parted(entry)
    return [
        *(_answer(answer, origins) for answer in plain),
        *(_answer(answer, origins) if sees_sensitive else _locked(str(answer["label"])) for answer in hidden),
        *(
            Row(label=fields.membership_label(slug), text=text, whence=origins.of_item("affiliations", slug))
            for slug, text in entry.affiliations.items()
        ),
    ]


def order_rows(entry: Entry, origins: Origins) -> list[Row]:
    """What was bought beside the place; a product that is no longer sold is shown by its number."""
    if not entry.orders:
        return []
    ids = [line["sku_id"] for line in entry.orders]
    skus = Sku.objects.filter(product__listing=entry.listing, external_id__in=ids).select_related("product")
    titles = {sku.external_id: named(sku) for sku in skus}
    return [
        Row(
            label=titles.get(line["sku_id"], f"Product {line['sku_id']}"),
            text=f"× {line['quantity']}",
            whence=origins.of_item("orders", line["sku_id"]),
        )
        for line in entry.orders
    ]


def source(entry: Entry) -> Source | None:
    """None for an entry that no provider knows."""
    connection = entry.connection
    if connection is None:
        return None
    face = gateway.face(connection.provider)
    label = gateway.connection_name(connection)
    keys = [resource.key for resource in face.resources if resource.kind is Kind.ENTRY]
    states = list(SyncState.objects.filter(connection=connection, resource__in=keys))
    if entry.origin == Origin.STAFF or not states:
        return Source(provider=face, label=label, state="ok", at=entry.last_seen)
    at = max((each.last_success_at for each in states if each.last_success_at), default=None)
    failing = any(each.keeps_failing for each in states)
    return Source(provider=face, label=label, state=_freshness(connection.standing, at, failing), at=at)


def age_on_the_day(entry: Entry) -> int | None:
    """Full years on the day of the race, in the event's own zone; None when a date is missing."""
    born, starts = entry.birth_date, entry.race.starts_at
    if born is None or starts is None:
        return None
    return years(born, starts.astimezone(ZoneInfo(entry.race.event.time_zone)).date())


def years(born: date, day: date) -> int:
    """Born on 29 February, one is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _answer(answer: Mapping[str, Any], origins: Origins) -> Row:
    whence = origins.of_item("answers", str(answer["question_id"]))
    return Row(label=answer["label"], text=str(answer["value"]), whence=whence)


def _locked(label: str) -> Row:
    return Row(label=label, text="", locked=True)


def _row(entry: Entry, origins: Origins, label: str, names: tuple[str, ...], sees_sensitive: bool) -> Row:
    if not sees_sensitive and SENSITIVE_FIELDS & set(names):
        return _locked(label)
    texts = [fields.text(name, getattr(entry, name)) for name in names]
    ours = tuple(_ours(entry, name) for name in names if name in entry.overrides)
    text = ", ".join(filter(None, texts))
    return Row(label=label, text=text, ours=ours, whence=origins.of(*names) if text and not ours else None)


def _ours(entry: Entry, name: str) -> Ours:
    override: Mapping[str, Any] = entry.overrides[name]
    return Ours(
        name=name,
        label=fields.label(name),
        theirs=fields.text(name, provider_value(entry, name)),
        by=str(override.get("by") or "somebody"),
        at=datetime.fromisoformat(override["at"]),
    )


def _freshness(standing: str, at: datetime | None, failing: bool) -> str:
    if standing == Standing.PAUSED:
        return "paused"
    if standing == Standing.NEEDS_ATTENTION:
        return "refused"
    if at is None:
        return "never"
    return "late" if failing else "ok"
