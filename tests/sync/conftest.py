"""A connection to the programmed provider, and one to the sandbox."""

from collections.abc import Callable
from typing import Any

import pytest

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import Organisation
from providers import registry
from tests.conftest import NOW
from tests.sync.world import Clock, Listless, Programmed, Script


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """What the programmed provider will do; it is known to the portal while the test runs."""
    fresh = Script()
    for kind in (Programmed, Listless):
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
