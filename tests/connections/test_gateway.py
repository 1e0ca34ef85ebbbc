"""Opening a provider for a connection."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.connections.templatetags.connections import provider
from organiser_portal.core.encryption import _fernet
from providers.errors import AddressRefused, CredentialsRejected, NotFound
from providers.sandbox import Sandbox

Connect = Callable[..., Connection]
OTHER_KEY = "b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktMTI="


def test_a_served_sandbox_is_called_over_real_http(connect: Connect) -> None:
    sandbox = Sandbox(size="empty")
    with sandbox.serve():
        connection = connect(base_url=sandbox.base_url("eventrac"))
        assert gateway.check_connection(connection).name == "Organiser 20417"


def test_what_the_client_learned_is_kept_and_nothing_else_is_written(sandbox: Sandbox, connect: Connect) -> None:
    connection = connect()
    Connection.objects.update(label="changed meanwhile")
    with gateway.open_provider(connection) as client:
        client.learned["path"] = "/participants"
    kept = Connection.objects.get()
    assert (kept.learned, kept.label) == ({"path": "/participants"}, "changed meanwhile")


def test_what_two_have_learned_at_the_same_time_is_kept_of_both(sandbox: Sandbox, connect: Connect) -> None:
    connection = connect()
    Connection.objects.update(learned={"old": "1"})
    walk, page = Connection.objects.get(), Connection.objects.get()
    with gateway.open_provider(walk) as client:
        client.learned["path"] = "/participants"
        del client.learned["old"]
        with gateway.open_provider(page) as other:
            other.learned["envelope"] = "bare"
            other.keep()
            assert Connection.objects.get().learned == {"old": "1", "envelope": "bare"}
    connection.refresh_from_db()
    assert connection.learned == {"path": "/participants", "envelope": "bare"}


def learn_and_fail(connection: Connection) -> None:
    with gateway.open_provider(connection) as client:
        client.learned["path"] = "/participants"
        raise NotFound("gone")


def test_what_was_learned_before_a_failure_is_kept_too(sandbox: Sandbox, connect: Connect) -> None:
    connection = connect()
    with pytest.raises(NotFound):
        learn_and_fail(connection)
    assert Connection.objects.get().learned == {"path": "/participants"}


def test_nothing_is_sent_to_an_address_that_is_not_permitted(
    sandbox: Sandbox, connect: Connect, settings: Settings
) -> None:
    settings.PROVIDER_SANDBOX = False
    connection = connect(base_url="https://93.184.215.14/v3")
    with pytest.raises(AddressRefused):
        gateway.check_connection(connection)
    assert sandbox.calls() == []


def test_credentials_that_no_key_opens_are_rejected_in_a_sentence(
    sandbox: Sandbox, connect: Connect, settings: Settings
) -> None:
    connection = connect()
    settings.CREDENTIAL_KEYS = [OTHER_KEY]
    with pytest.raises(CredentialsRejected, match="cannot be opened"):
        gateway.check_connection(connection)
    _fernet.cache_clear()


def test_an_unknown_key_has_a_neutral_face() -> None:
    face = provider("gonesince")
    assert (face.label, face.mark, face.capabilities.add_entry) == ("gonesince", "go", False)


def test_an_unknown_key_is_named_with_those_there_are() -> None:
    with pytest.raises(gateway.UnknownProvider, match=r"'nobody'.*eventrac, letsdothis"):
        gateway.provider_class("nobody")
