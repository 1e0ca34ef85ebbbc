"""Rows that are wholly as the contract has them, as nearly all are: taken in by the one strict reading that tells so.

A row taken so reads as the patient one would, only that much in it is known already: a form is a list of questions, a
booker and the details of a status are what they should be. Whatever is otherwise is left to the patient shapes.
"""

from decimal import Decimal
from typing import Any

import msgspec

from providers.letsdothis.contract import APPLICATION, PARTICIPANT, STATUS
from providers.letsdothis.shapes import Application, Asked, Booked, Booker, Detail, Participant, read
from providers.surprises import declared

_known: dict[str, Any] = {
    "fields": list[Asked],
    "booker": Booker | None,
    "status_details": list[declared(STATUS, Detail)] | None,  # type: ignore[misc]  # a type made at run time
}
_strict: dict[type[Any], msgspec.json.Decoder[Any]] = {
    row: msgspec.json.Decoder(declared(shape, row, **_known), float_hook=Decimal)
    for row, shape in ((Participant, PARTICIPANT), (Application, APPLICATION))
}


def take[B: Booked](payload: bytes, shape: type[B]) -> tuple[B, bool]:
    """The row, and whether it is as declared but for what it keeps as bytes. Raises BadRecord."""
    try:
        return _strict[shape].decode(payload), True
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        return read(payload, shape), False
