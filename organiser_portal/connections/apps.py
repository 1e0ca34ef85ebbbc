from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "organiser_portal.connections"
    label = "connections"
    verbose_name = "Connections"
