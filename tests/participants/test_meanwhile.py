"""A worker changes many entries while somebody saves one of them. Neither loses what the other did."""

from collections.abc import Callable

import pytest
from django.db import connection as database  # noqa: F401 - named in a mark
from django.test import Client
from django.utils import timezone

from organiser_portal.connections.models import OutboundChange
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.bulk.running import run_batch
from organiser_portal.participants.imports.running import run_import
from organiser_portal.participants.models import Batch, Entry
from organiser_portal.participants.services import EntryValues, edit_entry
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.importing import IMPORTS, check, commit, upload
from tests.waiting import while_at_work

ENTRIES = "/o/fellgate/entries/"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor == 'sqlite'", reason="one writer at a time by nature"),
]


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def browser(manager: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager)


def save(entry: Entry, by: User, **own: str) -> None:
    edit_entry(entry=entry, values=EntryValues(own=own), by=by, now=NOW)


def begun(browser: Client, action: str, **typed: object) -> Batch:
    assert browser.post(f"{ENTRIES}bulk/{action}/?", {"expected": Entry.objects.count(), **typed}).status_code == 303
    return Batch.objects.latest("pk")


def test_a_note_for_many_is_added_below_one_that_is_just_being_saved(
    browser: Client, listing: Listing, editor: User
) -> None:
    entry = make_entry(listing)
    batch = begun(browser, "note", value="Shuttle bus")
    with while_at_work(lambda: run_batch(batch.pk, clock=timezone.now)) as let_it_come:
        save(entry, editor, notes="Wheelchair")
        let_it_come()
    entry.refresh_from_db()
    assert entry.notes == "Wheelchair\nShuttle bus"


def test_the_way_back_leaves_what_is_just_being_saved(browser: Client, listing: Listing, editor: User) -> None:
    entry = make_entry(listing, wave="A")
    batch = begun(browser, "wave", value="B")
    run_batch(batch.pk, clock=timezone.now)
    browser.post(f"{ENTRIES}batches/{batch.pk}/undo/")
    with while_at_work(lambda: run_batch(batch.pk, clock=timezone.now)) as let_it_come:
        save(entry, editor, wave="C")
        let_it_come()
    entry.refresh_from_db()
    assert entry.wave == "C"


def test_an_import_leaves_what_is_saved_as_it_comes(browser: Client, listing: Listing, editor: User) -> None:
    entry = make_entry(listing, email="siobhan@mail.example", wave="A")
    imported = check(
        browser,
        upload(browser, "First name,Last name,Email,Wave\nSiobhán,Breathnach,siobhan@mail.example,B\n"),
        race=listing.race_id,
    )
    browser.post(f"{IMPORTS}{imported.pk}/commit/")
    with while_at_work(lambda: run_import(imported.pk, clock=timezone.now)) as let_it_come:
        save(entry, editor, wave="C")
        let_it_come()
    imported.refresh_from_db()
    assert (imported.state, imported.updated, imported.left) == ("done", 0, 1)
    entry.refresh_from_db()
    assert entry.wave == "C"


def test_a_form_that_is_saved_while_somebody_else_saves_is_told_and_overwrites_nothing(
    browser: Client, listing: Listing, editor: User
) -> None:
    entry = make_entry(listing, wave="A")
    address, late = f"{ENTRIES}{entry.pk}/edit/", []
    form = browser.get(address).context["form"]
    typed = {bound.html_name: value for bound in form if (value := bound.value()) is not None} | {"wave": "B"}
    with while_at_work(lambda: late.append(browser.post(address, typed))) as let_it_come:
        save(entry, editor, wave="C")
        let_it_come()
    assert late[0].status_code == 422
    assert "ed@fellgate.example changed this entry while you were typing: Wave A to C" in late[0].text
    entry.refresh_from_db()
    assert entry.wave == "C"


def test_undoing_an_import_and_an_edit_of_what_it_added_do_not_wait_in_a_circle(
    browser: Client, organisation: Organisation, editor: User
) -> None:
    listing = make_listing(make_connection(organisation, "eventrac"))
    text = "First name,Last name,Email\nNia,Prys,nia@mail.example\n"
    imported = commit(browser, check(browser, upload(browser, text), race=listing.race_id, destination=listing.pk))
    entry = Entry.objects.get()
    browser.post(f"{IMPORTS}{imported.pk}/undo/")
    with while_at_work(lambda: run_import(imported.pk, clock=timezone.now)) as let_it_come:
        locked = Entry.objects.select_for_update().get(pk=entry.pk)
        let_it_come()
        edit_entry(entry=locked, values=EntryValues(person={"phone": "0770"}), by=editor, now=NOW)
    assert Entry.objects.get().phone == "0770"
    assert OutboundChange.objects.count() == 1
