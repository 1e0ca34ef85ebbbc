from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "organiser_portal.core"
    label = "core"
    verbose_name = "Core"
