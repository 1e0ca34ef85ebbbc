"""The minute hands out again what is not over: who finds another at it does something else. Needs several writers."""

from collections.abc import Callable

import pytest
from django.db import connection as database
from django.db import transaction
from django.test import Client
from django.utils import timezone

from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.bulk.running import run_batch
from organiser_portal.participants.imports.running import run_import
from organiser_portal.participants.models import Batch, Import
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.bulk import begin
from tests.participants.importing import CLUB, columns_of, upload
from tests.waiting import in_a_hurry

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(database.vendor == "sqlite", reason="one writer at a time by nature"),
]


def test_a_batch(organisation: Organisation, editor: User, sign_in: Callable[[User], Client]) -> None:
    make_entry(make_listing(make_connection(organisation, "letsdothis")), wave="A")
    begin(sign_in(editor), "wave", "", 1, value="B")
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get()
        in_a_hurry(lambda: run_batch(batch.pk, clock=timezone.now))
        assert batch.items.count() == 0
    run_batch(batch.pk, clock=timezone.now)
    assert batch.items.count() == 1


def test_an_import(manager: User, sign_in: Callable[[User], Client]) -> None:
    browser = sign_in(manager)
    imported = upload(browser, CLUB)
    browser.post(f"/o/fellgate/entries/imports/{imported.pk}/columns/", columns_of(browser, imported))
    with transaction.atomic():
        Import.objects.select_for_update().get()
        in_a_hurry(lambda: run_import(imported.pk, clock=timezone.now))
