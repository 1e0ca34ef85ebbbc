"""The broker and who listens to it, asked with little patience."""

from collections import Counter
from collections.abc import Mapping

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

PATIENCE = 2  # seconds

Unreachable = (OperationalError, OSError)


def broker_answers() -> bool:
    try:
        url = settings.CELERY_BROKER_URL
        with current_app.connection_for_read(url, connect_timeout=PATIENCE) as link:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except Unreachable:
        return False
    return True


def listeners(*, patience: float = PATIENCE) -> Mapping[str, int]:
    """Queue → how many workers say within so many seconds that they listen to it. Raises what is in `Unreachable`."""
    answers = current_app.control.inspect(timeout=patience).active_queues() or {}
    return dict(Counter(queue["name"] for queues in answers.values() for queue in queues or ()))
