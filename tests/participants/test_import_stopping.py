"""An import that is killed, or stopped at any of its steps, goes on or back from there."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.imports.running import run_import
from organiser_portal.participants.models import Entry
from tests.factories import make_race
from tests.participants.importing import (
    CLUB,
    IMPORTS,
    check,
    columns_of,
    commit,
    go_on,
    undo,
    upload,
)

pytestmark = pytest.mark.portable


@pytest.fixture
def race(organisation: Organisation) -> Race:
    return make_race(organisation)


@pytest.fixture
def browser(manager: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager)


def test_a_worker_killed_halfway_doubles_nobody(browser, race, monkeypatch):
    text = "First name,Last name,Email\n" + "".join(f"Aled,Rhys {n},r{n}@mail.example\n" for n in range(450))
    imported = check(browser, upload(browser, text), race=race.pk)
    browser.post(f"{IMPORTS}{imported.pk}/commit/")
    moments = iter([timezone.now(), timezone.now()])
    with pytest.raises(StopIteration):
        run_import(imported.pk, clock=lambda: next(moments))
    assert Entry.objects.count() == 400
    assert go_on(imported).created == 450
    assert Entry.objects.count() == 450


def test_a_commit_that_is_stopped_can_be_undone(browser, race):
    text = "First name,Last name,Email\n" + "".join(f"Aled,Rhys {n},r{n}@mail.example\n" for n in range(250))
    imported = check(browser, upload(browser, text), race=race.pk)
    browser.post(f"{IMPORTS}{imported.pk}/commit/")
    moments = iter([timezone.now()])
    with pytest.raises(StopIteration):
        run_import(imported.pk, clock=lambda: next(moments))
    assert "Importing: 200 of 250" in browser.get(f"{IMPORTS}{imported.pk}/").text
    browser.post(f"{IMPORTS}{imported.pk}/stop/")
    imported = go_on(imported)
    assert (imported.state, imported.created) == ("stopped", 200)
    assert undo(browser, imported).undone == 200
    assert not Entry.objects.exists()


def test_a_check_that_is_stopped_goes_back_to_the_columns(browser, race):
    imported = upload(browser, CLUB)
    browser.post(f"{IMPORTS}{imported.pk}/columns/", {**columns_of(browser, imported), "race": race.pk})
    assert "Checking: 0 of 2 rows" in browser.get(f"{IMPORTS}{imported.pk}/").text
    browser.post(f"{IMPORTS}{imported.pk}/stop/")
    assert go_on(imported).state == "new"
    assert browser.get(f"{IMPORTS}{imported.pk}/")["Location"].endswith("/columns/")


@pytest.mark.postgresql
def test_the_way_back_stops_where_it_is_told_to_and_goes_on_from_there(browser, race):
    rows = "".join(f"Aled,Rhys {number}\n" for number in range(250))
    imported = commit(browser, check(browser, upload(browser, f"First name,Last name\n{rows}"), race=race.pk))
    page, moments = f"{IMPORTS}{imported.pk}/", iter(range(10))
    browser.post(f"{page}undo/")

    def clock():
        if next(moments) == 1:
            text = browser.get(page).text
            assert "Undoing: 200 of 250" in text
            assert "Stop here" in text
            browser.post(f"{page}stop/")
        return timezone.now()

    run_import(imported.pk, clock=clock)
    imported.refresh_from_db()
    assert (imported.undone, imported.undoing, imported.undone_at, imported.state) == (200, False, None, "done")
    assert Entry.objects.count() == 50
    text = browser.get(page).text
    assert "200 of 250 are as before." in text
    assert re.search(r'Created <span class="text-secondary">50<', text)
    browser.post(f"{page}undo/")
    assert go_on(imported).undone == 250
    assert not Entry.objects.exists()
