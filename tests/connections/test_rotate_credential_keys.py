"""``manage.py rotate_credential_keys``."""

import io
import json
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from organiser_portal.connections.models import Connection
from organiser_portal.core.encryption import CannotDecrypt

Connect = Callable[..., Connection]


@pytest.fixture
def new_key() -> str:
    return Fernet.generate_key().decode()


def test_everything_opens_with_the_new_key_alone(connect: Connect, settings: Settings, new_key: str) -> None:
    for number in range(3):
        connect(label=f"{number}", key=f"secret {number}")
    settings.CREDENTIAL_KEYS = [new_key, *settings.CREDENTIAL_KEYS]
    out = io.StringIO()
    call_command("rotate_credential_keys", stdout=out)
    assert "3 of 3 credentials are under the newest key now." in out.getvalue()
    settings.CREDENTIAL_KEYS = [new_key]
    opened = [connection.secrets()["api_key"] for connection in Connection.objects.order_by("pk")]
    assert opened == ["secret 0", "secret 1", "secret 2"]


def test_twice_is_once(connect: Connect, settings: Settings, new_key: str) -> None:
    connect()
    settings.CREDENTIAL_KEYS = [new_key, *settings.CREDENTIAL_KEYS]
    call_command("rotate_credential_keys", stdout=io.StringIO())
    call_command("rotate_credential_keys", stdout=io.StringIO())
    settings.CREDENTIAL_KEYS = [new_key]
    assert Connection.objects.get().secrets()["api_key"]


def test_a_value_that_no_key_opens_is_named_and_the_others_are_done(
    connect: Connect, settings: Settings, new_key: str
) -> None:
    lost = connect(label="lost")
    settings.CREDENTIAL_KEYS = [new_key]
    fine = connect(label="fine")
    out = io.StringIO()
    with pytest.raises(CommandError, match=f"connection {lost.pk} cannot be opened"):
        call_command("rotate_credential_keys", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["rotated"], answer["unreadable"]) == (False, 1, [lost.pk])
    assert Connection.objects.get(pk=fine.pk).secrets()["api_key"]
    with pytest.raises(CannotDecrypt):
        Connection.objects.get(pk=lost.pk).secrets()
