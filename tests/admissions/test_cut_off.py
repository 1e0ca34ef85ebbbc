"""The database is cut off while the provider is asked: what it answered is written down all the same."""

from typing import Any

import httpx
import pytest
from django.db import connection as database
from django.db import connections
from django.test import Client

from organiser_portal.admissions.models import Admission, GateAction
from organiser_portal.connections.models import AttemptState
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import AuditRecord
from providers.sandbox.world import Sandbox
from tests.admissions.test_redeem import client, path, send, waiting

__all__ = ["client", "path", "waiting"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite has no line to cut"),
]


class Cutting(httpx.BaseTransport):
    """The sandbox; with every POST of tickets the line to the database is cut, once."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = sandbox.transport()
        self._left = 1

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._inner.handle_request(request)
        if self._left and request.method == "POST" and request.url.path.endswith("/admissions"):
            self._left = 0
            _cut()
        return reply


def _cut() -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
    other.close()


@pytest.fixture
def cutting(sandbox: Sandbox, settings: Any, gate: EventListing) -> None:
    settings.PROVIDER_TRANSPORT = Cutting(sandbox)


@pytest.mark.usefixtures("cutting")
def test_who_was_let_in_is_known_although_the_database_was_away(client: Client, path: str, waiting: list[str]) -> None:
    assert "1 let in, 1 not accepted" in send(client, path, waiting[0], "NOBODY-000000000000")
    action = GateAction.objects.get(verb="redeem")
    assert (action.state, action.admitted, action.refused) == (AttemptState.DONE, 1, 1)
    assert Admission.objects.filter(ticket=waiting[0], steward="Jo").exists()
    assert AuditRecord.objects.filter(action="gates.redeem").count() == 1


@pytest.mark.usefixtures("cutting")
def test_so_is_that_its_answer_was_lost(client: Client, path: str, waiting: list[str], sandbox: Sandbox) -> None:
    sandbox.faults.add("ticketing:status=502,after_write,method=POST,path=admissions")
    sandbox.faults.add("ticketing:status=500,times=forever,method=GET,path=admissions")
    assert "before you do it again" in send(client, path, waiting[0])
    assert GateAction.objects.get(verb="redeem").state == AttemptState.UNKNOWN
