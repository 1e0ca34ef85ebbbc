"""Broker, beat and workers: whether what is due gets done."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings

from organiser_portal.core.wording import age, span
from organiser_portal.operations import figures, ticks
from organiser_portal.operations.broker import BrokerTrouble, broker_answers, listeners, try_broker
from organiser_portal.operations.checks.finding import Finding, asks_the_database, bad, good, notice
from organiser_portal.operations.models import Tick
from organiser_portal.sync.lanes import Lane

MISSED = timedelta(minutes=3)  # three ticks
BEHIND = timedelta(minutes=15)


def broker_is_there(_: datetime) -> Iterator[Finding]:
    if _in_process():
        yield good("broker", "Lives inside manage.py serve, which does all the work by itself.")
        return
    try:
        try_broker()
        yield good("broker", "Answers.")
    except BrokerTrouble as trouble:
        yield bad("broker", str(trouble))


@asks_the_database("beat")
def clock_ticks(now: datetime) -> Iterator[Finding]:
    tick = ticks.latest()
    if tick is None:
        yield bad("beat", f"The clock has never ticked, so nothing is fetched by itself. {_have_it_tick()}")
    elif tick.at - now > MISSED:
        yield bad(
            "beat",
            f"The clock last ticked {span(tick.at - now)} from now: the machine of the worker, or this one, is wrong "
            "about the time. Have both set theirs by NTP.",
        )
    elif now - tick.at > MISSED:
        yield bad("beat", f"The clock last ticked {age(tick.at, now)} ago, so nothing is fetched. {_have_it_tick()}")
    else:
        yield good("beat", f"Ticks, without a pause for {span(now - tick.steady_since)}.")


@asks_the_database("workers")
def every_queue_is_listened_to(now: datetime) -> Iterator[Finding]:
    """Asked of the workers themselves; where they live in another process, of the last tick."""
    try:
        found = _of_last_tick(ticks.latest(), now) if _in_process() else listeners()
    except BrokerTrouble:
        yield bad("workers", "They could not be asked. See to the broker first.")
        return
    missing = [lane.value for lane in Lane if not found.get(lane)]
    if missing:
        yield bad("workers", f"Nobody listens to: {', '.join(missing)}. {_start(f'worker -Q {",".join(missing)}')}")
    else:
        yield good("workers", f"Every queue is listened to ({', '.join(f'{lane} {found[lane]}' for lane in Lane)}).")


@asks_the_database("backlog")
def keep_up(now: datetime) -> Iterator[Finding]:
    late = timedelta(seconds=max((each.lateness for each in figures.listings(now)), default=0.0))
    unsent = figures.longest_unsent(now)
    if late > BEHIND:
        yield notice(
            "backlog", f"Something has been due for {span(late)}. Start more workers, or see why they are slow."
        )
    if unsent > BEHIND:
        yield notice("backlog", f"An edit could have been sent {span(unsent)} ago. See to the workers of queue push.")
    if max(late, unsent) <= BEHIND:
        yield good("backlog", "Nothing waits long.")


def _of_last_tick(tick: Tick | None, now: datetime) -> Mapping[str, int]:
    return tick.workers if tick is not None and now - tick.at <= MISSED else {}


def _in_process() -> bool:
    return bool(settings.CELERY_BROKER_URL.startswith("memory:"))


def _have_it_tick() -> str:
    if not _in_process() and not broker_answers():
        return "It cannot without a broker: see to that first."
    return _start("beat")


def _start(what: str) -> str:
    return "Start manage.py serve." if _in_process() else f"Start celery -A organiser_portal {what}."
