from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "organiser_portal.events"
    label = "events"
    verbose_name = "Events"
