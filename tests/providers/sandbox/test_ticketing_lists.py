"""Pages, filters and orders of lists, with everything that is odd about them."""

from typing import Any

import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.ticketing_desk import first, tt_client

NO_PAGE = {"error": "The specified page does not exist for the given records per page."}


def titles(sandbox: Sandbox, **query: Any) -> list[str]:
    return [entry["title"] for entry in tt_client(sandbox).get("/events", params=query).json()["entries"]]


def test_a_page_holds_25_unless_asked_and_says_so(sandbox: Sandbox):
    client = tt_client(sandbox)
    body = client.get("/regions").json()
    assert (body["total"], body["page"], body["records"], len(body["entries"])) == (30, 1, 25, 25)
    assert list(body) == ["total", "page", "records", "entries"]
    second = client.get("/regions?page=2").json()
    assert (second["page"], second["records"], len(second["entries"])) == (2, 25, 5)


def test_a_page_past_the_end_is_404(sandbox: Sandbox):
    reply = tt_client(sandbox).get("/regions?page=3")
    assert (reply.status_code, reply.json()) == (404, NO_PAGE)


def test_an_empty_list_is_404_only_where_a_page_was_named(bare: Sandbox):
    client = tt_client(bare)
    assert client.get("/regions").json() == {"total": 0, "page": 1, "records": 25, "entries": []}
    assert client.get("/regions?page=1").json() == NO_PAGE
    assert client.get("/regions?page=0").status_code == 200
    bare.ticketing.switches.empty_page = "always"
    assert client.get("/regions").json() == NO_PAGE
    bare.ticketing.switches.empty_page = "never"
    assert client.get("/regions?page=1").status_code == 200
    assert client.get("/regions?page=2").status_code == 404


def test_nought_counts_as_absent_and_nonsense_is_named(sandbox: Sandbox):
    client = tt_client(sandbox)
    assert client.get("/regions?page=0&records=0").json()["records"] == 25
    bad = client.get("/regions?page=x&records=-1")
    assert (bad.status_code, bad.json()["error"]) == (
        400,
        "The following query parameters have invalid values: page, records.",
    )
    assert "values: sort." in client.get("/events?records=5&sort=bogus&order=asc").json()["error"]


def test_numbers_of_the_envelope_can_be_strings(sandbox: Sandbox):
    sandbox.ticketing.switches.numbers_as_strings = True
    body = tt_client(sandbox).get("/regions?records=5").json()
    assert (body["total"], body["page"], body["records"]) == ("30", "1", "5")


def test_a_body_on_a_read_is_ignored(sandbox: Sandbox):
    client = tt_client(sandbox)
    assert client.request("GET", "/regions?records=5", json={}).status_code == 200
    assert client.request("GET", "/regions?records=5", content=b"nonsense").status_code == 200


def test_events_are_sorted_as_asked(sandbox: Sandbox):
    named = titles(sandbox, sort="alphabetical")
    assert named == sorted(named, key=str.casefold)
    assert titles(sandbox, sort="alphabetical", order="desc") == named[::-1]
    assert titles(sandbox, sort="popularity", order="desc")[0] == first(sandbox).title


def test_filters_narrow_together_and_unknown_ones_do_nothing(sandbox: Sandbox):
    event = first(sandbox)
    assert titles(sandbox, title="hexley") == [event.title]
    assert titles(sandbox, title="hexley", status="Draft") == []
    assert titles(sandbox, public="false") == ["Fellgate Volunteers' Evening"]
    assert titles(sandbox, active="false") == ["Brackwater Canal 5"]
    assert titles(sandbox, section=event.sections[0].id) == [event.title]
    assert titles(sandbox, host=event.host.id, region=event.venue.region.id)[0] == event.title
    assert len(titles(sandbox, colour="red")) == 6


def test_the_global_token_comes_first(sandbox: Sandbox):
    event = first(sandbox)
    client = tt_client(sandbox)
    every = client.get(f"{event.uri}/tokens").json()["entries"]
    assert [token["global"] for token in every] == [True, False]
    assert client.get(f"{event.uri}/tokens?global=true").json()["entries"] == every[:1]
    assert client.get(f"{event.uri}/tokens?global=false").json()["entries"] == every[1:]


def test_tickets_are_asked_for_by_the_instant_of_their_change(sandbox: Sandbox):
    event = first(sandbox)
    client = tt_client(sandbox)

    def changed(since: str) -> list[str]:
        body = client.get(f"{event.uri}/tickets", params={"modified_since": since}).json()
        return [entry["serial"] for entry in body["entries"]]

    assert changed("2027-03-01T12:00:00+00:00") == []
    sandbox.clock.advance(60)
    ticket = event.tickets[3]
    sandbox.ticketing.admit(ticket.serial)
    assert changed("2027-03-01T12:00:00.000Z") == [ticket.serial]
    assert client.get(f"{event.uri}/tickets?modified_since=soon").status_code == 400


def test_admissions_are_filtered_by_what_they_say(sandbox: Sandbox):
    event = first(sandbox)
    client = tt_client(sandbox)
    ticket = event.tickets[0]
    sandbox.ticketing.admit(ticket.serial, "Gate A, Sam", "Pixel 6")

    def found(**query: str) -> int:
        return client.get(f"{event.uri}/admissions", params=query).json()["total"]

    for query in (
        {"redeemer": "Gate A, Sam"},
        {"device": "Pixel 6"},
        {"ticket": ticket.serial},
        {"patron": ticket.owner.number},
        {"patron": f"/accounts/{ticket.owner.number}"},
        {"section": ticket.section.id},
    ):
        assert found(**query) == 1
    assert found(redeemer="Gate B") == 0
    assert found(redeemer="Gate A, Sam", ticket="X") == 0


@pytest.mark.parametrize(("way", "inside", "outside"), [("reference", 2, 4), ("full", 4, 4), ("relative", 2, 2)])
def test_section_addresses_are_short_inside_events(sandbox: Sandbox, way: Any, inside: int, outside: int):
    sandbox.ticketing.switches.section_uris = way
    client = tt_client(sandbox)
    event = first(sandbox)
    uri = client.get(event.uri).json()["sections"][0]["self"]
    token = client.get(f"{event.uri}/tokens").json()["entries"][0]["sections"][0]
    assert (uri.count("/"), token.count("/")) == (inside, outside)


def test_a_region_with_an_event_that_has_no_date_is_active(sandbox: Sandbox):
    event = first(sandbox)
    for other in sandbox.ticketing.state.events.values():
        other.status = "Draft"
    event.status, event.start, event.end = "Scheduled", "", ""
    active = tt_client(sandbox).get("/regions?active=true").json()["entries"]
    assert [region["self"] for region in active] == [f"/regions/{event.venue.region.id}"]


def test_pictures_lie_where_the_site_is_told(sandbox: Sandbox):
    sandbox.ticketing.switches.media = "http://127.0.0.1:8001/ticketing/media"
    event = tt_client(sandbox).get(first(sandbox).uri).json()
    assert event["banner"].startswith("http://127.0.0.1:8001/ticketing/media/banner/")
    assert event["venue"]["region"]["icon"] == "http://127.0.0.1:8001/ticketing/media/united_kingdom.png"


def test_a_venue_names_its_region_and_an_event_shows_it(sandbox: Sandbox):
    client = tt_client(sandbox)
    venue = client.get("/venues").json()["entries"][0]
    assert venue["region"].startswith("/regions/")
    shown = client.get(first(sandbox).uri).json()["venue"]
    assert shown["region"]["self"] == venue["region"]
