"""The declaration knows every field that the mapping reads."""

import msgspec
import pytest

from providers.contract import NOTHING, Shape
from providers.letsdothis import contract, shapes
from providers.letsdothis.payloads import SECRET_KEYS


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        (shapes.Participant, contract.PARTICIPANT),
        (shapes.Application, contract.APPLICATION),
        (shapes.Ticket, contract.TICKET),
    ],
)
def test_what_the_mapping_reads_is_declared_but_for_what_is_cut_out(row: type[msgspec.Struct], shape: Shape) -> None:
    assert set(row.__struct_encode_fields__) - SECRET_KEYS <= (shape.fields or {}).keys()


def test_a_secret_that_came_through_would_be_told() -> None:
    assert all((contract.PARTICIPANT.fields or {})[key] == NOTHING for key in SECRET_KEYS)
