"""The next and the one before of somebody found by a common name: sought near them, not from where the list begins."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.core import walks
from organiser_portal.core.keyset import Order, place_in
from organiser_portal.participants.models import Entry
from tests.factories import entry_of, make_connection, make_listing

pytestmark = pytest.mark.skipif("database.vendor != 'postgresql'", reason="it tells how many rows a statement has read")
EARLIER, SMITHS = 4_000, 1_500


def test_nobody_in_front_of_them_is_read(organisation, monkeypatch) -> None:
    monkeypatch.setattr(walks, "CAP", 100)
    monkeypatch.setattr(walks, "NEAR", 50)
    listing = make_listing(make_connection(organisation))
    names = [*(f"Ash{number:04}" for number in range(EARLIER)), *(f"Smith{number:04}" for number in range(SMITHS))]
    Entry.objects.bulk_create(entry_of(listing, "Ann", name) for name in names)
    with database.cursor() as cursor:
        cursor.execute("ANALYZE participants_entry")
    everybody = Entry.objects.of(organisation)
    smiths = everybody.filter(search_text__contains="smith")
    one = smiths.get(last_name="Smith0500")
    with CaptureQueriesContext(database) as asked:
        place = place_in(smiths, Order("sort_name"), one.pk, everything=everybody)
    assert place is not None
    beside = [smiths.get(last_name=name).pk for name in ("Smith0499", "Smith0501")]
    assert [place.previous, place.next] == beside
    near = [each for each in asked.captured_queries if "LIMIT 50" in each["sql"]]
    assert len(near) == 2
    assert max(map(rows_read, near)) < 500


def rows_read(asked: Mapping[str, str]) -> int:
    """How many rows a statement has taken from tables, and left there."""
    with database.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked['sql']}")
        [[[told]]] = cursor.fetchall()
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(told["Plan"])
        if "Relation Name" in node
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)
