"""Who may open what: every address of the portal for every person.

An address that is in neither table fails the suite by name, until somebody has said who may open it.
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

VIEWER, EDITOR, MANAGER, OWNER = Role
ANYBODY, SIGNED_IN = "anybody", "signed in"

# Pages of an organisation: the least role, and the methods they answer. HEAD goes with GET.
EXPECTED: dict[str, tuple[Role, str]] = {
    "console:audit-list": (MANAGER, "GET"),
    "console:home": (VIEWER, "GET"),
    "console:counts": (VIEWER, "GET"),
    "console:view-counts": (VIEWER, "GET"),
    "console:search": (VIEWER, "GET"),
    "console:keys": (VIEWER, "GET"),
    "events:event-list": (VIEWER, "GET"),
    "events:event-detail": (VIEWER, "GET"),
    "events:event-change": (MANAGER, "GET POST"),
    "events:event-last-claims": (MANAGER, "POST"),
    "events:race-list": (VIEWER, "GET"),
    "events:race-detail": (VIEWER, "GET"),
    "events:race-licence": (MANAGER, "POST"),
    "events:race-link": (MANAGER, "GET POST"),
    "events:race-split": (MANAGER, "POST"),
    "participants:entry-list": (VIEWER, "GET"),
    "participants:entry-detail": (VIEWER, "GET"),
    "participants:entry-push-state": (VIEWER, "GET"),
    "participants:entry-export": (EDITOR, "GET"),
    "participants:entry-add": (EDITOR, "GET POST"),
    "participants:entry-place-fields": (EDITOR, "POST"),
    "participants:entry-edit": (EDITOR, "GET POST"),
    "participants:bulk-choose": (EDITOR, "GET"),
    "participants:bulk": (EDITOR, "GET POST"),
    "participants:batch-list": (EDITOR, "GET"),
    "participants:batch-detail": (EDITOR, "GET"),
    "participants:batch-result": (EDITOR, "GET"),
    "participants:batch-stop": (EDITOR, "POST"),
    "participants:batch-undo": (EDITOR, "POST"),
    "participants:import-list": (MANAGER, "GET POST"),
    "participants:import-detail": (MANAGER, "GET"),
    "participants:import-columns": (MANAGER, "GET POST"),
    "participants:import-commit": (MANAGER, "POST"),
    "participants:import-stop": (MANAGER, "POST"),
    "participants:import-undo": (MANAGER, "POST"),
    "participants:import-drop": (MANAGER, "POST"),
    "participants:import-result": (MANAGER, "GET"),
    "participants:entry-settle": (EDITOR, "POST"),
    "participants:entry-undo": (EDITOR, "POST"),
    "participants:entry-notes": (EDITOR, "POST"),
    "participants:entry-discard": (EDITOR, "POST"),
    "participants:entry-conflict": (EDITOR, "GET POST"),
    "participants:conflict-list": (VIEWER, "GET"),
    "participants:conflict-settle": (MANAGER, "GET POST"),
    "participants:settlement-detail": (VIEWER, "GET"),
    "participants:settlement-undo": (MANAGER, "POST"),
    "participants:conflict-rules": (OWNER, "GET POST"),
    "participants:race-pictures": (VIEWER, "GET"),
    "participants:application-list": (VIEWER, "GET"),
    "participants:application-detail": (VIEWER, "GET"),
    "saved_views:usual": (VIEWER, "GET"),
    "saved_views:view-keep": (VIEWER, "POST"),
    "saved_views:view-open": (VIEWER, "GET"),
    "saved_views:view-change": (VIEWER, "GET POST"),
    "saved_views:view-question": (VIEWER, "POST"),
    "saved_views:view-remove": (VIEWER, "POST"),
    "partners:race-places": (VIEWER, "GET"),
    "partners:partner-list": (VIEWER, "GET"),
    "partners:partner-list-export": (VIEWER, "GET"),
    "partners:remind": (MANAGER, "GET POST"),
    "partners:release": (MANAGER, "GET POST"),
    "partners:partner-detail": (VIEWER, "GET"),
    "partners:partner-export": (EDITOR, "GET"),
    "partners:partner-add": (MANAGER, "GET POST"),
    "partners:partner-do": (MANAGER, "GET POST"),
    "partners:campaign-list": (VIEWER, "GET"),
    "partners:campaign-add": (MANAGER, "GET POST"),
    "partners:link-picture": (MANAGER, "GET"),
    "partners:campaign-detail": (VIEWER, "GET"),
    "partners:campaign-race": (MANAGER, "POST"),
    "partners:campaign-do": (MANAGER, "GET POST"),
    "partners:group-list": (VIEWER, "GET"),
    "partners:own-group-event": (MANAGER, "GET"),
    "partners:own-group-add": (MANAGER, "GET POST"),
    "partners:group-event": (MANAGER, "GET"),
    "partners:group-add": (MANAGER, "GET POST"),
    "partners:group-do": (MANAGER, "GET POST"),
    "admissions:gate-list": (VIEWER, "GET"),
    "admissions:gate-detail": (VIEWER, "GET"),
    "admissions:redeem": (EDITOR, "GET POST"),
    "admissions:token-list": (MANAGER, "GET"),
    "admissions:token-issue": (MANAGER, "GET POST"),
    "admissions:token-card": (MANAGER, "GET"),
    "admissions:token-edit": (MANAGER, "GET POST"),
    "admissions:token-revoke": (MANAGER, "GET POST"),
    "connections:connection-list": (VIEWER, "GET"),
    "connections:connection-detail": (VIEWER, "GET"),
    "connections:connection-abilities": (VIEWER, "GET"),
    "connections:contract-watch": (OWNER, "GET"),
    "connections:contract-understood": (OWNER, "POST"),
    "connections:contract-all-understood": (OWNER, "POST"),
    "connections:connection-add": (OWNER, "GET"),
    "connections:connection-new": (OWNER, "GET POST"),
    "connections:connection-edit": (OWNER, "GET POST"),
    "connections:connection-test": (OWNER, "POST"),
    "connections:connection-pause": (OWNER, "POST"),
    "connections:connection-resume": (OWNER, "POST"),
    "connections:connection-mapping": (OWNER, "GET POST"),
    "connections:rejected-list": (VIEWER, "GET"),
    "connections:rejected-detail": (OWNER, "GET"),
    "sync:freshness": (VIEWER, "GET"),
    "sync:progress": (VIEWER, "GET"),
    "sync:sync-now": (EDITOR, "POST"),
    "sync:sync-stop": (EDITOR, "POST"),
    "sync:push-now": (EDITOR, "POST"),
    "sync:run-list": (VIEWER, "GET"),
    "sync:run-detail": (VIEWER, "GET"),
    "sync:run-accept": (MANAGER, "POST"),
    "sync:completeness": (VIEWER, "GET"),
    "sync:outbound-list": (VIEWER, "GET"),
    "sync:outbound-detail": (VIEWER, "GET"),
    "sync:outbound-retry": (EDITOR, "POST"),
    "sync:outbound-discard": (EDITOR, "POST"),
    "sync:outbound-undo": (EDITOR, "POST"),
    "organisations:member-list": (VIEWER, "GET"),
    "organisations:member-detail": (OWNER, "GET"),
    "organisations:member-role": (OWNER, "POST"),
    "organisations:member-sensitive": (OWNER, "POST"),
    "organisations:member-remove": (OWNER, "POST"),
    "organisations:invite": (OWNER, "GET POST"),
    "organisations:invitation-resend": (OWNER, "POST"),
    "organisations:invitation-revoke": (OWNER, "POST"),
}
# Pages of nobody's organisation.
ELSEWHERE = {
    "organisations:choose": SIGNED_IN,
    "organisations:invitation-open": ANYBODY,
    "organisations:invitation-accept": ANYBODY,  # whoever holds the token; tested with the invitations
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_signup": ANYBODY,  # says that it is closed
    "account_email_verification_sent": ANYBODY,
    "account_confirm_email": ANYBODY,
    "account_confirm_login_code": ANYBODY,
    "account_reset_password": ANYBODY,
    "account_reset_password_done": ANYBODY,
    "account_reset_password_from_key": ANYBODY,
    "account_reset_password_from_key_done": ANYBODY,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,  # shadowed by the next
    "organisations:own-address": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "operations:metrics": ANYBODY,  # who brings the token; tested with the operations
}
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
