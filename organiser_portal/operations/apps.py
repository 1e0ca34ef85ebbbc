from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "organiser_portal.operations"
    label = "operations"
    verbose_name = "Operations"
