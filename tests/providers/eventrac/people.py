"""The entrant of the documentation's samples, as one of our changes."""

from datetime import date
from typing import Any

from msgspec import structs

from providers.port import Action, Change
from providers.records import Answer, Gender, OrderLine, Person

REFERENCE = "0b8e6c1f5a7d4c7e9a51d2f34c6b7e80"
PATH = f"/participants/{REFERENCE}"
MINA = Person(
    first_name="Mina",
    last_name="Okafor",
    email="mina.okafor@mail.example",
    birth_date=date(1988, 2, 29),
    gender=Gender.NON_BINARY,
    phone="07700900111",
    address_1="4 Tide Row",
    city="Poole",
    emergency_name="Jo Okafor",
    emergency_phone="07700900222",
    club="Poole Runners",
    medical="asthma",
)


def add(**more: Any) -> Change:
    usual = {"action": Action.ADD_ENTRY, "reference": REFERENCE, "race_id": "30551", "person": MINA}
    return Change(**(usual | more))


def full_add() -> Change:
    return add(
        answers=(
            Answer(question_id="7701", label="Predicted time", value="82"),
            Answer(question_id="7702", label="Pen", value="88102"),
            Answer(question_id="7703", label="Shoe", value=""),
        ),
        orders=(OrderLine(sku_id="61001", quantity=1), OrderLine(sku_id="61002", quantity=0)),
        affiliations=(("uk-athletics", "3141592"),),
        metadata=(("portal_entry", "0b8e6c1f"),),
    )


def edit(*fields: str, **more: Any) -> Change:
    usual = {
        "action": Action.EDIT_ENTRY,
        "reference": REFERENCE,
        "race_id": "30551",
        "external_id": "512077",
        "person": MINA,
        "fields": frozenset(fields),
    }
    return Change(**(usual | more))


def several(count: int, **more: Any) -> list[Change]:
    """Adds of so many people, each with a name, an address and a reference of their own."""
    return [
        add(
            reference=f"{number:032x}",
            person=structs.replace(MINA, first_name=f"Runner{number}", email=f"r{number}@mail.example"),
            **more,
        )
        for number in range(1, count + 1)
    ]


def saved(change: Change, number: int = 512077, **more: object) -> dict[str, object]:
    """The answer to an add, as documented: without the reference."""
    return {
        "id": number,
        "race_id": int(change.race_id),
        "first_name": change.person.first_name,
        "last_name": change.person.last_name,
        "dob": "1988-02-29T00:00:00+00:00",
        "email": change.person.email,
    } | more
