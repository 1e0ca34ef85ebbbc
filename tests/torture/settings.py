"""The suite's settings for the workers under fire: a broker that can be killed, and a minute of half a second."""

import os

from tests.settings import *  # noqa: F403 - settings are inherited this way

# Celery itself reads the variable, before any setting.
CELERY_BROKER_URL = os.environ["CELERY_BROKER_URL"] = os.environ["TORTURE_BROKER_URL"]
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
CELERY_BEAT_SCHEDULE = {"dispatch-due": {"task": "organiser_portal.sync.tasks.dispatch_due", "schedule": 0.5}}
