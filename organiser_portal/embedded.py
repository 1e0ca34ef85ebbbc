"""The whole portal in one process: web server, Celery worker and beat, with a broker that lives in memory.

For the demo and for small clubs. With a broker of its own (CELERY_BROKER_URL) the same web server runs alone, and
workers and beat are started by Celery's own commands.
"""

import threading
from collections.abc import Callable
from typing import Any

from celery.beat import EmbeddedService, Scheduler
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from organiser_portal.celery import app
from organiser_portal.sync.tasks import dispatch_due

WORKER_THREADS = 3


class WebServer(BaseApplication):
    """Gunicorn with one process of many threads. ``on_ready`` is called once, in that process."""

    def __init__(self, *, bind: str, on_ready: Callable[[], None]) -> None:
        self._bind = bind
        self._on_ready = on_ready
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self._bind)
        self.cfg.set("workers", 1)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 8)
        self.cfg.set("timeout", 120)
        self.cfg.set("graceful_timeout", 5)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", lambda _worker: self._on_ready())

    def load(self) -> WSGIHandler:
        return get_wsgi_application()


def start_engines() -> None:
    """Start worker and beat as threads of this process, if the broker lives in it."""
    if not settings.CELERY_BROKER_URL.startswith("memory:"):
        return
    worker = app.WorkController(pool="threads", concurrency=WORKER_THREADS, without_mingle=True, without_gossip=True)
    beat: Any = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
    threading.Thread(target=worker.start, name="celery-worker", daemon=True).start()
    beat.start()
    dispatch_due.delay()


def serve(*, bind: str, on_ready: Callable[[], None] = lambda: None) -> None:
    """Answer on ``bind`` until interrupted."""

    def ready() -> None:
        start_engines()
        on_ready()

    WebServer(bind=bind, on_ready=ready).run()
