"""An outbound change as it is stored, and as a provider takes it. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from providers.port import Action, Change
from providers.records import PERSON_FIELDS, Answer, Gender, OrderLine, Person


class UnreadableChange(ValueError):
    """The stored values are not a change: a mistake of ours. ``str()`` holds no value."""


def read_change(*, action: str, reference: str, race_id: str, external_id: str, values: Mapping[str, Any]) -> Change:
    """Raises UnreadableChange, also for a change that was emptied because its person was erased."""
    if not values:
        raise UnreadableChange("empty")
    try:
        return Change(
            action=Action(action),
            reference=reference,
            race_id=race_id,
            external_id=external_id,
            person=_person(values.get("person") or {}),
            answers=tuple(_answer(answer) for answer in values.get("answers") or ()),
            orders=tuple(
                OrderLine(sku_id=str(line["sku_id"]), quantity=int(line["quantity"]))
                for line in values.get("orders") or ()
            ),
            affiliations=_pairs(values.get("affiliations")),
            metadata=_pairs(values.get("metadata")),
            fields=frozenset(values.get("fields") or ()),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableChange(type(error).__name__) from None


def _person(values: Mapping[str, str]) -> Person:
    known: dict[str, Any] = {name: values[name] or "" for name in PERSON_FIELDS if name in values}
    if "birth_date" in known:
        known["birth_date"] = date.fromisoformat(known["birth_date"]) if known["birth_date"] else None
    if "gender" in known:
        known["gender"] = Gender(known["gender"])
    return Person(**known)


def _answer(stored: Mapping[str, Any]) -> Answer:
    return Answer(
        question_id=str(stored["question_id"]), label=str(stored.get("label", "")), value=str(stored["value"])
    )


def _pairs(values: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in (values or {}).items())
