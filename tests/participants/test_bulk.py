"""One thing done to many entries: chosen, shown, done, stopped, undone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.participants import tags
from organiser_portal.participants.bulk.running import run_batch
from organiser_portal.participants.erase import erase_traces
from organiser_portal.participants.models import Batch, Entry
from tests.factories import entry_of, make_connection, make_entry, make_listing
from tests.participants.bulk import ENTRIES, begin, do
from tests.participants.entries import refused


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def twelve(listing: Listing) -> list[Entry]:
    return [make_entry(listing, "Aled", f"Rhys {number:02}", wave="A") for number in range(12)]


@pytest.fixture
def browser(editor: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(editor)


def waves() -> list[str]:
    return sorted(Entry.objects.values_list("wave", flat=True))


def test_what_was_changed_in_bulk_is_one_click_from_the_entries_for_who_may_change_them(browser, viewer, sign_in):
    way = f'href="{ENTRIES}batches/"'
    assert way in browser.get(ENTRIES).text
    assert way not in sign_in(viewer).get(ENTRIES).text


def test_ticked_rows_lead_to_the_page_of_the_action(browser, twelve):
    answer = browser.get(f"{ENTRIES}bulk/", {"action": "wave", "pick": [twelve[0].pk, twelve[1].pk], "q": "rhys"})
    assert answer["Location"] == f"{ENTRIES}bulk/wave/?ids={twelve[0].pk},{twelve[1].pk}&back=q%3Drhys"
    page = browser.get(answer["Location"]).text
    assert "Set wave for 2 entries</h1>" in page
    assert "Rhys 00" in page


def test_all_that_match_carry_the_filter_and_not_the_page(browser, twelve):
    answer = browser.get(f"{ENTRIES}bulk/", {"action": "wave", "pick": [twelve[0].pk], "all": "1", "q": "rhys"})
    assert answer["Location"] == f"{ENTRIES}bulk/wave/?q=rhys"


def test_nothing_ticked_says_so(browser, twelve):
    answer = browser.get(f"{ENTRIES}bulk/", {"action": "wave", "q": "rhys"}, follow=True)
    assert "No entry is chosen" in answer.text


def test_ticked_rows_are_downloaded(browser, twelve):
    answer = browser.get(f"{ENTRIES}bulk/", {"action": "export", "pick": [twelve[3].pk]}, follow=True)
    text = b"".join(answer.streaming_content).decode()
    assert text.count("Rhys") == 1


def test_a_wave_is_set_on_all_that_match_and_undone(browser, twelve):
    batch = do(browser, "wave", "q=rhys", 12, value="B")
    assert (batch.changed, batch.same, batch.refused, batch.state) == (12, 0, 0, "done")
    assert waves() == ["B"] * 12
    assert batch.query == ""
    browser.post(f"{ENTRIES}batches/{batch.pk}/undo/")
    run_batch(batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    assert (batch.undone, batch.undone_at is not None) == (12, True)
    assert waves() == ["A"] * 12


def test_a_change_that_takes_entries_out_of_the_filter_reaches_each_once(browser, listing):
    Entry.objects.bulk_create(entry_of(listing, "Aled", f"Rhys {number}") for number in range(120))
    batch = do(browser, "tag", "missing=email", 120, value="chase")
    assert batch.changed == 120
    batch = do(browser, "untag", "tag=chase", 120, value="chase")
    assert batch.changed == 120
    assert not Entry.objects.exclude(own_tags="").exists()


def test_the_list_that_has_changed_is_shown_once_more(browser, twelve, listing):
    make_entry(listing, "Late", "Rhys")
    answer = begin(browser, "wave", "q=rhys", 12, value="B")
    assert answer.status_code == 422
    assert "There are 13 now" in answer.text
    assert 'value="B"' in answer.text
    assert not Batch.objects.exists()


def test_what_somebody_changed_since_is_not_undone(browser, twelve):
    batch = do(browser, "wave", "q=rhys", 12, value="B")
    Entry.objects.filter(pk=twelve[0].pk).update(wave="C")
    browser.post(f"{ENTRIES}batches/{batch.pk}/undo/")
    run_batch(batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    assert batch.undone == 11
    assert waves() == [*["A"] * 11, "C"]
    assert "Somebody has changed it since" in browser.get(f"{ENTRIES}batches/{batch.pk}/").text


def test_what_is_so_already_is_counted_apart(browser, twelve):
    Entry.objects.filter(pk=twelve[0].pk).update(wave="B")
    batch = do(browser, "wave", "q=rhys", 12, value="B")
    assert (batch.changed, batch.same) == (11, 1)


def test_an_erased_person_is_left_alone(browser, twelve):
    Entry.objects.filter(pk=twelve[0].pk).update(redacted=True)
    batch = do(browser, "wave", "q=rhys", 12, value="B")
    assert (batch.changed, batch.refused) == (11, 1)
    result = b"".join(browser.get(f"{ENTRIES}batches/{batch.pk}/result/").streaming_content).decode()
    assert "has been erased" in result
    record = AuditRecord.objects.get(action="entries.batch_downloaded")
    assert (record.subject, record.detail) == ("12 entries", {"rows": 12, "finished": True, "batch": batch.pk})
    assert result.count("\r\n") == 13


def test_a_status_that_the_provider_says_is_left_alone(browser, twelve, listing):
    here = make_entry(listing, "Bryn", "Rhys")
    Entry.objects.filter(pk=here.pk).update(connection=None, listing=None, external_id=None)
    batch = do(browser, "status", "q=rhys", 13, value="withdrawn")
    assert (batch.changed, batch.refused) == (1, 12)


def test_a_status_is_said_to_be_the_provider_s_of_just_those_it_is(browser, twelve):
    never_there, on_its_way = (entry.pk for entry in twelve[:2])
    Entry.objects.filter(pk__in=(never_there, on_its_way)).update(external_id=None)
    Entry.objects.filter(pk=on_its_way).update(push_state="sending")
    page = browser.get(f"{ENTRIES}bulk/status/?q=rhys&value=withdrawn").text
    assert "1 will change<" in page
    assert "11 of them are left alone: whether they hold a place is for their provider to say." in page


def test_notes_are_added_below_what_is_there_once(browser, twelve):
    Entry.objects.filter(pk=twelve[0].pk).update(notes="Runs with her sister.")
    do(browser, "note", f"ids={twelve[0].pk}", 1, value="Paid in cash.")
    do(browser, "note", f"ids={twelve[0].pk}", 1, value="Paid in cash.")
    assert Entry.objects.get(pk=twelve[0].pk).notes == "Runs with her sister.\nPaid in cash."


def test_what_a_batch_did_to_somebody_goes_when_they_are_erased(browser, twelve):
    entry = twelve[0]
    Entry.objects.filter(pk=entry.pk).update(notes="Runs with her sister.")
    batch = do(browser, "note", f"ids={entry.pk}", 1, value="Her mother rang.")
    erase_traces(entry.connection, [entry.external_id])
    item = batch.items.get()
    assert (item.before, item.after, item.reason) == ({}, {}, "")
    assert "Her mother rang" not in str(Batch.objects.values())


def test_a_partner_of_ours_stands_over_the_providers(browser, twelve):
    Entry.objects.filter(pk=twelve[0].pk).update(partner_group="Old group")
    do(browser, "partner", f"ids={twelve[0].pk}", 1, value="Harbour Lights Hospice")
    text = browser.get(f"{ENTRIES}?columns=name,partner&partner=harbour").text
    assert "Harbour Lights Hospice" in text
    assert "Old group" not in text


def test_what_was_refused_is_sent_again(browser, organisation, editor):
    listing = make_listing(make_connection(organisation))
    entry = refused(listing, editor, {})
    batch = do(browser, "push", f"ids={entry.pk}", 1)
    assert batch.changed == 1
    assert OutboundChange.objects.get(entry_id=entry.pk).state == PushState.QUEUED


def test_it_stops_where_it_is_told_to(browser, listing):
    Entry.objects.bulk_create(entry_of(listing, "Aled", f"Rhys {number}") for number in range(120))
    begin(browser, "wave", "q=rhys", 120, value="B")
    batch = Batch.objects.get()
    moments = iter(range(10))

    def clock():
        if next(moments) == 1:
            browser.post(f"{ENTRIES}batches/{batch.pk}/stop/")
        return timezone.now()

    run_batch(batch.pk, clock=clock)
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert batch.changed == Entry.objects.filter(wave="B").count() == 50


def test_the_way_back_stops_where_it_is_told_to_and_goes_on_from_there(browser, listing):
    Entry.objects.bulk_create(entry_of(listing, "Aled", f"Rhys {number}", wave="A") for number in range(120))
    batch = do(browser, "wave", "q=rhys", 120, value="B")
    browser.post(f"{ENTRIES}batches/{batch.pk}/undo/")
    moments = iter(range(10))

    def clock():
        if next(moments) == 1:
            page = browser.get(f"{ENTRIES}batches/{batch.pk}/").text
            assert "Undoing: 50 of 120" in page
            assert "Stop here" in page
            browser.post(f"{ENTRIES}batches/{batch.pk}/stop/")
        return timezone.now()

    run_batch(batch.pk, clock=clock)
    batch.refresh_from_db()
    assert (batch.undone, batch.undoing, batch.undone_at) == (50, False, None)
    assert waves().count("A") == 50
    page = browser.get(f"{ENTRIES}batches/{batch.pk}/").text
    assert "50 of 120 are as before; 70 still have what was done" in page
    assert "Undo the rest" in page
    browser.post(f"{ENTRIES}batches/{batch.pk}/undo/")
    run_batch(batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    assert (batch.undone, batch.undone_at is not None) == (120, True)
    assert waves() == ["A"] * 120
    told = AuditRecord.objects.filter(action="entries.batch_undone").order_by("pk").values_list("subject", flat=True)
    assert list(told) == ["120 entries", "70 entries"]


def test_how_far_it_is_is_told_in_numbers(browser, twelve):
    begin(browser, "wave", "q=rhys", 12, value="B")
    assert "Under way: 0 of 12" in browser.get(f"{ENTRIES}batches/{Batch.objects.get().pk}/").text


def test_it_is_in_the_audit_trail_and_in_each_history(browser, twelve, editor):
    batch = do(browser, "wave", "q=rhys", 12, value="B")
    assert AuditRecord.objects.filter(action="entries.batch_started", detail__batch=batch.pk, actor=editor).exists()
    assert "Wave A to B" in browser.get(f"{ENTRIES}{twelve[0].pk}/").text


def test_nothing_of_another_organisation_is_reached(stranger, sign_in, twelve):
    client = sign_in(stranger)
    answer = client.post(f"/o/elsewhere/entries/bulk/wave/?ids={twelve[0].pk}", {"expected": 1, "value": "B"})
    assert answer.status_code == 422
    assert waves() == ["A"] * 12


def test_steps_cost_the_same_however_many_there_are(browser, listing, django_assert_max_num_queries):
    Entry.objects.bulk_create(entry_of(listing, "Aled", f"Rhys {number}") for number in range(50))
    begin(browser, "wave", "q=rhys", 50, value="B")
    with django_assert_max_num_queries(15 * 50):
        run_batch(Batch.objects.get().pk, clock=timezone.now)


@given(st.lists(st.text(max_size=40), max_size=6), st.text(max_size=40))
def test_tags_are_found_by_what_they_were_set_with(there: list[str], tag: str):
    stored = tags.with_tag(tags.join(there), tag)
    assert not tags.clean(tag) or tags.wanted(tag) in stored
    assert tags.without_tag(stored, tag) == tags.join(each for each in there if tags.clean(each) != tags.clean(tag))
    assert tags.join(tags.parse(stored)) == stored
