"""The Celery application. Beat has one entry: once a minute, hand out what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organiser_portal.settings")

app = Celery("organiser_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
