"""Money is exact: as it is kept and as it is added up, whatever the database."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organiser_portal.connections.models import Connection
from organiser_portal.core.exact import ENOUGH, ExactSum
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.ingest import Arrival, ingest
from organiser_portal.partners.models import Conversion
from providers.partner_records import ConversionRecord, ConversionStatus
from tests.conftest import NOW
from tests.factories import make_connection, synced

AMOUNTS = st.decimals(min_value=Decimal(-(10**14)), max_value=Decimal(10**14), places=15)


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return make_connection(organisation)


def pays(connection: Connection, *amounts: Decimal | None) -> None:
    Conversion.objects.all().delete()
    Conversion.objects.bulk_create(
        Conversion(status="approved", payout=amount, currency="GBP", **synced(connection)) for amount in amounts
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=8))
def test_what_is_kept_and_summed_is_what_was_told(connection: Connection, amounts: list[Decimal]):
    pays(connection, *amounts)
    assert sorted(row.payout or 0 for row in Conversion.objects.all()) == sorted(amounts)
    with localcontext(ENOUGH):
        assert Conversion.objects.aggregate(total=ExactSum("payout"))["total"] == sum(amounts)


def test_ten_tenths_are_one(connection: Connection):
    pays(connection, *[Decimal("0.1")] * 10)
    assert str(Conversion.objects.aggregate(total=ExactSum("payout"))["total"].normalize()) == "1"


def test_nothing_told_sums_to_nothing(connection: Connection):
    pays(connection, None, None)
    assert Conversion.objects.aggregate(total=ExactSum("payout"))["total"] is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("123456789012345.1234567890123456", Decimal("123456789012345.123456789012346")),
        ("99999999999999.1234567890123454", Decimal("99999999999999.123456789012345")),
        ("999999999999999.9999999999999999", None),  # rounded, it is more than the column holds
        ("1E+1000001", None),
        ("-1E+1000001", None),
        ("1E-1000001", Decimal(0)),
    ],
)
def test_an_amount_of_many_digits_is_one_amount_and_stops_nothing(
    connection: Connection, told: str, kept: Decimal | None
):
    record = ConversionRecord(external_id="c1", status=ConversionStatus.APPROVED, payout=Decimal(told))
    ingest([Arrival(record=record, fingerprint=b"f")], connection=connection, now=NOW)
    assert Conversion.objects.get().payout == kept
