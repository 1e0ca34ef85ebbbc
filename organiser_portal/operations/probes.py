"""Whether this process lives, and whether it can do its work: for whoever decides where to send requests.

Pages open, edits are kept and people sign in without broker and cache. All processes miss those at once: were they sent
no requests for it, nobody would see anything.

A middleware and no page: a probe comes by address instead of by name, without TLS and without a session, and "does it
live" must be answered while the database does not.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from organiser_portal.operations.broker import broker_answers
from organiser_portal.operations.cache import cache_answers
from organiser_portal.operations.database import answering_within

ALIVE, READY = "/healthz", "/readyz"
PATIENCE = 3  # seconds
NEEDED = ("database", "migrations")

type Respond = Callable[[HttpRequest], HttpResponse]


class Probes:
    """Middleware; the first of all."""

    def __init__(self, get_response: Respond) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == ALIVE:
            return _never_kept(HttpResponse("alive\n", content_type="text/plain"))
        if request.path == READY:
            parts = readiness()
            answer = {"ready": all(parts[name] for name in NEEDED), "parts": parts}
            return _never_kept(JsonResponse(answer, status=200 if answer["ready"] else 503))
        return self._respond(request)


def readiness() -> Mapping[str, bool]:
    """Part → whether it is there. What exactly is wrong is for ``manage.py doctor`` to tell."""
    database = _database_answers()
    return {
        "database": database,
        "migrations": database and _migrations_there(),
        "broker": settings.CELERY_BROKER_URL.startswith("memory:") or broker_answers(),
        "cache": cache_answers(),
    }


def _database_answers() -> bool:
    try:
        with answering_within(PATIENCE), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:  # not only DatabaseError: a connection that is closed is none
        return False
    return True


def _migrations_there() -> bool:
    """The database may go away between two questions."""
    try:
        with answering_within(PATIENCE):
            return migrations_applied()
    except Error:
        return False


class _Known:
    """What this process need not ask again."""

    migrated = False


def migrations_applied() -> bool:
    """Whether the database has every migration of this version."""
    _Known.migrated = _Known.migrated or not unapplied_migrations()
    return _Known.migrated


def unapplied_migrations() -> list[str]:
    """Names of those that the database does not have."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
