from django.apps import AppConfig


class AdmissionsConfig(AppConfig):
    name = "organiser_portal.admissions"
    label = "admissions"
    verbose_name = "Admissions"
