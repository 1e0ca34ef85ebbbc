"""The values that a revision keeps beside its words, by the field names of its lines, and the way back from them.

A column is kept as one value; answers, orders and memberships item by item ("answers.17"), as history tells them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from organiser_portal.participants import fields
from organiser_portal.participants.history import Changed
from organiser_portal.participants.merge import as_json
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.sensitive import is_sensitive_answer
from organiser_portal.participants.services.values import LISTED, Difference, EntryValues, Item, history_of
from providers.records import SENSITIVE_FIELDS

# How the items of a column are told apart, and what of an item is emptied to take it away.
ITEMS: Mapping[str, tuple[str, Item]] = {
    "answers": ("question_id", {"value": ""}),
    "orders": ("sku_id", {"quantity": 0}),
}


def changed(entry: Entry, found: Sequence[Difference], *, titles: Mapping[str, str] | None = None) -> Changed:
    """What a revision keeps of these. ``titles``: SKU id → what it is called."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for each in found:
        old, new = _kept(entry, each.name, each.old), _kept(entry, each.name, each.new)
        moved = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        before |= {name: old.get(name) for name in moved}
        after |= {name: new.get(name) for name in moved}
    return Changed(said=history_of(found, titles=titles or {}), before=before, after=after)


def value_now(entry: Entry, name: str) -> Any:
    """What the entry has in a field of that name, as a revision would keep it."""
    column = name.partition(".")[0]
    return _parts(column, getattr(entry, column)).get(name)


def values_before(revision: Revision, names: Collection[str]) -> EntryValues:
    """The values that these fields had before the revision, as a form would have them."""
    old = {name: revision.before[name] for name in names}
    columns = {name: fields.from_stored(name, value) for name, value in old.items() if "." not in name}
    items = {column: _items(revision, column, names) for column in ITEMS}
    memberships = {
        name.partition(".")[2]: value or "" for name, value in old.items() if name.startswith("affiliations.")
    }
    return EntryValues(
        person={name: value for name, value in columns.items() if name in fields.PERSON},
        own={name: value for name, value in columns.items() if name in fields.OWN},
        answers=items["answers"] or None,
        orders=items["orders"] or None,
        affiliations=memberships or None,
    )


def _kept(entry: Entry, column: str, value: Any) -> dict[str, Any]:
    """Without what is never copied into history."""
    if column in SENSITIVE_FIELDS:
        return {}
    if column != "answers":
        return _parts(column, value)
    mapping = entry.connection.mapping if entry.connection else {}
    return _parts(column, [answer for answer in value if not is_sensitive_answer(answer, mapping)])


def _parts(column: str, value: Any) -> dict[str, Any]:
    if column not in LISTED:
        return {column: as_json(value)}
    if column == "affiliations":
        return {f"{column}.{slug}": text for slug, text in value.items()}
    key, _ = ITEMS[column]
    return {f"{column}.{item[key]}": item for item in value}


def _items(revision: Revision, column: str, names: Collection[str]) -> list[Item]:
    _, emptied = ITEMS[column]
    return [
        revision.before[name] or {**revision.after[name], **emptied} for name in names if name.startswith(f"{column}.")
    ]
