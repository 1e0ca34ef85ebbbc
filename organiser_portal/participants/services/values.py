"""What staff typed into an entry's form, and what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry
from organiser_portal.participants.sensitive import sounds_sensitive

type Item = dict[str, Any]
LISTED = ("answers", "orders", "affiliations")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryValues:
    """Only what stood on the form: a field that is missing here stays as it is, and None leaves a whole part alone.

    ``person``: column → value. ``own``: bib, wave, notes, status. ``answers``: {"question_id", "label", "value"} and
    for a select "option_id"; ``orders``: {"sku_id", "quantity"}; a value of "" or 0 takes the item away.
    """

    person: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[Item] | None = None
    orders: Sequence[Item] | None = None
    affiliations: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One column that is to change, as Python values."""

    name: str
    old: Any
    new: Any


def differences(entry: Entry, values: EntryValues) -> list[Difference]:
    """What ``values`` would change in ``entry``, in the order of the form."""
    wanted: dict[str, Any] = {**values.person, **values.own}
    if values.answers is not None:
        wanted["answers"] = merged(entry.answers, values.answers, key="question_id", value="value")
    if values.orders is not None:
        wanted["orders"] = merged(entry.orders, values.orders, key="sku_id", value="quantity")
    if values.affiliations is not None:
        told = {**entry.affiliations, **values.affiliations}
        wanted["affiliations"] = {slug: typed for slug, typed in told.items() if typed}
    found = (Difference(name=name, old=getattr(entry, name), new=new) for name, new in wanted.items())
    return [each for each in found if each.old != each.new]


def merged(held: Sequence[Item], typed: Sequence[Item], *, key: str, value: str) -> list[Item]:
    """Held items with the typed ones put over them; what the form did not ask for is kept, what was emptied goes."""
    told = {**{item[key]: item for item in held}, **{item[key]: item for item in typed}}
    return [item for item in told.values() if item[value]]


def history_of(found: Sequence[Difference], *, titles: Mapping[str, str]) -> list[dict[str, str]]:
    """The differences as a revision keeps them: display text, one line per answer, product and membership.

    ``titles``: SKU id → what it is called.
    """
    changes: list[dict[str, str]] = []
    for each in found:
        if each.name in LISTED:
            changes.extend(_items(each, titles))
        else:
            old, new = (fields.history_text(each.name, value) for value in (each.old, each.new))
            changes.append({"field": each.name, "old": old, "new": new})
    return changes


def _items(each: Difference, titles: Mapping[str, str]) -> list[dict[str, str]]:
    old, new = _texts(each.name, each.old, titles), _texts(each.name, each.new, titles)
    return [
        {
            "field": f"{each.name}.{key}",
            "label": (new.get(key) or old[key])[0],
            "old": _said(old, key),
            "new": _said(new, key),
        }
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]


def _texts(name: str, value: Any, titles: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Id → (label, text) of every item."""
    if name == "answers":
        return {item["question_id"]: (item["label"], str(item["value"])) for item in value}
    if name == "orders":
        return {item["sku_id"]: (titles.get(item["sku_id"], item["sku_id"]), str(item["quantity"])) for item in value}
    return {slug: (fields.membership_label(slug), text) for slug, text in value.items()}


def _said(texts: Mapping[str, tuple[str, str]], key: str) -> str:
    label, text = texts.get(key, ("", ""))
    return "…" if text and sounds_sensitive(label) else text[:500]
