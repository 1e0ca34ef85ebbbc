"""One console for race organisers over all the platforms they sell on."""

from organiser_portal.celery import app as celery_app

__all__ = ["celery_app"]
