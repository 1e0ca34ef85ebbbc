"""One of our changes as the JSON that eventrac takes."""

from datetime import date

from providers.port import Action, Change
from providers.records import Person

# Our field → theirs. What is not here (club, nationality, medical) has no place at eventrac.
PERSON_NAMES = {
    "email": "email",
    "first_name": "first_name",
    "last_name": "last_name",
    "birth_date": "dob",
    "gender": "gender",
    "phone": "contact_number",
    "address_1": "address_1",
    "address_2": "address_2",
    "city": "address_city",
    "region": "address_state",
    "postcode": "address_zip_code",
    "country": "address_country",
    "emergency_name": "emergency_name",
    "emergency_phone": "emergency_number",
}
# Their name → ours, of what is not the person.
EXTRA_NAMES = {
    "form_additions": "answers",
    "orders": "orders",
    "affiliations": "affiliations",
    "metadata": "metadata",
}
WRITABLE = frozenset(PERSON_NAMES) | frozenset(EXTRA_NAMES.values())


def participant(change: Change) -> dict[str, object]:
    """The fields of one participant: all that has a value for an add, what has changed (or was cleared) for an edit."""
    adding = change.action is Action.ADD_ENTRY
    names = WRITABLE if adding else change.fields & WRITABLE
    told: dict[str, object] = {
        theirs: _plain(change.person, ours) for ours, theirs in PERSON_NAMES.items() if ours in names
    }
    told |= {name: sent for name, sent in _extras(change).items() if EXTRA_NAMES[name] in names}
    if adding:
        told = {name: sent for name, sent in told.items() if sent} | {"email": change.person.email}
    return {"external_reference": change.reference, **told}


def form_additions(change: Change) -> list[dict[str, str]]:
    """The answers in the order in which they are sent. Ids and a select's value go out as strings."""
    return [{"id": each.question_id, "value": each.value} for each in change.answers if each.value]


def orders(change: Change) -> list[dict[str, object]]:
    return [
        {"sku_id": int(each.sku_id) if each.sku_id.isdecimal() else each.sku_id, "quantity": each.quantity}
        for each in change.orders
        if each.quantity > 0
    ]


def homeless(change: Change) -> tuple[str, ...]:
    """Fields of an edit that eventrac has no place for."""
    return tuple(sorted(change.fields - WRITABLE))


def _extras(change: Change) -> dict[str, object]:
    return {
        "form_additions": form_additions(change),
        "orders": orders(change),
        "affiliations": {slug: typed for slug, typed in change.affiliations if typed},
        "metadata": dict(change.metadata),
    }


def _plain(person: Person, name: str) -> str:
    value = getattr(person, name)
    return value.isoformat() if isinstance(value, date) else str(value or "")
