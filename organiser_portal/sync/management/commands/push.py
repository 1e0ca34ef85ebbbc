"""``manage.py push``: send what waits, here and now."""

from collections import Counter
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, Standing
from organiser_portal.core.commands import JsonCommand
from organiser_portal.sync import push
from organiser_portal.sync.asking import send_all_now
from organiser_portal.sync.by_hand import not_at_work
from organiser_portal.sync.command_line import columns, connections_meant, organisation_named
from organiser_portal.sync.faults import OUR_MISTAKE
from organiser_portal.sync.quiet import asked_to_wait
from organiser_portal.sync.settle import End

HEADING = ("connection", "standing", "why", *(end.value for end in End), "left")


class Command(JsonCommand):
    help = (
        "Send the added and edited entries of an organisation that wait for a provider, whatever put them off. "
        "The exit status is 0 only if everything that waited is confirmed: 1 if something was refused, needs a "
        "person, is unknown, or could not be sent. What was refused before counts no more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--provider", metavar="KEY", help="Only connections to this provider.")
        parser.add_argument("--connection", type=int, metavar="ID", help="Only this connection.")

    def handle(self, *_args: Any, **options: Any) -> None:
        organisation = organisation_named(options["organisation"])
        drained = [self._drain(each) for each in connections_meant(organisation, options)]
        ends = sum((Counter(each["ends"]) for each in drained), Counter[str]())
        left = sum(each["left"] for each in drained)
        undone = sum(ends.values()) - ends[End.CONFIRMED.value]
        error = f"{undone} refused, unknown or put off; {left} still waiting." if undone or left else ""
        facts = {"organisation": organisation.slug, "ends": dict(ends), "left": left, "connections": drained}
        rows = columns(HEADING, [_row(each) for each in drained])
        reasons = [f"{each['name']}: {text}" for each in drained for text in each["messages"]]
        self.report(facts, [*rows, *reasons], error=error)

    def _drain(self, connection: Connection) -> dict[str, Any]:
        ends: Counter[str] = Counter()
        waiting = send_all_now(connection, now=timezone.now())
        mistake = ""
        if connection.standing == Standing.WORKING:
            ends, mistake = _sent(connection)
            connection.refresh_from_db()
        rows = OutboundChange.objects.filter(connection=connection)
        wait = asked_to_wait(connection, now=timezone.now()) if waiting else ""
        resting = connection.standing != Standing.WORKING
        return {
            "connection": connection.pk,
            "provider": connection.provider,
            "name": gateway.connection_name(connection),
            "standing": connection.standing,
            "error": not_at_work(connection) if waiting and resting else mistake or wait,
            "ends": dict(ends),
            "left": rows.under_way().count(),
            "messages": _messages(connection),
        }


def _sent(connection: Connection) -> tuple[Counter[str], str]:
    """How it ended, and a sentence if it broke off on our side; which error it was is in the log."""
    try:
        return push.drain(connection.pk), ""
    except Exception:
        return Counter(), OUR_MISTAKE


def _messages(connection: Connection) -> list[str]:
    """The reasons, each once."""
    rows = OutboundChange.objects.filter(connection=connection).exclude(message="").exclude(state=End.CONFIRMED.value)
    return list(rows.under_way().order_by().values_list("message", flat=True).distinct()) + list(
        rows.need_a_person().order_by().values_list("message", flat=True).distinct()
    )


def _row(drained: dict[str, Any]) -> list[object]:
    counts = [drained["ends"].get(end.value, 0) for end in End]
    return [drained["name"], drained["standing"], drained["error"], *counts, drained["left"]]
