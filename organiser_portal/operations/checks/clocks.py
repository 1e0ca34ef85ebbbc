"""Whether our clock can be trusted. Who is due and whose lease has run out is decided by it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from organiser_portal.connections.gateway import connection_name
from organiser_portal.connections.models import Connection
from organiser_portal.operations.checks.finding import Finding, asks_the_database, bad, good, notice

NAME = "clock"
MOST = timedelta(seconds=5)
MOST_OF_A_PROVIDER = timedelta(seconds=60)
FACT = "Their clock"  # as a test of a connection notes it
DIFFERENCE = re.compile(r"([+-]\d+) s\b")


@asks_the_database(NAME)
def agree_with_the_database(_: datetime) -> Iterator[Finding]:
    """Worker, web and database may be on different machines."""
    if connection.vendor != "postgresql":
        yield good(NAME, "The database has none of its own.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    yield compared(theirs.astimezone(UTC) - timezone.now())


def compared(difference: timedelta) -> Finding:
    """``difference``: the database's clock less ours."""
    seconds = difference.total_seconds()
    if abs(difference) > MOST:
        return bad(NAME, f"The database's clock is {seconds:+.0f} s from ours. Have both machines set theirs by NTP.")
    return good(NAME, "Agrees with the database's.")


@asks_the_database(NAME)
def agree_with_the_providers(_: datetime) -> Iterator[Finding]:
    """As each said when it was last tested; not all say."""
    for each in Connection.objects.exclude(account={}).defer("sealed_credentials", "learned"):
        difference = _difference(each)
        if difference is not None and abs(difference) > MOST_OF_A_PROVIDER:
            yield notice(
                NAME,
                f"{connection_name(each)} (connection {each.pk}) was {difference.total_seconds():+.0f} s from our "
                "clock when it was last tested. If others are too, have this machine set its clock by NTP.",
            )


def _difference(each: Connection) -> timedelta | None:
    facts = dict(fact for fact in each.account.get("facts", ()) if len(fact) == 2)
    found = DIFFERENCE.match(str(facts.get(FACT, "")))
    return timedelta(seconds=int(found[1])) if found else None
