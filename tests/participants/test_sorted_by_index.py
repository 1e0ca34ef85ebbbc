"""SQLite walks an index through the list, whatever it is sorted by: else a page reads and sorts everybody there is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database

from organiser_portal.core import walks
from organiser_portal.participants.tables import ENTRIES
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.listed import ask, names

pytestmark = pytest.mark.skipif("database.vendor != 'sqlite'", reason="PostgreSQL sorts a handful faster than it walks")

OWN_KEYS = [column.key for column in ENTRIES.columns if column.sort and "__" not in column.sort]


class Plans:
    """What SQLite means to do for every statement that lists entries (or has this ``part``), its parameters bound."""

    def __init__(self, part: str = 'FROM "participants_entry"') -> None:
        self.part = part
        self.steps: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if self.part in sql:
            execute(f"EXPLAIN QUERY PLAN {sql}", params, many, context)
            self.steps += [row[3] for row in context["cursor"].fetchall()]
        return execute(sql, params, many, context)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("key", OWN_KEYS)
def test_no_order_of_the_list_is_made_by_sorting(key, sign, viewer, sign_in, organisation):
    listing = make_listing(make_connection(organisation))
    for number in range(3):
        make_entry(listing, "Ann", f"Other{number}", bib=str(number), wave="A", club="Harriers", push_state="queued")
    browser, plans = sign_in(viewer), Plans()
    with database.execute_wrapper(plans):
        ask(browser, organisation, sort=sign + key)
    assert plans.steps
    assert [step for step in plans.steps if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("query", [{"fragment": False}, {"change": "attention"}, {"change": "queued"}])
def test_changes_that_wait_are_counted_and_found_without_a_look_at_everybody(viewer, sign_in, organisation, query):
    make_entry(make_listing(make_connection(organisation)), push_state="rejected")
    browser, plans = sign_in(viewer), Plans()
    with database.execute_wrapper(plans):
        ask(browser, organisation, **query)
    assert any("entry_under_way (organisation_id=? AND push_state=?)" in step for step in plans.steps), plans.steps


def test_of_those_with_a_common_name_only_they_are_read(viewer, sign_in, organisation, monkeypatch):
    monkeypatch.setattr(walks, "CAP", 3)
    monkeypatch.setattr(walks, "NEAR", 2)
    listing = make_listing(make_connection(organisation))
    for number in range(5):
        make_entry(listing, "Ann", f"Ash{number}")
        make_entry(listing, "Bea", f"Smith{number}")
    browser, gathering = sign_in(viewer), Plans("COALESCE(")
    with database.execute_wrapper(gathering):
        page = ask(browser, organisation, q="smith")
    assert names(page) == [f"Bea Smith{number}" for number in range(5)]
    nearby, gathered = [step for step in gathering.steps if step.startswith("SEARCH U0")]
    assert nearby == "SEARCH U0 USING COVERING INDEX entry_by_name (organisation_id=?)"
    assert gathered == "SEARCH U0 USING COVERING INDEX entry_search_texts (organisation_id=?)"
