"""A club's list, imported: matched, tried, committed, once more, stopped and undone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organiser_portal.events.models import Race
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.participants.imports.running import run_import
from organiser_portal.participants.models import Entry, Import, ImportChunk
from tests.factories import make_race

IMPORTS = "/o/fellgate/entries/imports/"
CLUB = (
    "First Name,Surname,D.O.B.,Sex,E-mail,Club\r\n"
    "Siobhán,Breathnach,14/03/1989,F,siobhan@mail.example,Fellgate Harriers\r\n"
    "Aled,ap Rhys,02/11/1975,M,aled@mail.example,Fellgate Harriers\r\n"
)


@pytest.fixture
def race(organisation: Organisation) -> Race:
    return make_race(organisation)


@pytest.fixture
def browser(manager: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(manager)


def upload(browser: Client, text: str | bytes, name: str = "club.csv") -> Import:
    content = text.encode() if isinstance(text, str) else text
    response = browser.post(IMPORTS, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 303, response.text
    return Import.objects.latest("pk")


def columns_of(browser: Client, imported: Import) -> dict[str, Any]:
    """The form as it is proposed."""
    form = browser.get(f"{IMPORTS}{imported.pk}/columns/").context["form"]
    return {bound.name: bound.value() or "" for bound in form}


def check(browser: Client, imported: Import, **chosen: Any) -> Import:
    response = browser.post(f"{IMPORTS}{imported.pk}/columns/", {**columns_of(browser, imported), **chosen})
    assert response.status_code == 303, response.text
    return go_on(imported)


def go_on(imported: Import) -> Import:
    run_import(imported.pk, clock=timezone.now)
    imported.refresh_from_db()
    return imported


def commit(browser: Client, imported: Import) -> Import:
    browser.post(f"{IMPORTS}{imported.pk}/commit/")
    return go_on(imported)


def undo(browser: Client, imported: Import) -> Import:
    browser.post(f"{IMPORTS}{imported.pk}/undo/")
    return go_on(imported)


def piles(imported: Import) -> tuple[int, int, int, int]:
    return imported.create, imported.update, imported.same, imported.cannot


def test_a_club_s_file_is_matched_by_its_headings_and_changes_nothing_before_one_says_so(browser, race):
    imported = upload(browser, CLUB)
    page = browser.get(f"{IMPORTS}{imported.pk}/columns/").text
    assert "2 rows, read as UTF-8, commas" in page
    assert "14/03/1989 · 02/11/1975" in page
    assert "Read as day/month/year: 1 of them can be nothing else" in page
    imported = check(browser, imported, race=race.pk)
    assert imported.mapping["D.O.B."] == "birth_date"
    assert piles(imported) == (2, 0, 0, 0)
    assert not Entry.objects.exists()
    page = browser.get(f"{IMPORTS}{imported.pk}/").text
    assert "2 new entries kept only here; no provider is told" in page
    assert "Create 2" in page


def test_what_is_committed_are_ordinary_entries_of_the_race(browser, race, manager):
    imported = commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    assert (imported.created, imported.state) == (2, "done")
    entry = Entry.objects.get(last_name="Breathnach")
    assert (entry.race, entry.birth_date, entry.gender) == (race, date(1989, 3, 14), "f")
    assert (entry.origin, entry.connection, entry.created_by) == ("staff", None, manager)
    assert entry.revisions.get().summary == f"Imported, batch {imported.pk}"
    assert AuditRecord.objects.filter(action="entries.import_started").exists()
    assert not ImportChunk.objects.exists()


def test_the_same_file_again_changes_nothing_and_proposes_what_was_chosen(browser, race):
    commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    again = upload(browser, CLUB)
    assert columns_of(browser, again)["race"] == str(race.pk)
    again = check(browser, again)
    assert piles(again) == (0, 0, 2, 0)
    assert "Nothing to do" in browser.get(f"{IMPORTS}{again.pk}/").text
    commit(browser, again)
    assert Entry.objects.count() == 2


def test_what_differs_is_updated_and_an_empty_cell_empties_nothing(browser, race):
    commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    text = "First name,Last name,Date of birth,Email,Club\nALED,AP RHYS,1975-11-02,,Hexley AC\n"
    imported = commit(browser, check(browser, upload(browser, text), race=race.pk))
    assert (piles(imported), imported.updated) == ((0, 1, 0, 0), 1)
    entry = Entry.objects.get(last_name="ap Rhys")
    assert (entry.club, entry.email, entry.first_name) == ("Hexley AC", "aled@mail.example", "Aled")
    undo(browser, imported)
    entry.refresh_from_db()
    assert entry.club == "Fellgate Harriers"


def test_undo_takes_away_what_was_created_unless_somebody_worked_on_it(browser, race):
    imported = commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    worked_on = Entry.objects.get(last_name="ap Rhys")
    browser.post(f"/o/fellgate/entries/{worked_on.pk}/notes/", {"notes": "rang"})
    imported = undo(browser, imported)
    assert (imported.undone, imported.kept) == (1, 1)
    assert list(Entry.objects.all()) == [worked_on]
    assert "1 of 2 are as before. 1 stays as imported" in browser.get(f"{IMPORTS}{imported.pk}/").text


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
