"""The suite's settings for the workers under fire.

A broker that can be killed, a minute of one second, and less patience with a line on which nothing comes any more.
TORTURE_TURN: seconds after which a walk gives its turn back, where it is not to be as long as ever.
"""

import os
from datetime import timedelta

import httpx

import organiser_portal.sync.limits
import providers.http
from tests.settings import *  # noqa: F403 - settings are inherited this way

providers.http.TIMEOUT = httpx.Timeout(2.5)
if TURN := os.environ.get("TORTURE_TURN"):
    organiser_portal.sync.limits.BUDGET = timedelta(seconds=float(TURN))

# Celery itself reads the variable, before any setting.
CELERY_BROKER_URL = os.environ["CELERY_BROKER_URL"] = os.environ["TORTURE_BROKER_URL"]
CELERY_BROKER_TRANSPORT_OPTIONS = SOON_GIVEN_UP  # noqa: F405 - inherited; as with any broker that is a server
CELERY_BEAT_SCHEDULE = {"dispatch-due": {"task": "organiser_portal.sync.tasks.dispatch_due", "schedule": 1.0}}
