"""What else can be looked up, and written by those who may."""

import httpx
import pytest

from providers.errors import NotFound, Refused
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import DEMO_HOST, HOST_ADMIN, PASSWORD, READ_KEY
from tests.providers.sandbox.ticketing_desk import NEW_SECTION, new_event
from tests.providers.ticketing.conftest import Build, first
from tests.providers.wire import Wire


def test_places_are_read(sandbox: Sandbox, sandboxed: Build):
    directory, venue = sandboxed().directory, first(sandbox).venue
    assert len(directory.regions.all()) == 30
    assert {region.id for region in directory.regions.all(active=True)} < {
        region.id for region in directory.regions.all()
    }
    assert directory.regions.one(venue.region.id).name == venue.region.name
    found = directory.venues.one(venue.id)
    assert (found.name, found.region_id, found.latitude) == (venue.name, venue.region.id, venue.latitude)
    assert [each.id for each in directory.venues.all(region=venue.region.id, name="hexley")] == [venue.id]
    assert "United Kingdom" in directory.countries()
    assert directory.categories.one(first(sandbox).category.id).subcategories == ("Road race", "Trail race")
    assert len(directory.categories.all()) == 2


def test_hosts_accounts_and_the_session_are_read(sandbox: Sandbox, sandboxed: Build):
    directory = sandboxed().directory
    [account] = directory.accounts.all(username=HOST_ADMIN)
    assert [host.id for host in directory.hosts.all(account=account.number)] == [DEMO_HOST]
    assert directory.hosts.one(DEMO_HOST).name == "Fellgate Events"
    own = sandboxed(api_key=READ_KEY, password=PASSWORD, settings={"username": HOST_ADMIN}).directory
    assert own.session().account == own.accounts.one(account.number) == account
    assert own.preferred_region(account.number) == ""


def test_a_venues_region_may_be_a_link_or_an_object_and_subcategories_objects(build: Build):
    venue = {"self": "/venues/1", "name": "Park", "region": {"self": "/regions/2"}, "longitude": 1, "latitude": "x"}
    found = build(Wire(httpx.Response(200, json=venue))).directory.venues.one("1")
    assert (found.region_id, found.longitude, found.latitude) == ("2", 1.0, None)
    category = {"self": "/categories/1", "name": "Sport", "subcategories": [{"name": "Road"}, "Trail", None]}
    assert build(Wire(httpx.Response(200, json=category))).directory.categories.one("1").subcategories == (
        "Road",
        "Trail",
    )


def test_later_names_of_fields_are_read_too(build: Build):
    account = {"self": "/accounts/RA-1", "number": "RA-1", "username": "ravi", "district": "Leeds"}
    assert build(Wire(httpx.Response(200, json=account))).directory.accounts.one("RA-1").name == "ravi"


def test_regions_venues_and_categories_are_made_changed_and_removed(sandbox: Sandbox, sandboxed: Build):
    directory = sandboxed().directory
    region = directory.regions.add({"name": "Rutland", "country": "United Kingdom"})
    venue = directory.venues.add(
        {"name": "Water", "region": region.id, "longitude": -0.65, "latitude": 52.65, "address": "Oakham"}
    )
    category = directory.categories.add({"name": "Water", "subcategories": ["Swim"]})
    with pytest.raises(Refused, match="venues attached"):
        directory.regions.remove(region.id)
    directory.venues.save(
        venue.id, {"name": "Lake", "region": region.id, "longitude": -0.6, "latitude": 52.6, "address": "Oakham"}
    )
    directory.regions.save(region.id, {"name": "Rutland", "country": "United Kingdom", "city": "Oakham"})
    directory.categories.save(category.id, {"name": "Water", "subcategories": ["Swim", "Swim-run"]})
    assert (directory.venues.one(venue.id).name, directory.regions.one(region.id).city) == ("Lake", "Oakham")
    assert directory.categories.one(category.id).subcategories == ("Swim", "Swim-run")
    directory.venues.remove(venue.id)
    directory.regions.remove(region.id)
    directory.categories.remove(category.id)
    for shelf, thing in ((directory.venues, venue), (directory.regions, region), (directory.categories, category)):
        with pytest.raises(NotFound):
            shelf.one(thing.id)


def test_an_account_and_its_host_are_made_changed_and_removed(sandbox: Sandbox, sandboxed: Build):
    directory = sandboxed().directory
    account = directory.accounts.add({"username": "morag", "password": "a-secret", "email": "morag@mail.example"})
    directory.accounts.save(account.number, {"firstName": "Morag", "lastName": "Tyson"})
    assert directory.accounts.one(account.number).name == "Morag Tyson"
    region = directory.regions.all()[0]
    directory.prefer_region(account.number, region.id)
    assert directory.preferred_region(account.number) == region.id
    own = sandboxed(api_key=READ_KEY, password="a-secret", settings={"username": "morag"}).directory
    host = own.hosts.add({"name": "Tyson Trails", "contact": "Morag", "email": "morag@mail.example"})
    own.hosts.save(host.id, {"name": "Tyson Trails", "contact": "Jo", "email": "morag@mail.example"})
    assert own.hosts.one(host.id).contact == "Jo"
    own.hosts.remove(host.id)
    directory.accounts.remove(account.number)
    with pytest.raises(NotFound):
        directory.accounts.one(account.number)


def test_an_event_is_made_published_and_removed(sandbox: Sandbox, sandboxed: Build):
    ticketing, like = sandboxed(), first(sandbox)
    directory = ticketing.directory
    made = directory.events.add(new_event(sandbox))
    assert (made.name, like.host.id) == ("Moorland Mile", DEMO_HOST)
    section = directory.sections(made.id).add(NEW_SECTION)
    assert directory.sections(made.id).all() == [section]
    assert directory.sections(made.id).one(section.id).name == "Mile"
    for approved, status in ((False, "Draft"), (True, "Scheduled")):
        ticketing.perform(Verb.SUBMIT_EVENT, subject=made.id, values={})
        directory.decide(made.id, approved=approved)
        assert sandbox.ticketing.state.events[made.id].status == status
    with pytest.raises(Refused, match="has sections"):
        directory.events.remove(made.id)
    directory.sections(made.id).remove(section.id)
    directory.events.remove(made.id)
    assert made.id not in sandbox.ticketing.state.events
