from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "organiser_portal.sync"
    label = "sync"
    verbose_name = "Sync"

    def ready(self) -> None:
        from organiser_portal.sync import at_once  # noqa: F401 - listens from now on
