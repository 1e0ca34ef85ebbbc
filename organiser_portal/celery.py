"""The Celery application. Once a minute beat has two things done: hand out what is due, and see whether all is well."""

import os
import sys
from typing import Any

from celery import Celery, Task
from celery.loaders.app import AppLoader
from celery.signals import setup_logging, worker_shutting_down
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

from organiser_portal.core import leaving
from organiser_portal.core.logs import binding, scrubbed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organiser_portal.settings")


class LoggedTask(Task):  # type: ignore[type-arg]  # it cannot be subscripted at run time
    """Whose log lines say which task they belong to."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with binding(task_id=self.request.id or ""):
            try:
                return super().__call__(*args, **kwargs)
            except DatabaseError as error:  # Celery writes the text of an error into its own line
                raise scrubbed(error) from None


class Loader(AppLoader):
    """Settings that cannot be used end a worker in one sentence."""

    def config_from_object(self, obj: Any, silent: bool = False) -> None:
        try:
            super().config_from_object(obj, silent=silent)
        except ImproperlyConfigured as fault:
            sys.exit(str(fault))


def make_app(name: str = "organiser_portal", **options: Any) -> "Celery[Task[Any, Any]]":
    made: Celery[Task[Any, Any]] = Celery(name, task_cls=LoggedTask, loader=f"{__name__}:Loader", **options)
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.autodiscover_tasks()
    return made


app = make_app()


worker_shutting_down.connect(leaving.tell)


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Workers and beat log as LOGGING says; that somebody listens keeps Celery from setting up its own."""
