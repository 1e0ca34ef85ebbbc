from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "organiser_portal.console"
    label = "console"
    verbose_name = "Console"
