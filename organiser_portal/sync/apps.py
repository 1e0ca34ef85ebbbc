from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "organiser_portal.sync"
    label = "sync"
    verbose_name = "Sync"
