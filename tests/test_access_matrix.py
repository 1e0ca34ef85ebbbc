"""Who may open what: every address of the portal for every person.

An address that is in neither table of `who_may_open` fails the suite by name, until somebody has said who may open it.
"""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import httpx
import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from organiser_portal.organisations.models import Organisation, User
from organiser_portal.organisations.roles import Role
from providers.sandbox import Sandbox
from tests.conftest import NOW, member, signed_in
from tests.one_of_each import one_of_each
from tests.who_may_open import ELSEWHERE, EXPECTED, OWNER, SIGNED_IN

# What a form sends where an empty one is answered with 404.
SENT = {"participants:entry-settle": "field=first_name"}
OTHER_ARGUMENTS = {"token": "never-given", "key": "never-given", "uidb36": "1"}
# What can be done differs from thing to thing.
VERBS = {
    "events:event-change": "edit_event",
    "partners:partner-do": "edit_partner",
    "partners:group-do": "edit_group",
    "partners:campaign-do": "set_cap",
}
DOOR = "/accounts/login/"


class Route(NamedTuple):
    name: str
    path: str
    view: Any


def routes(patterns: list[URLPattern | URLResolver], namespace: str = "", path: str = "") -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name}", here, pattern.callback)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner, here)


ROUTES = [route for route in routes(get_resolver().url_patterns) if not route.path.startswith("admin/")]
OF_TENANTS = [route for route in ROUTES if "<slug:organisation>" in route.path]
OF_NOBODY = [route for route in ROUTES if "<slug:organisation>" not in route.path]
BY_NAME = {"ids": lambda route: route.name}


@pytest.fixture(scope="module")
def wire() -> httpx.BaseTransport:
    """Where the pages that call a provider end up."""
    return Sandbox(size="s", now=NOW).transport()


class Town(NamedTuple):
    """``objects``: by the word that stands before its id in an address, or by the name of the argument.

    ``people``: a browser each. The administrator of the installation is in no organisation.
    """

    objects: dict[str, int | str]
    people: dict[str, Client]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Built once, for whatever is asked of it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        organisation = Organisation.objects.create(name="Fellgate Events", slug="fellgate")
        elsewhere = Organisation.objects.create(name="Elsewhere Races", slug="elsewhere")
        cast = {role.value: member(organisation, f"{role}@fellgate.example", role) for role in Role}
        cast["stranger"] = member(elsewhere, "stan@elsewhere.example", OWNER)
        cast["administrator"] = User.objects.create_superuser("ada@portal.example", "correct horse battery")
        people = {"nobody": Client(), **{name: signed_in(user) for name, user in cast.items()}}
        yield Town(one_of_each(organisation, cast["manager"]), people)
        transaction.set_rollback(True)


@pytest.fixture
def objects(town: Town, settings: Settings, wire: httpx.BaseTransport) -> dict[str, int | str]:
    cache.clear()
    settings.PROVIDER_TRANSPORT = wire
    return town.objects


@pytest.fixture
def people(town: Town) -> dict[str, Client]:
    return town.people


def address(route: Route, objects: dict[str, int | str], organisation: str = "fellgate") -> str:
    arguments: dict[str, Any] = {}
    for before, argument in re.findall(r"(\w*)/?(?:<\w+:|\(\?P<)(\w+)>", route.path):
        known = {**objects, **OTHER_ARGUMENTS, "organisation": organisation, "verb": VERBS.get(route.name, "")}
        arguments[argument] = known[before if argument == "pk" else argument]
    return reverse(route.name, kwargs=arguments)


def ask(client: Client, method: str, path: str, sent: str = "") -> HttpResponse:
    """The answer; whatever it changed is undone, in the browser too."""
    cookies = dict(client.cookies)
    with transaction.atomic():
        response: HttpResponse = client.generic(method, path, sent, "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


def verdict(response: HttpResponse) -> str:
    if response.status_code == 302 and response["Location"].startswith(DOOR):
        return "to the door"
    return {404: "not there", 403: "refused", 405: "wrong method"}.get(
        response.status_code, "in" if response.status_code < 500 and response.status_code != 400 else "broken"
    )


def test_every_address_is_in_the_table():
    assert sorted(route.name for route in OF_TENANTS) == sorted(EXPECTED), "say in EXPECTED who may open it"
    assert sorted(route.name for route in OF_NOBODY) == sorted(ELSEWHERE), "say in ELSEWHERE who may open it"


@pytest.mark.parametrize("route", OF_TENANTS, **BY_NAME)
def test_a_view_asks_for_the_role_in_the_table(route: Route):
    assert route.view.required_role == EXPECTED[route.name][0]


@pytest.mark.parametrize("route", OF_TENANTS, **BY_NAME)
def test_a_page_of_an_organisation_is_open_to_its_roles_alone(route: Route, objects, people):
    least, methods = EXPECTED[route.name]
    path = address(route, objects)
    wanted = {"nobody": "to the door", "stranger": "not there", "administrator": "not there"} | {
        role.value: "in" if role.covers(least) else "refused" for role in Role
    }
    for method in methods.split():
        sent = SENT.get(route.name, "")
        assert {name: verdict(ask(client, method, path, sent)) for name, client in people.items()} == wanted


@pytest.mark.parametrize("route", OF_TENANTS, **BY_NAME)
def test_a_page_answers_no_other_method(route: Route, objects, people):
    for method in sorted({"GET", "POST", "DELETE"} - set(EXPECTED[route.name][1].split())):
        assert verdict(ask(people["owner"], method, address(route, objects))) == "wrong method"


@pytest.mark.parametrize("route", [route for route in OF_TENANTS if "<int:" in route.path], **BY_NAME)
def test_what_is_anothers_is_not_found_through_ones_own_organisation(route: Route, objects, people):
    path = address(route, objects, organisation="elsewhere")
    for method in EXPECTED[route.name][1].split():
        assert verdict(ask(people["stranger"], method, path)) == "not there"


@pytest.mark.parametrize("route", OF_NOBODY, **BY_NAME)
def test_a_page_of_no_organisation_is_open_to_whom_the_table_says(route: Route, objects, people):
    path = address(route, objects)
    if ELSEWHERE[route.name] == SIGNED_IN:
        assert verdict(ask(people["nobody"], "GET", path)) == "to the door"
        assert {verdict(ask(client, "GET", path)) for name, client in people.items() if name != "nobody"} == {"in"}
    else:
        assert ask(people["nobody"], "GET", path).status_code in {200, 302, 404}
        assert ask(people["nobody"], "GET", path).headers.get("Location", "") != f"{DOOR}?next={path}"


@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete", "history"])
def test_the_administration_is_open_to_administrators_alone(page: str, people):
    for model in admin.site._registry:
        arguments = [] if page in {"changelist", "add"} else [1]
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)
        said = {name: verdict(ask(client, "GET", path)) for name, client in people.items()}
        assert said.pop("administrator") in {"in", "refused", "not there"}, path
        assert said.pop("nobody") == "in", path  # on to the administration's own address of the door
        assert set(said.values()) == {"not there"}, path
