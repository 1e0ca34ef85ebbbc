"""Every page of the administration: it opens, it stays lean, and it shows nothing private."""

import re

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organiser_portal.connections.models import PayloadBundle
from organiser_portal.core import admin as core_admin
from organiser_portal.core import keyset
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.participants.models import Entry
from tests.admin.conftest import PRIVATE
from tests.factories import entry_of

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
MIRRORED = [
    "event",
    "eventlisting",
    "race",
    "listing",
    "tickettype",
    "entry",
    "application",
    "sourcepayload",
    "payloadbundle",
]


def names(model) -> str:
    return str(model._meta.label_lower)


def address(model, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_only_pages_of_our_own_are_there():
    assert {model._meta.app_label for model in MODELS} == {
        "organisations", "connections", "events", "participants", "sync",
    }  # fmt: skip
    assert all(isinstance(each, core_admin.LeanAdmin) for each in admin.site._registry.values())


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_a_list_opens_and_is_searched(model, one_of_each, client: Client):
    assert model.objects.exists()
    response = client.get(address(model, "changelist"))
    assert response.status_code == 200
    assert PRIVATE not in response.text
    found = client.get(address(model, "changelist"), {"q": "zzz-nobody"})
    assert found.status_code == 200
    assert "0 results" in found.text


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_one_of_them_opens(model, one_of_each, client: Client):
    response = client.get(address(model, "change", model.objects.first().pk))
    assert response.status_code == 200
    assert PRIVATE not in response.text
    assert client.get(address(model, "history", model.objects.first().pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_no_page_breaks_the_content_policy(model, one_of_each, client: Client):
    for text in (
        client.get(address(model, "changelist")).text,
        client.get(address(model, "change", model.objects.first().pk)).text,
    ):
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text)


@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.model_name in MIRRORED], ids=names)
def test_what_mirrors_a_provider_is_not_changed_here(model, one_of_each, client: Client):
    row = model.objects.first()
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", row.pk), {"name": "x"}).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [AuditRecord, Organisation, User], ids=names)
def test_what_must_stay_is_not_deleted_here(model, one_of_each, client: Client):
    row = model.objects.first()
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    client.post(address(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "1"})
    assert model.objects.filter(pk=row.pk).exists()


def test_a_bundle_is_found_by_the_record_that_it_holds(one_of_each, client: Client):
    def found(external_id: str) -> str:
        text: str = client.get("/admin/connections/payloadbundle/", {"q": external_id}).text
        return text

    assert "2 of kind entry" in client.get(address(PayloadBundle, "change", PayloadBundle.objects.get().pk)).text
    assert "1 payload bundle" in found(" 18 ")
    assert "0 payload bundles" in found("7")


def test_a_list_of_people_names_nobody(one_of_each, client: Client):
    text = client.get("/admin/participants/entry/").text
    assert "Aoife" not in text
    assert "aoife@" not in text


def test_an_entry_is_found_by_any_fragment_of_its_name(entry: Entry, client: Client):
    link = f"/admin/participants/entry/{entry.pk}/change/"
    for words in ("ni bhri", "AOIFE bhriain", entry.reference):
        assert link in client.get("/admin/participants/entry/", {"q": words}).text
    assert link not in client.get("/admin/participants/entry/", {"q": "aoife smith"}).text


def test_a_long_list_is_counted_only_so_far_and_says_so(entry: Entry, client: Client, monkeypatch):
    monkeypatch.setattr(keyset.count, "__defaults__", (100,))
    Entry.objects.bulk_create(entry_of(entry.listing) for _ in range(120))
    with CaptureQueriesContext(
        database,
    ) as queries:
        text = client.get("/admin/participants/entry/").text
    assert "more than 100 entries" in text
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert counts
    assert all("LIMIT 101" in sql for sql in counts)


def test_the_queries_of_a_list_do_not_grow_with_its_rows(entry: Entry, client: Client):
    def asked() -> int:
        with CaptureQueriesContext(database) as queries:
            client.get("/admin/participants/entry/")
        return len(queries)

    asked()
    few = asked()
    Entry.objects.bulk_create(entry_of(entry.listing) for _ in range(40))
    assert asked() == few


def test_the_site_passes_the_checks_of_django():
    call_command("check", "--fail-level", "WARNING", "--tag", "admin")
