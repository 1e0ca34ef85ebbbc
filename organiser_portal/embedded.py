"""The whole portal in one process: web server, Celery workers and beat, with a broker that lives in memory.

For the demo and for small clubs. With a broker of its own (CELERY_BROKER_URL) the same web server runs alone, and
workers and beat are started by Celery's own commands.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from celery.beat import EmbeddedService, Scheduler
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from organiser_portal.celery import app, make_app
from organiser_portal.operations.tasks import watch
from organiser_portal.sync.lanes import Lane
from organiser_portal.sync.tasks import dispatch_due

# Threads for each, so that a long first load keeps neither an edit nor a small listing waiting.
CREWS: Mapping[str, tuple[Sequence[Lane], int]] = {
    "clock": ((Lane.CLOCK,), 1),
    "push": ((Lane.PUSH,), 2),
    "sync": ((Lane.SYNC,), 2),
    "whole": ((Lane.WHOLE,), 1),
}


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
    """Start workers and beat as threads of this process, if the broker lives in it."""
    if not settings.CELERY_BROKER_URL.startswith("memory:"):
        return
    for name, (lanes, threads) in CREWS.items():
        start_crew(name, lanes, threads)
    beat: Any = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
    beat.start()
    dispatch_due.delay()
    watch.delay()


def start_crew(name: str, lanes: Sequence[Lane], threads: int) -> Any:
    """A worker of so many threads that listens to these queues alone. Returns it, so that it can be stopped."""
    # An application of its own: the queues that a worker listens to are kept there.
    own = make_app(f"organiser_portal.{name}", set_as_current=False)
    worker = own.WorkController(
        hostname=f"{name}@portal",
        queues=[lane.value for lane in lanes],
        pool="threads",
        concurrency=threads,
        without_mingle=True,
        without_gossip=True,
    )
    threading.Thread(target=worker.start, name=f"celery-{name}", daemon=True).start()
    return worker


def serve(*, bind: str, on_ready: Callable[[], None] = lambda: None) -> None:
    """Answer on ``bind`` until interrupted."""

    def ready() -> None:
        start_engines()
        on_ready()

    WebServer(bind=bind, on_ready=ready).run()
