"""What else can be looked up."""

import httpx

from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import DEMO_HOST, HOST_ADMIN, PASSWORD, READ_KEY
from tests.providers.ticketing.conftest import Build, first
from tests.providers.wire import Wire


def test_places_are_read(sandbox: Sandbox, sandboxed: Build):
    directory, venue = sandboxed().directory, first(sandbox).venue
    assert len(directory.regions()) == 30
    assert {region.id for region in directory.regions(active=True)} < {region.id for region in directory.regions()}
    assert directory.region(venue.region.id).name == venue.region.name
    found = directory.venue(venue.id)
    assert (found.name, found.region_id, found.latitude) == (venue.name, venue.region.id, venue.latitude)
    assert [each.id for each in directory.venues(region_id=venue.region.id, name="hexley")] == [venue.id]
    assert "United Kingdom" in directory.countries()
    assert directory.category(first(sandbox).category.id).subcategories == ("Road race", "Trail race")
    assert len(directory.categories()) == 2


def test_hosts_accounts_and_the_session_are_read(sandbox: Sandbox, sandboxed: Build):
    directory = sandboxed().directory
    [account] = directory.accounts(username=HOST_ADMIN)
    assert [host.id for host in directory.hosts(account=account.number)] == [DEMO_HOST]
    assert directory.host(DEMO_HOST).name == "Fellgate Events"
    own = sandboxed(api_key=READ_KEY, password=PASSWORD, settings={"username": HOST_ADMIN}).directory
    assert own.session().account == own.account(account.number) == account
    assert own.preferred_region(account.number) == ""


def test_a_venues_region_may_be_a_link_or_an_object_and_subcategories_objects(build: Build):
    venue = {"self": "/venues/1", "name": "Park", "region": {"self": "/regions/2"}, "longitude": 1, "latitude": "x"}
    found = build(Wire(httpx.Response(200, json=venue))).directory.venue("1")
    assert (found.region_id, found.longitude, found.latitude) == ("2", 1.0, None)
    category = {"self": "/categories/1", "name": "Sport", "subcategories": [{"name": "Road"}, "Trail", None]}
    assert build(Wire(httpx.Response(200, json=category))).directory.category("1").subcategories == ("Road", "Trail")


def test_later_names_of_fields_are_read_too(build: Build):
    account = {"self": "/accounts/RA-1", "number": "RA-1", "username": "ravi", "district": "Leeds"}
    assert build(Wire(httpx.Response(200, json=account))).directory.account("RA-1").name == "ravi"
