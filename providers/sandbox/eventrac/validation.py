"""What may be written. Every failing field is named at once, in the rule names and texts of the CakePHP validator."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from providers.sandbox.eventrac.objects import WRITABLE_TEXTS, Json, Participant, Question, Race

REQUIRED = "This field is required"
EMPTY = "This field cannot be left empty"
INVALID = "The provided value is invalid"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

type Errors = dict[str, Any]


@dataclass(slots=True)
class Checked:
    """What can be stored, or ``errors``: field → rule → text (deeper for lists and maps)."""

    errors: Errors = field(default_factory=dict)
    values: Json = field(default_factory=dict)
    addressed: set[int] = field(default_factory=set)
    """Questions that were answered, well or badly."""

    def refuse(self, *path: str, rule: str, text: str = INVALID) -> None:
        place = self.errors
        for step in path:
            place = place.setdefault(step, {})
        place[rule] = text


def check_new(given: Mapping[str, Any], race: Race | None, now: datetime, *, taken: bool) -> Checked:
    """A participant to be added. ``taken``: the race has this reference already."""
    checked = Checked()
    for name in ("external_reference", "email"):
        _required(checked, given, name)
    if taken:
        checked.refuse("external_reference", rule="unique")
    if race is None:
        checked.refuse("race_id", rule="exists" if "race_id" in given else "_required")
        _personal(checked, given)
        return checked
    _enterable(checked, race, now)
    _personal(checked, given)
    _lists(checked, given, race, held={})
    _mandatory(checked, race)
    return checked


def check_update(given: Mapping[str, Any], participant: Participant) -> Checked:
    """An update: what is not given or null stays."""
    checked = Checked()
    race = participant.race
    if given.get("email") == "":
        checked.refuse("email", rule="_empty", text=EMPTY)
    if str(given.get("external_reference") or participant.external_reference) != participant.external_reference:
        checked.refuse("external_reference", rule="unchangeable")
    if str(given.get("race_id") or race.id) != str(race.id):
        checked.refuse("race_id", rule="unchangeable")
    _personal(checked, given)
    held = {int(order["sku_id"]): int(order["quantity"]) for order in participant.orders}
    _lists(checked, given, race, held=held)
    if given.get("form_additions") is not None:
        _mandatory(checked, race)
    return checked


def _required(checked: Checked, given: Mapping[str, Any], name: str) -> None:
    if given.get(name) is None:
        checked.refuse(name, rule="_required", text=REQUIRED)
    elif given[name] == "":
        checked.refuse(name, rule="_empty", text=EMPTY)
    elif not isinstance(given[name], str):
        checked.refuse(name, rule="scalar")
    else:
        checked.values[name] = given[name]


def _enterable(checked: Checked, race: Race, now: datetime) -> None:
    status = race.status(now)
    if race.team is not None:
        checked.refuse("race_id", rule="team_race", text="This race takes teams only")
    if status == "closed":
        checked.refuse("race_id", rule="open", text="This race is not open for entries")
    elif not race.has_capacity:
        checked.refuse("race_id", rule="capacity", text="This race is full")


def _personal(checked: Checked, given: Mapping[str, Any]) -> None:
    for name in WRITABLE_TEXTS:
        if given.get(name) is None:
            continue
        if isinstance(given[name], str):
            checked.values[name] = given[name]
        else:
            checked.refuse(name, rule="scalar")
    email = given.get("email")
    if email and isinstance(email, str):
        checked.values["email"] = email
        if not _EMAIL.fullmatch(email):
            checked.refuse("email", rule="email")
    _dob(checked, given.get("dob"))
    _gender(checked, given.get("gender"))
    metadata = given.get("metadata")
    if isinstance(metadata, dict) or metadata == []:
        checked.values["metadata"] = metadata or {}
    elif metadata is not None:
        checked.refuse("metadata", rule="array")


def _dob(checked: Checked, value: object) -> None:
    if value in (None, ""):
        if value == "":
            checked.values["dob"] = None
        return
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        checked.values["dob"] = date.fromisoformat(value).isoformat()
    except ValueError:
        checked.refuse("dob", rule="date")


def _gender(checked: Checked, value: object) -> None:
    if value == "":
        checked.values["gender"] = None
    elif value in ("f", "m", "nb"):
        checked.values["gender"] = value
    elif value is not None:
        checked.refuse("gender", rule="inList")


def _lists(checked: Checked, given: Mapping[str, Any], race: Race, *, held: Mapping[int, int]) -> None:
    """``held``: SKU → how many this participant has already, which count as stock."""
    affiliations = given.get("affiliations")
    if isinstance(affiliations, dict) or affiliations == []:
        _affiliations(checked, affiliations or {}, race)
    elif affiliations is not None:
        checked.refuse("affiliations", rule="array")
    if given.get("form_additions") is not None:
        checked.values["form_additions"] = list(_answers(checked, given["form_additions"], race))
    if given.get("orders") is not None:
        checked.values["orders"] = list(_orders(checked, given["orders"], race, held))


def _affiliations(checked: Checked, given: Mapping[str, Any], race: Race) -> None:
    checked.values["affiliations"] = {slug: str(typed) for slug, typed in given.items()}
    for slug in given.keys() - set(race.affiliations):
        checked.refuse("affiliations", slug, rule="inList")


def _items(checked: Checked, name: str, given: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(given, list):
        checked.refuse(name, rule="array")
        return
    for index, item in enumerate(given):
        if isinstance(item, dict):
            yield str(index), item
        else:
            checked.refuse(name, str(index), rule="array")


def _answers(checked: Checked, given: object, race: Race) -> Iterator[Json]:
    """Ids come in as strings or ints and are stored as ints, a select's value too."""
    questions = {str(question.id): question for question in race.questions}
    for index, item in _items(checked, "form_additions", given):
        question = questions.get(str(item.get("id")))
        value = item.get("value")
        if question is None:
            checked.refuse("form_additions", index, "id", rule="inList")
        elif value is not None and value != "":
            checked.addressed.add(question.id)
            yield from _answer(checked, index, question, value)


def _answer(checked: Checked, index: str, question: Question, value: object) -> Iterator[Json]:
    if question.options:
        if str(value) in {str(option) for option, _ in question.options}:
            yield {"id": question.id, "value": int(str(value))}
        else:
            checked.refuse("form_additions", index, "value", rule="inList")
    elif isinstance(value, str | int | float):
        yield {"id": question.id, "value": str(value)}
    else:
        checked.refuse("form_additions", index, "value", rule="scalar")


def _mandatory(checked: Checked, race: Race) -> None:
    """A mandatory question without an answer is named by its id."""
    for question in race.questions:
        if question.mandatory and question.id not in checked.addressed:
            checked.refuse("form_additions", str(question.id), rule="_required", text=REQUIRED)


def _orders(checked: Checked, given: object, race: Race, held: Mapping[int, int]) -> Iterator[Json]:
    left = {
        variation.id: variation.stock + held.get(variation.id, 0)
        for product in race.products
        for variation in product.variations
    }
    for index, item in _items(checked, "orders", given):
        sku = str(item.get("sku_id"))
        found = race.variation(int(sku)) if sku.isdigit() else None
        if found is None:
            checked.refuse("orders", index, "sku_id", rule="inList")
            continue
        product, variation = found
        quantity = _natural(item.get("quantity"))
        if quantity is None:
            checked.refuse("orders", index, "quantity", rule="naturalNumber")
        elif product.max_quantity is not None and quantity > product.max_quantity:
            checked.refuse("orders", index, "quantity", rule="lessThanOrEqual")
        elif quantity > left[variation.id]:
            checked.refuse("orders", index, "quantity", rule="stock", text="There are not enough left")
        else:
            left[variation.id] -= quantity
            yield {"sku_id": variation.id, "quantity": quantity}


def _natural(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None
