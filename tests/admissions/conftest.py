"""A connection to the sandbox whose events have gates, read once from end to end."""

from typing import Any

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import SyncRun
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.conftest import connected
from tests.sync.world import Clock

CYCLE = ("events", "entries", "admissions", "gate_tokens")


@pytest.fixture
def sandbox(settings: Any) -> Sandbox:
    """The pretended providers, in process; every call of the portal goes there."""
    sandbox = Sandbox(size="s", now=NOW)
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    return sandbox


@pytest.fixture
def connection(organisation: Organisation, sandbox: Sandbox) -> Connection:
    return connected(organisation, sandbox, "ticketing")


@pytest.fixture
def cycle(connection: Connection) -> list[SyncRun | None]:
    """Everything once, in its order."""
    return [sync(connection, key) for key in CYCLE]


@pytest.fixture
def gate(cycle: list[SyncRun | None], connection: Connection) -> EventListing:
    """An event at which some are in and more are not."""
    return EventListing.objects.filter(connection=connection, admissions__isnull=False).distinct().order_by("pk")[0]


def sync(connection: Connection, resource: str) -> SyncRun | None:
    state = SyncState.objects.get(connection=connection, resource=resource)
    return run_state(state.pk, clock=Clock(NOW), by_hand=True)
