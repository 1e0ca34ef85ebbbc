"""The declaration knows every field that the mapping reads."""

import msgspec
import pytest

from providers.contract import Shape
from providers.eventrac import contract, payloads


@pytest.mark.parametrize(
    ("payload", "shapes"),
    [
        (payloads.EventPayload, [contract.EVENT]),
        (payloads.RacePayload, [contract.RACE]),
        (payloads.PricePayload, [contract.RACE_PRICE, contract.SKU_PRICE]),
        (payloads.FormAdditionPayload, [contract.QUESTION]),
        (payloads.ProductPayload, [contract.PRODUCT]),
    ],
)
def test_what_the_mapping_reads_is_declared(payload: type[msgspec.Struct], shapes: list[Shape]) -> None:
    declared = {name for shape in shapes for name in shape.fields or {}}
    assert set(payload.__struct_encode_fields__) <= declared
