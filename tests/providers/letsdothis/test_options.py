"""Settings of a connection, each checked before anything is sent."""

import pytest

from providers.errors import Refused
from providers.letsdothis.client import LetsDoThis
from providers.letsdothis.options import read_options
from providers.letsdothis.routes import ROUTES, Routes
from tests.providers.letsdothis.world import Remote, client, walk


def test_everything_but_the_key_has_a_default():
    options = read_options({})
    assert options.page_size == 500
    assert options.overlap.total_seconds() == 300
    assert options.pace == 2.0
    assert options.price_unit == "unknown"
    assert [field.name for field in LetsDoThis.connection_fields if field.required] == ["api_key"]
    assert [field.name for field in LetsDoThis.connection_fields if field.secret] == ["api_key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page_size", value) for value in ("0", "501", "abc", "-1", "1.5")),
        *(("overlap_seconds", value) for value in ("-1", "soon")),
        *(("pace", value) for value in ("-1", "fast")),
        ("price_unit", "pence"),
        ("date_order", "year"),
        *(("routes", value) for value in ("tickets", "nothing=/x", "tickets=/x", "tickets=events/{id}")),
        ("routes", "participants=/participants/{id}"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name_and_nothing_is_sent(name: str, value: str):
    remote = Remote()
    with pytest.raises(Refused) as caught:
        walk(remote, **{name: value})
    assert list(caught.value.field_errors) == [name]
    assert not remote.asked


def test_a_blank_setting_is_its_default():
    options = read_options({"page_size": " ", "price_unit": "", "routes": ""})
    assert (options.page_size, options.price_unit) == (500, "unknown")


def test_event_ids_may_be_separated_in_any_way_and_are_asked_once():
    assert read_options({"event_ids": " 1, 2;3\n2 "}).event_ids == ("1", "2", "3")


def test_the_route_table_is_the_only_place_a_path_is_spelled():
    remote = Remote()
    with client(remote, routes="participants=/entrants, race_participants=/r/{id}/entrants/all") as provider:
        list(provider.pull("entries", known=lambda kind: ()))
        list(provider.participants_of_race("9:7"))
    assert [request.url.path for request in remote.asked] == ["/v0/entrants", "/v0/r/9/entrants/all"]


def test_every_operation_of_the_reference_has_a_route():
    assert len(ROUTES) == 12
    assert Routes().path("claim_link", "p_3n8") == "/partners/p_3n8/claim-link"


def test_it_says_what_it_cannot_do():
    can = LetsDoThis.capabilities
    assert can.lists_entries
    assert can.maps_person_fields
    assert not can.add_entry
    assert not can.edit_entry
    assert can.cannot["edit_entry"].startswith(
        "Let's Do This does not accept edits through its API; your change is kept"
    )
    assert {"add_entry", "edit_entry", "withdraw_entry"} <= set(can.cannot)
    assert LetsDoThis.known_hosts == {"api.letsdothis.com"}
