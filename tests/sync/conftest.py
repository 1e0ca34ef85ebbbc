"""Connections to the programmed provider, and to the sandbox."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from celery.signals import before_task_publish

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import Organisation
from providers import registry
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.world import Clock, CountedOff, Listless, Programmed, Script


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """What the programmed provider will do; it is known to the portal while the test runs."""
    fresh = Script()
    for kind in (Programmed, Listless, CountedOff):
        monkeypatch.setitem(registry.PROVIDERS, kind.key, kind)  # type: ignore[arg-type]
        monkeypatch.setattr(kind, "script", fresh)
    return fresh


@pytest.fixture
def new_connection(organisation: Organisation, script: Script) -> Callable[..., Connection]:
    def make(provider: str = "programmed", **values: Any) -> Connection:
        values = {"organisation": organisation, "standing": Standing.WORKING, **values}
        connection = Connection.objects.create(provider=provider, **values)
        for resource in registry.PROVIDERS[provider].resources:
            SyncState.objects.create(connection=connection, resource=resource.key, due_at=NOW)
        return connection

    return make


@pytest.fixture
def connection(new_connection: Callable[..., Connection]) -> Connection:
    return new_connection()


@pytest.fixture
def entries(connection: Connection) -> SyncState:
    """Where we are with the entries of the connection."""
    return SyncState.objects.get(connection=connection, resource="entries")


@pytest.fixture
def races(connection: Connection) -> SyncState:
    return SyncState.objects.get(connection=connection, resource="races")


@pytest.fixture
def sandbox(settings: Any) -> Sandbox:
    """The pretended providers, in process; every call of the portal goes there."""
    sandbox = Sandbox(size="s", now=NOW)
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    return sandbox


@pytest.fixture
def eventrac(organisation: Organisation, sandbox: Sandbox) -> Connection:
    """A working connection to the sandbox's eventrac."""
    return connected(organisation, sandbox, "eventrac")


@pytest.fixture
def letsdothis(organisation: Organisation, sandbox: Sandbox) -> Connection:
    """A working connection to the sandbox's Let's Do This; nothing fetched yet."""
    return connected(organisation, sandbox, "letsdothis")


def connected(organisation: Organisation, sandbox: Sandbox, key: str) -> Connection:
    """A connection to the sandbox, with its own key and no pace to keep."""
    provider = registry.PROVIDERS[key]
    connection = Connection(
        organisation=organisation,
        provider=key,
        base_url=sandbox.base_url(key),
        settings={**sandbox.site(key).demo_settings, "pace": "999"},
        standing=Standing.WORKING,
    )
    connection.seal({field.name: sandbox.site(key).demo_key for field in provider.connection_fields if field.secret})
    connection.save()
    for resource in provider.resources:
        SyncState.objects.create(connection=connection, resource=resource.key, due_at=NOW)
    return connection


@pytest.fixture
def handed_out() -> Iterator[list[dict[str, int]]]:
    """The arguments of every task that was put into the queue."""
    sent: list[dict[str, int]] = []

    def note(body: tuple[object, dict[str, int], object], **_: object) -> None:
        sent.append(body[1])

    before_task_publish.connect(note, weak=False)
    yield sent
    before_task_publish.disconnect(note)
    current_app.control.purge()


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is stored by itself: of two in one batch, what both name counts once."""
    monkeypatch.setattr("organiser_portal.sync.reader.MOST_AT_ONCE", 1)
