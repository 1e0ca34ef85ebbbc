"""Bulk changes, begun and carried out as a browser and a worker do."""

from typing import Any

from django.test import Client
from django.utils import timezone

from organiser_portal.participants.bulk.running import run_batch
from organiser_portal.participants.models import Batch

ENTRIES = "/o/fellgate/entries/"


def begin(browser: Client, action: str, query: str, expected: int, **typed: Any):
    return browser.post(f"{ENTRIES}bulk/{action}/?{query}", {"expected": expected, **typed})


def do(browser: Client, action: str, query: str, expected: int, **typed: Any) -> Batch:
    response = begin(browser, action, query, expected, **typed)
    assert response.status_code == 303, response.text
    batch = Batch.objects.latest("pk")
    run_batch(batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    return batch
