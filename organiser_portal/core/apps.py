from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "organiser_portal.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from organiser_portal.core import form_words

        form_words.speak()
