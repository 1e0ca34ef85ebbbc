"""The declaration knows every field that the mapping reads."""

import msgspec
import pytest

from providers.contract import Shape
from providers.ticketing import contract, payloads


@pytest.mark.parametrize(
    ("payload", "shape"),
    [
        (payloads.EventPayload, contract.EVENT),
        (payloads.SectionPayload, contract.SECTION),
        (payloads.PricePayload, contract.PRICE),
        (payloads.AccountPayload, contract.ACCOUNT),
        (payloads.TicketPayload, contract.TICKET),
        (payloads.AdmissionPayload, contract.ADMISSION),
        (payloads.NamedPayload, contract.VENUE | contract.REGION),
    ],
)
def test_what_the_mapping_reads_is_declared(payload: type[msgspec.Struct], shape: Shape) -> None:
    assert set(payload.__struct_encode_fields__) <= (shape.fields or {}).keys()


def test_of_a_token_the_code_never_arrives() -> None:
    assert set(payloads.TokenPayload.__struct_encode_fields__) - (contract.TOKEN.fields or {}).keys() == {"code"}
