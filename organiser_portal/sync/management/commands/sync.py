"""``manage.py sync``: fetch here and now."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.core.commands import JsonCommand
from organiser_portal.sync.by_hand import Result, sync_connection
from organiser_portal.sync.command_line import columns, connections_meant, organisation_named
from organiser_portal.sync.faults import INTERNAL
from organiser_portal.sync.limits import REPLAY
from organiser_portal.sync.models import SyncRun

HEADING = ("connection", "listing", "outcome", "seen", "new", "changed", "same", "gone", "rejected", "pages", "seconds")
FIGURES = ("seen", "new", "changed", "same", "gone", "rejected", "pages")
TOLD = (*FIGURES, "requests", "bytes", "promised", "held", "full", "resumed", "error_kind", "request_id")


class Command(JsonCommand):
    help = (
        "Fetch from the providers of an organisation, listing by listing, whether it is due or not. "
        "The exit status is 0 only if every listing was walked to its end and believed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--provider", metavar="KEY", help="Only connections to this provider.")
        parser.add_argument("--connection", type=int, metavar="ID", help="Only this connection.")
        parser.add_argument("--resource", default="", metavar="R", help=f"Only this listing; {REPLAY!r} calls nobody.")
        parser.add_argument("--full", action="store_true", help="Walk everything, and see what is gone.")
        parser.add_argument(
            "--wait",
            type=float,
            default=60.0,
            metavar="SECONDS",
            help="How long to wait for another worker, or for a provider that asks us to wait (default 60).",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        organisation = organisation_named(options["organisation"])
        connections = connections_meant(organisation, options)
        _check_resource(connections, options["resource"])
        show = bool(self.stdout.isatty()) and not self.json
        results = [result for each in connections for result in self._sync(each, options, show=show)]
        failed = [result for result in results if not result.ok]
        rows = columns(HEADING, [_row(result) for result in results])
        reasons = [f"{gateway.connection_name(each.connection)}, {each.resource}: {each.error}" for each in failed]
        error = _error(results, failed)
        facts = {"organisation": organisation.slug, "runs": [_facts(result) for result in results]}
        self.report(facts, [*rows, *reasons], error=error)

    def _sync(self, connection: Connection, options: dict[str, Any], *, show: bool) -> list[Result]:
        with _bar(gateway.connection_name(connection), show=show) as (on_start, on_page):
            results = sync_connection(
                connection,
                resource=options["resource"],
                full=options["full"],
                patience=options["wait"],
                on_start=on_start,
                on_page=on_page,
            )
            return list(results)


def _error(results: list[Result], failed: list[Result]) -> str:
    """In one sentence; with the runs that failed on our side, whose errors are in the log. "" if all is well."""
    if not failed:
        return ""
    ours = [str(each.run.pk) for each in failed if each.run is not None and each.run.error_kind == INTERNAL]
    why = f": on our side, run {', '.join(ours)}" if ours else ""
    return f"{len(failed)} of {len(results)} listings could not be brought up to date{why}."


def _check_resource(connections: list[Connection], resource: str) -> None:
    known = {each.key for connection in connections for each in gateway.face(connection.provider).resources} | {REPLAY}
    if resource and resource not in known:
        raise CommandError(f"There is no listing {resource!r}. There are: {', '.join(sorted(known))}.")


type Reports = tuple[Callable[[str], None] | None, Callable[[SyncRun], None] | None]


def _bar(name: str, *, show: bool) -> AbstractContextManager[Reports]:
    return _Bar(name) if show else nullcontext((None, None))


class _Bar:
    """A line on the terminal that grows with every page."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        )

    def __enter__(self) -> Reports:
        logging.getLogger("providers").setLevel(logging.WARNING)  # each call in the log would tear the line apart
        self._progress.start()
        return self._begin, self._advance

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _begin(self, resource: str) -> None:
        self._task = self._progress.add_task(f"{self._name}, {resource}", total=None)

    def _advance(self, run: SyncRun) -> None:
        total = run.promised if run.promised and run.promised >= run.seen else None
        self._progress.update(self._task, completed=run.seen, total=total)


def _row(result: Result) -> list[object]:
    name, run = gateway.connection_name(result.connection), result.run
    if run is None:
        return [name, result.resource, "not run", *([0] * len(FIGURES)), 0]
    return [name, result.resource, run.outcome, *(getattr(run, figure) for figure in FIGURES), round(_seconds(run))]


def _seconds(run: SyncRun) -> float:
    return ((run.finished_at or run.progressed_at) - run.started_at).total_seconds()


def _facts(result: Result) -> dict[str, object]:
    run = result.run
    facts: dict[str, object] = {
        "connection": result.connection.pk,
        "provider": result.connection.provider,
        "resource": result.resource,
        "ok": result.ok,
        "outcome": run.outcome if run else None,
        "error": result.error,
    }
    if run is None:
        return facts
    return facts | {"run": run.pk, "seconds": _seconds(run), **{name: getattr(run, name) for name in TOLD}}
