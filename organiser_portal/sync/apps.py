from django.apps import AppConfig
from django.db.models.signals import pre_migrate


class SyncConfig(AppConfig):
    name = "organiser_portal.sync"
    label = "sync"
    verbose_name = "Sync"

    def ready(self) -> None:
        from organiser_portal.sync import at_once, put_off  # noqa: F401 - listens from now on

        pre_migrate.connect(put_off.make_before_migrating, sender=self)
