"""A club's list, imported: matched, tried, committed, once more, stopped and undone."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from organiser_portal.connections.models import OutboundChange
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import AuditRecord, Membership, Organisation, User
from organiser_portal.participants.erase import erase_traces
from organiser_portal.participants.imports import keeping
from organiser_portal.participants.imports.running import run_import
from organiser_portal.participants.models import Entry, Import, ImportChunk, ImportRow
from tests.factories import make_connection, make_entry, make_listing, make_race

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


HEXLEY = "First name,Last name,Email,Date of birth\nAled,Rhys,aled@mail.example,02/11/1975\nNia,Prys,,09/09/1999\n"


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "eventrac"), closes_at=None)


def reasons(imported: Import) -> list[str]:
    return list(imported.rows.filter(pile="cannot").values_list("reason", flat=True))


def test_new_entries_can_be_sent_to_a_channel_that_takes_them(browser, listing):
    imported = check(browser, upload(browser, HEXLEY), race=listing.race_id, destination=listing.pk)
    assert piles(imported) == (1, 0, 0, 1)
    assert reasons(imported) == ["A new entry needs: E-mail."]
    page = browser.get(f"{IMPORTS}{imported.pk}/").text
    assert "1 new entry sent to eventrac, which takes a place and may e-mail a confirmation" in page
    commit(browser, imported)
    change = OutboundChange.objects.get()
    assert (change.action, change.state, change.values["person"]["last_name"]) == ("add_entry", "queued", "Rhys")


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


def test_a_column_can_name_the_race(browser, organisation):
    ten, half = make_race(organisation, "Hexley 10K"), make_race(organisation, "Hexley Half")
    text = "Race,First name,Last name\nhexley half,Aled,Rhys\nHEXLEY 10K,Nia,Prys\nNo such race,Jo,Marlow\n,A,B\n"
    imported = upload(browser, text)
    assert columns_of(browser, imported)["race"] == "column"
    imported = commit(browser, check(browser, imported))
    assert {entry.last_name: entry.race for entry in Entry.objects.all()} == {"Rhys": half, "Prys": ten}
    assert reasons(imported) == ["No race is called “No such race”.", "It names no race."]


def test_every_row_that_cannot_be_taken_says_why(browser, race):
    text = (
        "First name,Last name,Email,DOB,Sex,Club\n"
        "Aled,Rhys,no address,,,\n"
        "Aled,Rhys,,31/02/1975,,\n"
        "Aled,Rhys,,14/03/2031,,\n"
        "Aled,Rhys,,,perhaps,\n"
        "=1+1,Rhys,,,,\n"
        "Aled,,aled@mail.example,,,\n"
        "Aled,Rhys,,,,Hexley, Fell and Gate\n"
        "Nia,Prys,nia@mail.example,,,\n"
        "nia,PRYS,NIA@mail.example,,,Hexley\n"
        "Nia,Prys,,,,\n"
    )
    imported = check(browser, upload(browser, text), race=race.pk)
    assert piles(imported) == (1, 0, 0, 9)
    wanted = [
        "E-mail “no address”", "“31/02/1975” is no date, read as day/month/year", "still to come", "Gender “perhaps”",
        "holds a formula", "A new entry needs: Last name", "7 values for 6 headings", "The same person as in row 9",
        "Row 9 has this name too",
    ]  # fmt: skip
    for sentence, reason in zip(wanted, reasons(imported), strict=True):
        assert sentence in reason


def test_two_who_could_be_meant_are_left_to_a_person(browser, race, listing):
    for _ in range(2):
        make_entry(listing, "Aled", "Rhys", birth_date=date(1975, 11, 2))
    make_entry(listing, "Nia", "Prys", birth_date=date(1999, 9, 9), status="withdrawn", club="")
    text = (
        HEXLEY.replace("Date of birth\n", "Date of birth,Club\n")
        .replace("1975\n", "1975,H\n")
        .replace("1999\n", "1999,H\n")
    )
    imported = check(browser, upload(browser, text.replace("aled@mail.example", "")), race=listing.race_id)
    assert reasons(imported) == [
        "More than one entry of this name in the race could be meant.",
        "Is in this race as withdrawn: settle that on the entry first.",
    ]


def test_our_own_download_is_already_there(browser, race, manager, sign_in):
    text = 'First name,Last name,Email,Phone,Sex,Notes\nAled,Rhys,a@mail.example,+44 7700 900123,M,"\'=later"\n'
    commit(browser, check(browser, upload(browser, text), race=race.pk))
    columns = "&columns=".join(["reference", "bib", "name", "email", "phone", "gender", "race", "notes"])
    download = browser.get(f"/o/fellgate/entries/export/?columns={columns}")
    again = check(browser, upload(browser, b"".join(download.streaming_content)))
    assert piles(again) == (0, 0, 1, 0)


def test_an_entry_is_found_by_our_reference_whatever_its_name_became(browser, race):
    commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    entry = Entry.objects.get(last_name="ap Rhys")
    text = f"Reference,First name,Last name\n{entry.reference},Aled,Prys\n"
    imported = commit(browser, check(browser, upload(browser, text), race=race.pk))
    entry.refresh_from_db()
    assert (imported.updated, entry.last_name) == (1, "Prys")


def test_what_changed_after_the_check_is_left_alone(browser, race, listing):
    imported = check(browser, upload(browser, HEXLEY), race=listing.race_id)
    make_entry(listing, "Aled", "Rhys", email="aled@mail.example")
    imported = commit(browser, imported)
    assert (imported.created, imported.left) == (1, 1)
    assert Entry.objects.filter(last_name="Rhys").count() == 1


def test_the_result_file_has_every_row_and_no_formula(browser, race):
    imported = check(browser, upload(browser, "First name,Last name\nAled,Rhys\n=HYPERLINK(1),Prys\n"), race=race.pk)
    text = b"".join(browser.get(f"{IMPORTS}{imported.pk}/result/").streaming_content).decode()
    assert text.splitlines()[1:] == [
        "2,Aled Rhys,Hexley 10K,Create,,,",
        '3,\'=HYPERLINK(1) Prys,,Cannot,,"First name holds a formula, not a value.",',
    ]


def test_medical_columns_are_for_those_who_may_see_them(browser, race, manager):
    text = "First name,Last name,Medical\nAled,Rhys,asthma\n"
    imported = upload(browser, text)
    page = browser.get(f"{IMPORTS}{imported.pk}/columns/").text
    assert "asthma" not in page
    assert "Medical and emergency columns are left out" in page
    refused = browser.post(f"{IMPORTS}{imported.pk}/columns/", {**columns_of(browser, imported), "c2": "medical"})
    assert refused.status_code == 422
    Membership.objects.filter(user=manager).update(sensitive_until=timezone.now() + timedelta(days=1))
    assert columns_of(browser, imported)["c2"] == "medical"
    commit(browser, check(browser, imported, race=race.pk))
    assert Entry.objects.get().medical == "asthma"


def test_what_is_missing_on_the_columns_page_is_said_beside_it(browser, listing):
    imported = upload(browser, "Name,Club,Team\nAled Rhys,A,B\n")
    told = {**columns_of(browser, imported), "c0": "", "c2": "club"}
    page = browser.post(f"{IMPORTS}{imported.pk}/columns/", told).text
    assert "Choose the race" in page
    assert "“Club” is matched to this already" in page
    assert "Match the columns of first and last name" in page
    told = {**columns_of(browser, imported), "race": listing.race_id, "destination": listing.pk}
    assert "eventrac needs “E-mail”" in browser.post(f"{IMPORTS}{imported.pk}/columns/", told).text


def test_a_file_that_cannot_be_read_is_not_kept(browser):
    response = browser.post(IMPORTS, {"file": SimpleUploadedFile("club.xls", b"\xd0\xcf\x11\xe0" * 4)})
    assert response.status_code == 422
    assert "an old .xls file" in response.text
    assert not Import.objects.exists()


def test_a_file_is_forgotten_at_once_or_after_a_week(browser, race):
    browser.post(f"{IMPORTS}{upload(browser, CLUB).pk}/drop/")
    assert not ImportChunk.objects.exists()
    done = commit(browser, check(browser, upload(browser, CLUB), race=race.pk))
    waiting = upload(browser, CLUB)
    keeping.forget(timezone.now())
    assert Import.objects.filter(pk=waiting.pk).exists()
    keeping.forget(timezone.now() + timedelta(days=8))
    assert list(Import.objects.all()) == [done]
    assert not ImportRow.objects.exclude(name="", email="", birth_date=None).exists()
    assert browser.get(f"{IMPORTS}{done.pk}/").status_code == 200


def test_a_person_whom_a_provider_erases_is_erased_from_the_import_too(browser, organisation):
    listing = make_listing(make_connection(organisation, "letsdothis"))
    entry = make_entry(listing, "Aled", "Rhys", email="aled@mail.example", club="Fellgate Harriers")
    text = "First name,Last name,Email,Club\nAled,Rhys,aled@mail.example,Hexley AC\n"
    imported = commit(browser, check(browser, upload(browser, text), race=listing.race_id))
    erase_traces(entry.connection, [entry.external_id])
    row = imported.rows.get()
    assert (row.name, row.email, row.sort_name, row.before, row.after) == ("", "", "", {}, {})


def test_a_check_that_is_stopped_goes_back_to_the_columns(browser, race):
    imported = upload(browser, CLUB)
    browser.post(f"{IMPORTS}{imported.pk}/columns/", {**columns_of(browser, imported), "race": race.pk})
    assert "Checking: 0 of 2 rows" in browser.get(f"{IMPORTS}{imported.pk}/").text
    browser.post(f"{IMPORTS}{imported.pk}/stop/")
    assert go_on(imported).state == "new"
    assert browser.get(f"{IMPORTS}{imported.pk}/")["Location"].endswith("/columns/")


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


def test_the_list_offers_it_to_those_who_may(browser, editor, sign_in):
    assert IMPORTS in browser.get("/o/fellgate/entries/").text
    assert IMPORTS not in sign_in(editor).get("/o/fellgate/entries/").text
