"""What of an import a provider hears."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organiser_portal.connections.models import OutboundChange
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.entries import change_of
from tests.participants.importing import HEXLEY, IMPORTS, check, commit, piles, reasons, undo, upload

pytestmark = pytest.mark.portable


@pytest.fixture
def browser(manager: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager)


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "eventrac"), closes_at=None)


def test_new_entries_can_be_sent_to_a_channel_that_takes_them(browser, listing):
    imported = check(browser, upload(browser, HEXLEY), race=listing.race_id, destination=listing.pk)
    assert piles(imported) == (1, 0, 0, 1)
    assert reasons(imported) == ["A new entry needs: E-mail."]
    page = browser.get(f"{IMPORTS}{imported.pk}/").text
    assert "1 new entry sent to eventrac, which takes a place and may e-mail a confirmation" in page
    commit(browser, imported)
    change = OutboundChange.objects.get()
    assert (change.action, change.state, change.values["person"]["last_name"]) == ("add_entry", "queued", "Rhys")


@pytest.mark.postgresql
def test_undo_takes_back_what_has_not_left_and_says_what_has(browser, listing):
    text = HEXLEY.replace(",,", ",nia@mail.example,")
    imported = commit(browser, check(browser, upload(browser, text), race=listing.race_id, destination=listing.pk))
    OutboundChange.objects.filter(values__person__last_name="Rhys").update(state="confirmed")
    imported = undo(browser, imported)
    assert (imported.undone, imported.kept) == (1, 1)
    assert [entry.last_name for entry in Entry.objects.all()] == ["Rhys"]
    assert OutboundChange.objects.count() == 1
    assert "It has been sent to the provider, and stays." in browser.get(f"{IMPORTS}{imported.pk}/?tab=kept").text


def test_where_a_provider_takes_no_edits_our_value_stands_over_theirs(browser, organisation):
    listing = make_listing(make_connection(organisation, "letsdothis"))
    entry = make_entry(listing, "Aled", "Rhys", email="aled@mail.example", club="")
    text = "First name,Last name,Email,Club\nAled,Rhys,ALED@mail.example,Hexley AC\n"
    imported = commit(browser, check(browser, upload(browser, text), race=listing.race_id))
    entry.refresh_from_db()
    assert (imported.updated, imported.told) == (1, 0)
    assert entry.overrides["club"]["value"] == "Hexley AC"
    undo(browser, imported)
    entry.refresh_from_db()
    assert (entry.club, entry.overrides) == ("", {})


def test_an_edit_that_a_provider_hears_of_is_announced_and_queued(browser, listing):
    make_entry(listing, "Aled", "Rhys", email="aled@mail.example", birth_date=date(1975, 11, 2), city="")
    text = HEXLEY.replace("Email,", "Email,Town,").replace("aled@mail.example,", "aled@mail.example,Hexley,")
    text = text.replace("Nia,Prys,,", "Nia,Prys,,,")
    imported = check(browser, upload(browser, text), race=listing.race_id)
    assert piles(imported) == (1, 1, 0, 0)
    assert "1 of these changes is sent to the provider" in browser.get(f"{IMPORTS}{imported.pk}/").text
    commit(browser, imported)
    assert OutboundChange.objects.get().values["fields"] == ["city"]


def test_an_edit_that_has_not_left_is_undone_whatever_was_sent_before(browser, listing, editor):
    entry = make_entry(listing, "Aled", "Rhys", email="aled@mail.example", city="", external_id="512077")
    change_of(entry, editor, settled_at=timezone.now() - timedelta(days=1))
    text = "First name,Last name,Email,Town\nAled,Rhys,aled@mail.example,Hexley\n"
    imported = commit(browser, check(browser, upload(browser, text), race=listing.race_id))
    assert OutboundChange.objects.filter(state="queued").count() == 1
    imported = undo(browser, imported)
    entry.refresh_from_db()
    assert (imported.undone, imported.kept, entry.city) == (1, 0, "")


def test_many_who_were_told_of_before_are_looked_up_together(browser, listing, editor):
    for number, name in enumerate(("Aled", "Bryn", "Carys", "Dewi", "Elin")):
        told = {"email": f"{name}@mail.example", "external_id": str(512077 + number)}
        entry = make_entry(listing, name, "Rhys", city="", **told)
        change_of(entry, editor)
    lines = [f"{name},Rhys,{name}@mail.example,Hexley\n" for name in ("Aled", "Bryn", "Carys", "Dewi", "Elin")]

    def asked(rows: int) -> int:
        imported = upload(browser, "First name,Last name,Email,Town\n" + "".join(lines[:rows]))
        with CaptureQueriesContext(database) as queries:
            imported = check(browser, imported, race=listing.race_id)
        assert (imported.update, imported.told) == (rows, rows)
        return len(queries)

    asked(1)  # the next one knows the columns
    assert asked(1) == asked(5)
