"""Both providers in process, and what it takes to connect to them."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from organiser_portal.connections import services
from organiser_portal.connections.models import Connection
from organiser_portal.connections.services import Details
from organiser_portal.core.encryption import Secrets
from organiser_portal.organisations.models import Organisation
from providers.sandbox import DEMO_KEYS, Sandbox
from tests.conftest import NOW

CANARY = "c4nary-0f-the-k3y-9d1e"
ORGANISER = "20417"
POLLING = {"every_usual": "240", "every_race_week": "15", "every_race_day": "1"}


@pytest.fixture
def sandbox(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Stands in for the providers' own hosts; nobody waits between two tries."""
    sandbox = Sandbox(size="s", now=NOW)
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return sandbox


@pytest.fixture
def entered() -> dict[str, str]:
    """What an owner types to connect to eventrac."""
    return {
        "label": "",
        "secret_api_key": DEMO_KEYS["eventrac"],
        "setting_organiser_id": ORGANISER,
        "setting_bulk_path": "auto",
        "setting_pace": "2",
        **POLLING,
    }


@pytest.fixture
def connect(organisation: Organisation) -> Callable[..., Connection]:
    """A connection as the services make it, not yet tested; ``key`` and ``settings`` as wished."""

    def make(provider: str = "eventrac", *, key: str = "", **values: Any) -> Connection:
        plain = values.pop("settings", {"organiser_id": ORGANISER} if provider == "eventrac" else {})
        details = Details(settings=plain, credentials=Secrets(api_key=key or DEMO_KEYS[provider]), **values)
        return services.create_connection(
            organisation=organisation, provider=provider, details=details, actor=None, now=NOW
        )

    return make


@pytest.fixture
def working(sandbox: Sandbox, connect: Callable[..., Connection]) -> Connection:
    """A connection to eventrac that was tested and found good."""
    connection = connect()
    assert services.test_connection(connection=connection, actor=None, now=NOW).accepted
    return connection


@pytest.fixture
def htmx() -> dict[str, str]:
    return {"HX-Request": "true"}


def page(client: Client, url: str) -> str:
    """What a person would be shown."""
    return client.get(url).content.decode()
