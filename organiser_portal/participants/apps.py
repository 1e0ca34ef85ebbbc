from django.apps import AppConfig


class ParticipantsConfig(AppConfig):
    name = "organiser_portal.participants"
    label = "participants"
    verbose_name = "Participants"
