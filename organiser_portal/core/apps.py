from django.apps import AppConfig

# Here and not where the package begins: a process that only reads records has no use for it.
from organiser_portal.celery import app as celery_app

__all__ = ["CoreConfig", "celery_app"]


class CoreConfig(AppConfig):
    name = "organiser_portal.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from organiser_portal.core import form_words

        form_words.speak()
