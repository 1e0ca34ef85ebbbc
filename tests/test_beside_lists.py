"""Choosing a row of a list opens its record beside it: the record knows who stands before and after it there."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organiser_portal.connections.models import Connection, OutboundChange, RejectedRecord
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Batch, Import
from organiser_portal.partners.models import Campaign, Partner
from organiser_portal.sync.models import SyncRun
from providers.packing import pack
from tests.conftest import NOW
from tests.factories import make_application, make_connection, make_entry, make_event, make_listing, make_race, synced

type Make = Callable[[Connection, str], int]

NAMES = ("Abel", "Bell", "Cho")


def an_entry(connection: Connection, name: str) -> int:
    return make_entry(make_listing(connection), name, name).pk


def an_application(connection: Connection, name: str) -> int:
    return make_application(make_listing(connection), name, name).pk


def a_race(connection: Connection, name: str) -> int:
    return make_listing(connection, name=name, starts_at=timezone.now() + timedelta(days=9)).race_id


def an_event(connection: Connection, name: str) -> int:
    event = make_event(connection.organisation, name)
    race = make_race(connection.organisation, event=event, starts_at=timezone.now() + timedelta(days=9))
    make_listing(connection, race=race)
    return event.pk


def a_campaign(connection: Connection, name: str) -> int:
    return Campaign.objects.create(name=name, **synced(connection)).pk


def a_partner(connection: Connection, name: str) -> int:
    return Partner.objects.create(name=name, kind="charity", **synced(connection)).pk


def a_run(connection: Connection, _name: str) -> int:
    organisation, began = connection.organisation, {"started_at": NOW, "progressed_at": NOW, "finished_at": NOW}
    run = SyncRun.objects.create(
        organisation=organisation, connection=connection, resource="partners", outcome="succeeded", **began
    )
    return run.pk


def a_batch(connection: Connection, name: str) -> int:
    return Batch.objects.create(
        organisation=connection.organisation, action="wave", value=name, total=1, created_at=NOW
    ).pk


def an_import(connection: Connection, name: str) -> int:
    organisation = connection.organisation
    return Import.objects.create(
        organisation=organisation, file_name=name, heading_key="x", total=1, state="done", created_at=NOW
    ).pk


def a_rejected_record(connection: Connection, name: str) -> int:
    their_id = f"{name}-{RejectedRecord.objects.count()}"
    return RejectedRecord.objects.create(
        connection=connection, resource="races", kind="race", external_id=their_id, reason="date: not an instant",
        data=pack(b"{}"), first_seen=NOW, last_seen=NOW,
    ).pk  # fmt: skip


def a_change(connection: Connection, name: str) -> int:
    return OutboundChange.objects.create(
        organisation=connection.organisation, connection=connection, entry_id=an_entry(connection, name),
        reference=name, action="add_entry", race_external_id="R", state="confirmed", created_at=NOW, due_at=NOW,
    ).pk  # fmt: skip


# Where the list is, what makes a row, an address that sorts as they are made, one that sorts them the other way round.
LISTS: dict[str, tuple[str, Make, str, str]] = {
    "entries": ("entries/", an_entry, "sort=name", "sort=-name"),
    "applications": ("applications/", an_application, "sort=name", "sort=-name"),
    "races": ("races/", a_race, "sort=name&when=all", "sort=-name&when=all"),
    "events": ("events/", an_event, "sort=name&when=all", "sort=-name&when=all"),
    "partners": ("partners/", a_partner, "sort=name", "sort=-name"),
    "campaigns": ("partners/campaigns/", a_campaign, "sort=name", "sort=-name"),
    "runs": ("sync/runs/", a_run, "sort=began", "sort=-began"),
    "changes": ("sync/outbound/", a_change, "sort=saved", "sort=-saved"),
    "batches": ("entries/batches/", a_batch, "sort=when", "sort=-when"),
    "imports": ("entries/imports/", an_import, "sort=file", "sort=-file"),
    "rejected": ("connections/{connection}/rejected/", a_rejected_record, "sort=record", "sort=-record"),
}


@pytest.fixture
def browser(owner: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(owner)


@pytest.fixture
def three(many: str, organisation: Organisation) -> list[int]:
    connection = make_connection(organisation, "letsdothis")
    return [LISTS[many][1](connection, name) for name in NAMES]


@pytest.fixture
def path(many: str, three: list[int]) -> str:
    return f"/o/fellgate/{LISTS[many][0].format(connection=Connection.objects.get().pk)}"


def neighbour(page: str, which: str) -> str:
    found = re.search(rf'rel="{which}" data-panel data-key="[jk]" href="([^"]*)"', page)
    return unescape(found.group(1)) if found else ""


@pytest.mark.parametrize("many", LISTS)
def test_the_one_in_the_middle_has_both_in_the_sort_of_the_list(browser, many, path, three):
    _, _, upwards, downwards = LISTS[many]
    page = browser.get(f"{path}{three[1]}/?in={many}&{upwards}").text
    assert "2 of 3" in page
    assert neighbour(page, "prev").startswith(f"{path}{three[0]}/?in={many}&")
    assert neighbour(page, "next").startswith(f"{path}{three[2]}/?in={many}&")
    page = browser.get(f"{path}{three[1]}/?in={many}&{downwards}").text
    assert neighbour(page, "prev").startswith(f"{path}{three[2]}/?in={many}&")


@pytest.mark.parametrize("many", LISTS)
def test_a_row_leads_to_its_record_within_this_list_and_on_to_the_next(browser, many, path, three):
    upwards = LISTS[many][2]
    page = browser.get(f"{path}?{upwards}").text
    rows = [unescape(each) for each in re.findall(r'data-panel href="([^"]*)"', page)]
    assert [row.split("?")[0] for row in rows] == [f"{path}{pk}/" for pk in three]
    assert neighbour(browser.get(rows[0]).text, "next") == rows[1]
    assert neighbour(browser.get(rows[2]).text, "next") == ""


@pytest.mark.parametrize("many", LISTS)
def test_the_chosen_one_opens_beside_the_list_that_its_address_names(browser, many, path, three):
    upwards = LISTS[many][2]
    page = browser.get(f"{path}?{upwards}&open={three[1]}").text
    asks = re.search(r'id="panel"[^>]*hx-get="([^"]*)"', page)
    assert asks
    part = browser.get(unescape(asks.group(1)), headers={"HX-Request": "true", "HX-Target": "panel"}).text
    assert part.lstrip().startswith("<article")
    assert "2 of 3" in part


@pytest.mark.parametrize("many", LISTS)
def test_by_its_own_address_it_stands_alone_with_a_heading(browser, many, path, three):
    page = browser.get(f"{path}{three[1]}/").text
    assert neighbour(page, "next") == ""
    assert len(re.findall("<h1", page)) == 1


@pytest.mark.parametrize("many", LISTS)
def test_what_the_list_no_longer_holds_has_no_neighbours_and_can_be_closed(browser, many, path, three):
    narrowed = {"runs": "outcome=failed", "changes": "state=rejected"}.get(many, "q=nobody")
    page = browser.get(f"{path}{three[1]}/?in={many}&{narrowed}").text
    assert neighbour(page, "next") == ""
    assert "not in this list any more" in page
    assert f'href="{path}?{narrowed}" data-panel-close' in page


@pytest.mark.parametrize("many", LISTS)
def test_its_queries_do_not_grow_with_the_list(browser, many, path, three, organisation):
    address, costs = f"{path}{three[1]}/?in={many}&{LISTS[many][2]}", []
    browser.get(address)
    for _ in range(2):
        with CaptureQueriesContext(database) as queries:
            browser.get(address)
        costs.append(len(queries))
        for _ in range(6):
            LISTS[many][1](Connection.objects.get(), "Dee")
    assert costs[0] == costs[1]


def beside(list_address: str) -> dict[str, str]:
    """What HTMX says of a request whose answer goes beside this list."""
    return {
        "HX-Request": "true",
        "HX-Target": "panel",
        "HX-Current-URL": f"http://testserver{list_address}",
    }


@pytest.mark.parametrize("many", LISTS)
def test_a_record_that_a_form_led_to_beside_its_list_still_knows_its_neighbours(browser, many, path, three):
    _, _, upwards, _ = LISTS[many]
    part = browser.get(f"{path}{three[1]}/", headers=beside(f"{path}?{upwards}&open={three[1]}")).text
    assert "2 of 3" in part
    assert neighbour(part, "next").startswith(f"{path}{three[2]}/?in={many}&")
    assert "open=" not in neighbour(part, "next")


def test_what_is_saved_beside_a_list_is_answered_by_the_record_in_that_list_and_said(browser, organisation):
    entry = an_entry(make_connection(organisation, "letsdothis"), "Abel")
    there = beside(f"/o/fellgate/entries/?q=abel&open={entry}")
    answer = browser.post(f"/o/fellgate/entries/{entry}/notes/", {"notes": "Calls"}, headers=there, follow=True)
    assert answer.text.lstrip().startswith("<article")
    assert "1 of 1" in answer.text
    assert "Notes saved." in answer.text


def test_beside_another_list_a_record_claims_no_place(browser, organisation):
    entry = an_entry(make_connection(organisation, "letsdothis"), "Abel")
    part = browser.get(f"/o/fellgate/entries/{entry}/", headers=beside("/o/fellgate/races/?q=abel")).text
    assert "1 of 1" not in part
