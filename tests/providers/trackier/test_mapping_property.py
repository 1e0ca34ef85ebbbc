"""Whatever a server makes of an object, it becomes a record or one rejected record, never a broken sync."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from providers.errors import BadRecord
from providers.port import Received
from providers.records import Kind
from providers.trackier import mapping
from providers.trackier.v1 import V1

HOW = mapping.sense({"zone": "Asia/Kolkata", "currency": "GBP"}, V1)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.text(max_size=12)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["_id", "date", "rate", "zone"]), inner)
    ),
    max_leaves=5,
)
NAMES = (
    "_id", "name", "email", "phone", "country", "currency", "region", "live", "deleted", "status", "created",
    "modified", "meta", "title", "url", "commissions", "caps", "model", "payout", "revenue", "sale", "txnId",
    "goal_name", "campaign_long_id", "publisher_long_id", "grossClicks", "conversions", "display_id",
)  # fmt: skip
OBJECT = st.dictionaries(st.sampled_from(NAMES), VALUE, max_size=8)
READERS: dict[Kind, Callable[..., Any]] = {
    Kind.PARTNER: mapping.partner,
    Kind.CAMPAIGN: mapping.campaign,
    Kind.CONVERSION: mapping.conversion,
    Kind.DAY_STAT: mapping.day_stat,
}


@given(found=OBJECT, kind=st.sampled_from(sorted(READERS)))
def test_any_object_is_a_record_or_one_bad_record(found: dict[str, Any], kind: Kind) -> None:
    item = mapping.receive(kind, found, "65b0000000000000000000c1", HOW)
    assert isinstance(item, Received)
    try:
        record = READERS[kind](item.external_id, mapping.read(item.payload), HOW)
    except BadRecord:
        return
    assert record.external_id == "65b0000000000000000000c1"
