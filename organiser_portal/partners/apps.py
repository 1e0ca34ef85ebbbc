from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "organiser_portal.partners"
    label = "partners"
    verbose_name = "Partners"

    def ready(self) -> None:
        from organiser_portal.partners import kinds  # noqa: F401 - answers from now on
