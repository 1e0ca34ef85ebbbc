"""A connection to the sandbox that has partners and places, and nothing fetched yet."""

from typing import Any

import pytest

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.conftest import connected


@pytest.fixture
def sandbox(settings: Any) -> Sandbox:
    """The pretended providers, in process; every call of the portal goes there."""
    sandbox = Sandbox(size="s", now=NOW)
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    return sandbox


@pytest.fixture
def connection(organisation: Organisation, sandbox: Sandbox) -> Connection:
    return connected(organisation, sandbox, "letsdothis")
