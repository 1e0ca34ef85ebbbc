"""What eventrac answers to many adds in one call, and what each of them came to."""

from collections.abc import Sequence

from providers.port import Change, Outcome, Receipt
from tests.providers.eventrac.people import saved

FIRST, SECOND = "POST /races/participants", "POST /participants"


def answer(changes: Sequence[Change], **by_index: dict[str, object]) -> dict[str, object]:
    """Every change saved in order, save where ``i0=``, ``i1=`` ... say otherwise."""
    items = [by_index.get(f"i{index}", saved(change, 1000 + index)) for index, change in enumerate(changes)]
    return {"hasErrors": any("errors" in item for item in items), "participants": items}


def failed(change: Change, **errors: dict[str, str]) -> dict[str, object]:
    return {"external_reference": change.reference, "errors": errors}


def objecting(data: object) -> dict[str, object]:
    """The envelope of a validation error."""
    return {"status": "error", "message": "Validation failed", "code": 422, "data": data}


def read_back(change: Change, number: int, **more: object) -> dict[str, object]:
    return {"id": number, "race_id": int(change.race_id), "external_reference": change.reference} | more


def remote_ids(outcomes: Sequence[Outcome]) -> list[str]:
    return [outcome.external_id if isinstance(outcome, Receipt) else type(outcome).__name__ for outcome in outcomes]
