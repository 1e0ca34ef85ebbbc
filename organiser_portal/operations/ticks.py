"""The clock's own pulse: a row that is written once a minute by whichever worker was handed the tick."""

from datetime import datetime, timedelta

from organiser_portal.operations.broker import BrokerTrouble, listeners
from organiser_portal.operations.models import Tick

PAUSE = timedelta(minutes=5)
ONLY = 1  # there is one row


def note(*, now: datetime) -> None:
    """A tick. After a pause the steady time begins anew."""
    last = latest()
    steady = last is not None and now - last.at <= PAUSE
    since = last.steady_since if last is not None and steady else now
    Tick.objects.update_or_create(pk=ONLY, defaults={"at": now, "steady_since": since, "workers": _workers()})


def latest() -> Tick | None:
    return Tick.objects.filter(pk=ONLY).first()


def _workers() -> dict[str, int]:
    try:
        return dict(listeners(patience=1.0))
    except BrokerTrouble:
        return {}
