"""Lists as the real server hands them out."""

from typing import Any

import httpx
import pytest

from providers.errors import NotFound, UnexpectedReply
from providers.sandbox import Sandbox
from providers.ticketing.client import TickeTing
from tests.providers.ticketing.conftest import Build
from tests.providers.wire import Wire

EMPTY = {"error": "The specified page does not exist for the given records per page."}


def region(number: int) -> dict[str, object]:
    return {"self": f"/regions/{number}", "name": f"Region {number}"}


def page(*entries: object, total: Any = 0, number: Any = 1, records: Any = 10) -> httpx.Response:
    return httpx.Response(200, json={"total": total, "page": number, "records": records, "entries": list(entries)})


def asked(wire: Wire) -> list[str]:
    return [request.url.query.decode() for request in wire.requests]


def names(ticketing: TickeTing) -> list[str]:
    return [each.name for each in ticketing.directory.regions.all()]


def test_a_first_list_names_no_page_and_the_next_ones_do(build: Build):
    wire = Wire(page(region(1), total=21), page(region(2), total=21, number=2), page(region(3), total=21, number=3))
    assert names(build(wire)) == ["Region 1", "Region 2", "Region 3"]
    assert asked(wire) == ["records=10", "records=10&page=2", "records=10&page=3"]


def test_the_three_numbers_may_be_strings(build: Build):
    wire = Wire(page(region(1), total="11", number="1", records="10"), page(region(2), total="11", number="2"))
    assert names(build(wire)) == ["Region 1", "Region 2"]


def test_the_servers_own_page_size_decides_how_many_pages_there_are(build: Build):
    wire = Wire(page(region(1), total=2, records=1), page(region(2), total=2, number=2, records=1))
    assert len(names(build(wire))) == 2


@pytest.mark.parametrize("entries", [[], {}, None])
def test_an_empty_list_is_empty_in_any_shape(build: Build, entries: object):
    wire = Wire(httpx.Response(200, json={"total": 0, "page": 1, "records": 10, "entries": entries}))
    assert names(build(wire)) == []


def test_an_empty_list_may_be_404(build: Build):
    assert names(build(Wire(httpx.Response(404, json=EMPTY)))) == []


def test_a_list_that_shrank_meanwhile_just_ends(build: Build):
    wire = Wire(page(region(1), total=11), httpx.Response(404, json=EMPTY))
    assert names(build(wire)) == ["Region 1"]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "The requested endpoint /regions does not exist on this server."},
        {"error": "There is presently no resource with the given URI."},
        {},
    ],
)
def test_an_address_that_is_wrong_is_not_an_empty_list(build: Build, body: object):
    with pytest.raises(NotFound):
        names(build(Wire(httpx.Response(404, json=body))))


@pytest.mark.parametrize("body", [{}, {"total": "many"}, {"total": 1, "records": 10, "entries": "x"}, {"total": -1}])
def test_an_envelope_that_cannot_be_read_is_told(build: Build, body: object):
    with pytest.raises(UnexpectedReply):
        names(build(Wire(httpx.Response(200, json=body))))


def test_a_server_that_promises_more_than_it_has_does_not_hold_us(build: Build):
    wire = Wire(page(region(1), total=1000), page(total=1000, number=2))
    assert names(build(wire)) == ["Region 1"]


@pytest.mark.parametrize("way", ["explicit", "always", "never"])
@pytest.mark.parametrize("strings", [False, True])
def test_every_way_of_the_sandbox_is_read(sandbox: Sandbox, sandboxed: Build, way: Any, strings: bool):
    sandbox.ticketing.switches.empty_page = way
    sandbox.ticketing.switches.numbers_as_strings = strings
    directory = sandboxed(settings={"records": "10"}).directory
    assert len(directory.regions.all()) == 30
    assert directory.venues.all(name="nowhere") == []


def test_a_get_has_no_body_and_every_call_its_two_headers(build: Build):
    wire = Wire(page())
    build(wire).directory.regions.all()
    [request] = wire.requests
    assert request.read() == b""
    assert (request.headers["x-api-key"], request.headers["x-client-version"]) == ("k" * 32, "3.0.0")
    assert "authorization" not in request.headers
    assert str(request.url) == "https://api.ticketingevents.com/v3/regions?records=10"
