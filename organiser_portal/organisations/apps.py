from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organiser_portal.organisations"
    label = "organisations"
    verbose_name = "Organisations"
