"""The connections of all organisations, and whether their owners hear of what is wrong."""

from collections.abc import Iterator
from datetime import datetime

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import Connection, Standing
from organiser_portal.core.wording import age
from organiser_portal.operations.checks.finding import Finding, asks_the_database, bad, good, notice
from organiser_portal.operations.models import Alarm, Letter

NAMED = 20


@asks_the_database("connections")
def are_fresh(now: datetime) -> Iterator[Finding]:
    """Those with an open alarm, and those that wait for their owner."""
    found = [*_stale(now), *_parked()]
    working = Connection.objects.at_work().count()
    yield from found[:NAMED] or [good("connections", f"{working} at work, none of them stale.")]
    if len(found) > NAMED:
        yield bad("connections", f"{len(found) - NAMED} more are not well. The metrics have them all.")


def _stale(now: datetime) -> Iterator[Finding]:
    alarms = Alarm.objects.filter(cleared_at=None).select_related("connection__organisation").order_by("since")
    for alarm in alarms[: NAMED + 1]:
        yield bad("connections", f"{_named(alarm.connection)} is stale, {age(alarm.since, now)} old. {alarm.sentence}")


def _parked() -> Iterator[Finding]:
    alarmed = Alarm.objects.filter(cleared_at=None).values("connection_id")
    parked = Connection.objects.filter(standing=Standing.NEEDS_ATTENTION).exclude(pk__in=alarmed)
    for each in parked.select_related("organisation").order_by("standing_since")[: NAMED + 1]:
        yield bad(
            "connections", f"{_named(each)} waits for its owner. {each.standing_reason or 'It has to be tested.'}"
        )


@asks_the_database("e-mail")
def letters_go_out(_: datetime) -> Iterator[Finding]:
    unsent = Letter.objects.filter(sent_at=None, tries__gt=0, alarm__cleared_at=None)
    given_up = unsent.filter(due_at=None).count()
    waiting = unsent.filter(due_at__isnull=False).count()
    if given_up or waiting:
        yield notice(
            "e-mail",
            f"{waiting} letters about stale sources are tried again, {given_up} were given up. See that the mail "
            "server of EMAIL_URL takes our mail.",
        )
    else:
        yield good("e-mail", "No letter has failed.")


def _named(each: Connection) -> str:
    return f"{connection_name(each)} of {each.organisation.slug} (connection {each.pk})"
