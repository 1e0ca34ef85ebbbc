"""The broker and who listens to it, asked with little patience."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

PATIENCE = 2  # seconds
AWAY = "Does not answer. See that it runs and that CELERY_BROKER_URL is right."


class BrokerTrouble(Exception):
    """The broker cannot be used. ``str()`` is a sentence with what to do."""


def try_broker() -> None:
    """Raises BrokerTrouble."""
    try:
        with _link() as link:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except Exception as error:  # each kind of broker has errors of its own
        raise BrokerTrouble(_told(error)) from None


def broker_answers() -> bool:
    try:
        try_broker()
    except BrokerTrouble:
        return False
    return True


def listeners(*, patience: float = PATIENCE) -> Mapping[str, int]:
    """Queue → how many workers say within so many seconds that they listen to it. Raises BrokerTrouble."""
    try:
        with _link() as link:
            answers = current_app.control.inspect(timeout=patience, connection=link).active_queues() or {}
    except Exception as error:
        raise BrokerTrouble(_told(error)) from None
    return dict(Counter(queue["name"] for queues in answers.values() for queue in queues or ()))


@contextmanager
def _link() -> Iterator[Connection]:
    """Each kind of broker has a name of its own for how long it may take to say something."""
    patience = dict.fromkeys(("socket_timeout", "socket_connect_timeout", "read_timeout", "write_timeout"), PATIENCE)
    url = settings.CELERY_BROKER_URL
    with current_app.connection_for_read(url, connect_timeout=PATIENCE, transport_options=patience) as link:
        yield link


def _told(error: Exception) -> str:
    """Never its text, which may hold the address with its password."""
    if isinstance(error, OperationalError | OSError):
        return AWAY
    reason = type(error).__name__
    return f"Turns us away ({reason}). See that user, password and virtual host in CELERY_BROKER_URL are right."
