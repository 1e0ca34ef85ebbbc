"""A key that goes in never comes out: a canary, and every place it could sing."""

import logging
from collections.abc import Callable

import httpx
import pytest
from django.test import Client
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from organiser_portal.connections import services
from organiser_portal.connections.forms import ConnectionForm
from organiser_portal.connections.models import Connection
from organiser_portal.connections.services import Details
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import AuditRecord, User
from providers.eventrac.client import Eventrac
from providers.sandbox import Sandbox
from tests.connections.conftest import CANARY

pytestmark = pytest.mark.portable

Connect = Callable[..., Connection]
SignIn = Callable[[User], Client]


@pytest.fixture
def canary(sandbox: Sandbox, connect: Connect) -> Connection:
    return connect(key=CANARY)


def test_no_page_shows_it(canary: Connection, owner: User, sign_in: SignIn) -> None:
    client, url = sign_in(owner), "/o/fellgate/connections/"
    for path in ("", "add/", f"{canary.pk}/", f"{canary.pk}/edit/", f"{canary.pk}/rejected/"):
        reply = client.get(url + path)
        assert reply.status_code == 200
        assert CANARY not in reply.content.decode()


def test_no_page_shows_what_was_just_typed(
    sandbox: Sandbox, entered: dict[str, str], owner: User, sign_in: SignIn
) -> None:
    client, url = sign_in(owner), "/o/fellgate/connections/add/eventrac/"
    refused = client.post(url, entered | {"secret_api_key": CANARY, "setting_pace": "fast"})
    saved = client.post(url, entered | {"secret_api_key": CANARY}, follow=True)
    assert refused.status_code == 422
    assert CANARY not in refused.content.decode() + saved.content.decode()


@pytest.mark.postgresql
def test_nothing_that_is_printed_shows_it(canary: Connection, entered: dict[str, str]) -> None:
    form = ConnectionForm(
        entered | {"secret_api_key": CANARY}, organisation=canary.organisation, provider=Eventrac, connection=canary
    )
    assert form.is_valid()
    for each in (canary, canary.secrets(), form, form.cleaned_data, form.details(), vars(canary)):
        assert CANARY not in repr(each)


def test_the_log_does_not_show_it(canary: Connection, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        services.test_connection(connection=canary, actor=None, now=canary.created_at)
    assert "eventrac" in caplog.text
    assert CANARY not in caplog.text


def test_the_audit_trail_does_not_show_it(canary: Connection) -> None:
    assert CANARY not in str(list(AuditRecord.objects.values()))


class Broken(httpx.BaseTransport):
    """A mistake of ours, deep down."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError


@pytest.mark.parametrize("debug", [False, True])
def test_no_error_page_shows_it(
    entered: dict[str, str], owner: User, sign_in: SignIn, settings: Settings, debug: bool
) -> None:
    """With DEBUG on, the page prints what was sent and the variables of every frame."""
    settings.DEBUG = debug
    settings.PROVIDER_TRANSPORT = Broken()
    client = sign_in(owner)
    client.raise_request_exception = False
    reply = client.post("/o/fellgate/connections/add/eventrac/", entered | {"secret_api_key": CANARY})
    html = reply.content.decode()
    assert reply.status_code == 500
    assert ("ZeroDivisionError" in html) is debug
    assert CANARY not in html


def test_no_report_to_an_operator_shows_it(canary: Connection, settings: Settings) -> None:
    settings.PROVIDER_TRANSPORT = Broken()
    try:
        services.test_connection(connection=canary, actor=None, now=canary.created_at)
    except ZeroDivisionError as error:
        reporter = ExceptionReporter(None, type(error), error, error.__traceback__)
        report = reporter.get_traceback_html() + reporter.get_traceback_text()
    assert "ZeroDivisionError" in report
    assert CANARY not in report


def test_details_print_names_only() -> None:
    assert "api_key" in repr(Details(credentials=Secrets(api_key=CANARY)))
    assert CANARY not in repr(Details(credentials=Secrets(api_key=CANARY)))
