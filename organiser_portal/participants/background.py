"""Work handed to a worker at once. Where no broker can be told, the minute's look at what is left does it."""

from celery import current_app
from kombu.exceptions import OperationalError


def hand_out(task: str, **arguments: int) -> None:
    """Send the task by its name; a broker that is away is no reason to fail."""
    try:
        current_app.send_task(task, kwargs=arguments, retry=False)
    except OperationalError:
        return
