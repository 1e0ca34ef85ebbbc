from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "organiser_portal.partners"
    label = "partners"
    verbose_name = "Partners"
