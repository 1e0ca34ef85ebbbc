"""What is sent: our field names into theirs. Pure.

Whether an update replaces a folded object or merges into it is not known, so such an object is always sent whole, as
it was read, with the change made in it. What has not changed is not sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from providers.letsdothis import folded
from providers.letsdothis.offered import EXTERNAL_IDS
from providers.letsdothis.partners import (
    MARKETING,
    Row,
    contacts,
    event_named,
    group_values,
    marketing_by_event,
    partner_values,
    ticket_id,
)

PARTNER_KEYS = (
    "name", "description", "externalIds", "defaultMarketing", "specificMarketings", "canCreateSubPartners",
)  # fmt: skip
GROUP_KEYS = ("name", "description", "maxCapacity", "tickets", "settings")
CONTACT_FIELDS = ("first_name", "last_name", "email", "phone")

type Body = dict[str, Any]
type Values = Mapping[str, object]


def new_partner(values: Values, contact_keys: Sequence[str]) -> Body:
    """``contact_keys``: their names for first name, last name, e-mail and phone, in this order."""
    body = changed_partner({}, values)
    body["contacts"] = [_contact(item, contact_keys) for item in folded.listed(values.get("contacts"))]
    if kind := text(values, "kind"):
        body["type"] = kind
    return body


def changed_partner(row: Row, values: Values) -> Body:
    """The keys that have to be sent so that the partner says this. Type and contacts are never among them."""
    now = partner_values(row)
    body: Body = {
        name: text(values, name)
        for name in ("name", "description")
        if name in values and text(values, name) != now[name]
    }
    if "sub_partners" in values and bool(values["sub_partners"]) != now["sub_partners"]:
        body["canCreateSubPartners"] = bool(values["sub_partners"])
    folded_ones = {
        "externalIds": _with(row.get("externalIds"), values, EXTERNAL_IDS, empty=None),
        "defaultMarketing": _with(row.get("defaultMarketing"), values, MARKETING, empty=""),
        "specificMarketings": _event_marketing(row, values),
    }
    return body | {name: value for name, value in folded_ones.items() if value is not None}


def new_group(values: Values) -> Body:
    body = changed_group({}, values) | {"maxCapacity": whole(values), "type": text(values, "kind") or "SINGLE_USE"}
    if partner := text(values, "partner"):
        body["partnerId"] = partner
    return body


def changed_group(row: Row, values: Values) -> Body:
    """The keys that have to be sent so that the group says this. Its type and partner are never among them."""
    now = group_values(row)
    body: Body = {
        name: text(values, name)
        for name in ("name", "description")
        if name in values and text(values, name) != now[name]
    }
    if "capacity" in values and whole(values) != now["capacity"]:
        body["maxCapacity"] = whole(values)
    if "tickets" in values and set(_chosen(values)) != set(folded.listed(now["tickets"])):
        body["tickets"] = _tickets(row, _chosen(values))
    return body


def whole_of(row: Row, changes: Body, keys: Sequence[str]) -> Body:
    """Everything an update accepts, for a remote that replaces."""
    return {name: row[name] for name in keys if row.get(name) is not None} | changes


def same_partner(row: Row, body: Body) -> bool:
    """Whether this is what was asked for: name, type, and the addresses of its contacts."""
    same_people = _addresses(row) == _addresses(body) or not _addresses(row)
    return _same(row, body, "name", "type") and same_people


def same_group(row: Row, body: Body) -> bool:
    return _same(row, body, "name", "partnerId", "type")


def claim_link(values: Values) -> Body:
    given = {"emailAddress": text(values, "email"), "reservedEntryId": text(values, "group")}
    return {name: value for name, value in given.items() if value}


def text(values: Values, name: str) -> str:
    return folded.words(values.get(name))


def whole(values: Values) -> int:
    """The places wished for; the check has been made."""
    return int(text(values, "capacity") or 0)


def _contact(item: object, keys: Sequence[str]) -> Body:
    given = ((theirs, folded.words(folded.pick(item, ours))) for ours, theirs in zip(CONTACT_FIELDS, keys, strict=True))
    return {name: value for name, value in given if value}


def _with(held: object, values: Values, names: Mapping[str, str], *, empty: object) -> Body | None:
    """The folded object with these changes in it; None: nothing has changed."""
    base = dict(held) if isinstance(held, dict) else {}
    changed = {
        theirs: text(values, ours) or empty
        for ours, theirs in names.items()
        if ours in values and text(values, ours) != folded.words(base.get(theirs))
    }
    return base | changed if changed else None


def _event_marketing(row: Row, values: Values) -> list[Any] | None:
    lines = [line.strip() for line in text(values, "event_marketing").splitlines() if line.strip()]
    if "event_marketing" not in values or lines == str(partner_values(row)["event_marketing"]).splitlines():
        return None
    held = dict(marketing_by_event(row))
    nameless = [item for item in folded.listed(row.get("specificMarketings")) if not event_named(item)]
    return [_for_event(held, [part.strip() for part in line.split("|")]) for line in lines] + nameless


def _for_event(held: Mapping[str, object], parts: Sequence[str]) -> Body:
    event_id, *said = parts
    base = held.get(event_id)
    told = zip(MARKETING.values(), [*said, "", ""], strict=False)
    changed = {name: value for name, value in told if value or folded.pick(base, name)}
    return {"eventId": event_id} | (dict(base) if isinstance(base, dict) else {}) | changed


def _chosen(values: Values) -> list[str]:
    return list(dict.fromkeys(filter(None, map(ticket_id, folded.listed(values.get("tickets"))))))


def _tickets(row: Row, chosen: Sequence[str]) -> list[Any]:
    held = {ticket_id(item): item for item in folded.listed(row.get("tickets"))}
    return [held.get(each) or {"ticketId": each} for each in chosen]


def _same(row: Row, body: Body, *names: str) -> bool:
    return all(folded.words(row.get(name)).casefold() == folded.words(body.get(name)).casefold() for name in names)


def _addresses(row: Row) -> set[str]:
    return {each.email.casefold() for each in contacts(row) if each.email}
