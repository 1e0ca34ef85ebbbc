"""Staff change an entry that a provider takes edits of: kept here at once, and told to the provider."""

import pytest

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.events.models import Listing, Question
from organiser_portal.participants.models import Entry, Revision
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.entries import change_of, confirmed, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]


@pytest.fixture
def listing(organisation) -> Listing:
    listing = make_listing(make_connection(organisation), external_id="30551")
    Question.objects.create(listing=listing, external_id="7701", label="Predicted finish time", mandatory=True)
    return listing


@pytest.fixture
def entry(listing, editor) -> Entry:
    answers = [{"question_id": "7701", "label": "Predicted finish time", "value": "0:58"}]
    return confirmed(listing, editor, answers=answers, emergency_name="Jo Okafor")


def shown(client, entry: Entry) -> dict[str, str]:
    """What a browser would send if nobody typed anything."""
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/")
    assert page.status_code == 200
    return {bound.html_name: str(value) for bound in page.context["form"] if (value := bound.value()) is not None}


def save(client, entry: Entry, **values: str):
    return client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**shown(client, entry), **values})


def edits(entry: Entry):
    return OutboundChange.objects.filter(entry_id=entry.pk, action="edit_entry")


def test_a_change_is_kept_and_promised_to_the_provider(sign_in, editor, entry):
    answer = save(sign_in(editor), entry, first_name="Síle", phone="07700 900111")
    assert answer.status_code == 303
    entry.refresh_from_db()
    assert (entry.first_name, entry.push_state) == ("Síle", PushState.QUEUED)
    change = edits(entry).get()
    assert change.values["fields"] == ["first_name", "phone"]
    assert change.values["person"] == {"first_name": "Síle", "phone": "07700 900111"}
    assert (change.state, change.due_at, change.entry_external_id) == (PushState.QUEUED, NOW, "512077")


def test_a_changed_name_is_found_by_search(sign_in, editor, entry):
    save(sign_in(editor), entry, last_name="Ó Dónaill")
    entry.refresh_from_db()
    assert entry.sort_name == "o donaill siobhan"
    assert "donaill" in entry.search_text


def test_history_keeps_who_changed_what(sign_in, editor, entry):
    save(sign_in(editor), entry, birth_date="1989-03-03", **{"answers.7701": "0:54"})
    revision = Revision.objects.get()
    assert revision.by == editor
    assert revision.changes == [
        {"field": "birth_date", "old": "", "new": "3 March 1989"},
        {"field": "answers.7701", "label": "Predicted finish time", "old": "0:58", "new": "0:54"},
    ]


@pytest.mark.postgresql
def test_nothing_changed_is_nothing_sent(sign_in, editor, entry):
    assert save(sign_in(editor), entry).status_code == 303
    assert not edits(entry).exists()
    assert not Revision.objects.exists()


def test_a_later_edit_joins_the_one_that_still_waits(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Síle")
    save(client, entry, first_name="Sheila", city="Corbury")
    change = edits(entry).get()
    assert change.values["person"] == {"first_name": "Sheila", "city": "Corbury"}
    assert change.values["was"] == {"first_name": "Siobhán", "city": ""}


def test_an_edit_joins_an_add_that_still_waits(sign_in, editor, listing):
    entry = make_entry(listing, email="a@mail.example", origin="staff")
    Entry.objects.filter(pk=entry.pk).update(external_id=None)
    change_of(entry, editor, state=PushState.QUEUED, due_at=NOW)
    save(sign_in(editor), entry, first_name="Síle", **{"answers.7701": "0:54"})
    change = OutboundChange.objects.get()
    assert (change.action, change.values["person"]["first_name"]) == ("add_entry", "Síle")


@pytest.mark.postgresql
def test_an_edit_waits_behind_what_is_being_sent(sign_in, editor, entry):
    OutboundChange.objects.update(state=PushState.SENDING)
    save(sign_in(editor), entry, first_name="Síle")
    assert edits(entry).get().state == PushState.QUEUED
    assert OutboundChange.objects.get(action="add_entry").state == PushState.SENDING


def test_bib_wave_and_notes_are_ours_and_never_sent(sign_in, editor, entry):
    save(sign_in(editor), entry, bib="0847", wave="C", notes="Runs with her sister.")
    entry.refresh_from_db()
    assert (entry.bib, entry.wave, entry.notes) == ("0847", "C", "Runs with her sister.")
    assert not edits(entry).exists()


def test_what_the_provider_has_no_place_for_stays_here(sign_in, editor, entry):
    client = sign_in(editor)
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
    assert "Kept here. eventrac has no place for it." in page
    save(client, entry, club="Hexley Striders")
    entry.refresh_from_db()
    assert entry.club == "Hexley Striders"
    assert not edits(entry).exists()


def test_what_somebody_changed_meanwhile_is_not_overwritten_unseen(sign_in, editor, owner, entry):
    client = sign_in(editor)
    form = shown(client, entry)
    save(sign_in(owner), entry, first_name="Síle")
    late = client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**form, "city": "Corbury"})
    assert late.status_code == 422
    assert "olive@fellgate.example changed this entry while you were typing" in late.content.decode()
    entry.refresh_from_db()
    assert (entry.first_name, entry.city) == ("Síle", "")
    again = {**form, "city": "Corbury", "first_name": "Síle", "seen": late.context["form"]["seen"].value()}
    assert client.post(f"/o/fellgate/entries/{entry.pk}/edit/", again).status_code == 303


@pytest.mark.postgresql
def test_a_form_that_is_sent_twice_because_no_answer_came_is_saved_once(sign_in, editor, entry):
    client = sign_in(editor)
    form = {**shown(client, entry), "first_name": "Síle"}
    for _ in range(2):
        assert client.post(f"/o/fellgate/entries/{entry.pk}/edit/", form).status_code == 303
    assert edits(entry).count() == 1
    assert entry.revisions.filter(source="staff").count() == 1


def test_a_wrong_value_is_422_and_loses_nothing(sign_in, editor, entry):
    answer = save(sign_in(editor), entry, email="nonsense", city="Corbury")
    assert answer.status_code == 422
    assert 'value="Corbury"' in answer.content.decode()


def test_who_may_not_see_emergency_data_cannot_blank_it(sign_in, editor, entry):
    client = sign_in(editor)
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
    assert "Jo Okafor" not in page
    assert "only with permission" in page
    save(client, entry, emergency_name="", emergency_phone="", medical="")
    entry.refresh_from_db()
    assert entry.emergency_name == "Jo Okafor"


def test_who_may_not_see_an_answer_about_health_does_not_get_it_out_of_sight(sign_in, editor, entry):
    Question.objects.create(listing=entry.listing, external_id="7702", label="Any medical conditions?")
    entry.answers += [{"question_id": "7702", "label": "Any medical conditions?", "value": "Peanut allergy"}]
    entry.save()
    client = sign_in(editor)
    assert "Peanut allergy" not in client.get(f"/o/fellgate/entries/{entry.pk}/edit/").text
    save(client, entry, city="Corbury")
    entry.refresh_from_db()
    assert [answer["value"] for answer in entry.answers] == ["0:58", "Peanut allergy"]


def test_a_refusal_stands_on_the_field_that_caused_it(sign_in, editor, listing):
    entry = refused(listing, editor, {"email": ["The provided value is invalid"], "answers.7701": ["Too slow"]})
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/edit/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "eventrac refused this entry at 10:00. 2 answers to fix." in text
    assert page.context["form"]["email"].errors == ["eventrac says “The provided value is invalid”."]
    assert page.context["form"]["answers.7701"].errors == ["eventrac says “Too slow”."]
    assert 'value="siobhan@mail,example"' in text


def test_a_refusal_that_is_no_answer_s_fault_says_what_to_do(sign_in, editor, listing):
    entry = refused(listing, editor, {"race": ["This race is full"]})
    text = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/edit/").text
    assert "eventrac refused this entry at 10:00.</" in text
    assert "Race: eventrac says “This race is full”." in text
    assert "No answer below is at fault. Once eventrac would take it, save and send it again, or keep it here" in text


def test_what_is_mended_is_sent_again_under_the_same_reference(sign_in, editor, listing):
    entry = refused(listing, editor, {"email": ["The provided value is invalid"]})
    before = OutboundChange.objects.get()
    answer = save(sign_in(editor), entry, email="siobhan@mail.example", **{"answers.7701": "0:54"})
    assert answer.status_code == 303
    change = OutboundChange.objects.get()
    assert (change.pk, change.reference, change.state) == (before.pk, entry.reference, PushState.QUEUED)
    assert (change.field_errors, change.due_at) == ({}, NOW)
    assert change.values["person"]["email"] == "siobhan@mail.example"


def test_it_can_be_sent_again_as_it_is(sign_in, editor, listing):
    entry = refused(listing, editor, {"race": ["It is full"]})
    save(sign_in(editor), entry, email="siobhan@mail.example", **{"answers.7701": "0:54"})
    OutboundChange.objects.update(state=PushState.REJECTED)
    save(sign_in(editor), entry)
    assert OutboundChange.objects.get().state == PushState.QUEUED


def test_a_refused_entry_can_be_kept_only_here(sign_in, editor, listing):
    entry = refused(listing, editor, {"race": ["It is full"]})
    told = {"action": "keep_here", "email": "siobhan@mail.example", "answers.7701": "0:54"}
    assert save(sign_in(editor), entry, **told).status_code == 303
    entry.refresh_from_db()
    assert (entry.connection, entry.listing, entry.push_state, entry.status) == (None, None, "", "live")
    assert entry.email == "siobhan@mail.example"
    assert OutboundChange.objects.get().state == PushState.DISCARDED


def test_a_refused_entry_can_be_discarded(sign_in, editor, listing):
    entry = refused(listing, editor, {"race": ["It is full"]})
    sign_in(editor).post(f"/o/fellgate/entries/{entry.pk}/discard/")
    entry.refresh_from_db()
    assert (entry.status, entry.push_state) == ("withdrawn", "")
    assert OutboundChange.objects.get().state == PushState.DISCARDED


@pytest.mark.postgresql
def test_discarding_a_refused_edit_brings_the_old_values_back(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Síle", birth_date="1989-03-03")
    edits(entry).update(state=PushState.REJECTED)
    client.post(f"/o/fellgate/entries/{entry.pk}/discard/")
    entry.refresh_from_db()
    assert (entry.first_name, entry.birth_date) == ("Siobhán", None)
    assert edits(entry).get().state == PushState.DISCARDED


def test_there_is_nothing_to_discard_where_nothing_was_refused(sign_in, editor, entry):
    sign_in(editor).post(f"/o/fellgate/entries/{entry.pk}/discard/")
    entry.refresh_from_db()
    assert entry.status == "live"


def test_an_entry_only_here_is_simply_changed(sign_in, editor, listing):
    entry = make_entry(listing, origin="staff")
    Entry.objects.filter(pk=entry.pk).update(connection=None, listing=None, external_id=None)
    save(sign_in(editor), entry, first_name="Síle", status="deferred")
    entry.refresh_from_db()
    assert (entry.first_name, entry.status, entry.overrides) == ("Síle", "deferred", {})
    assert not OutboundChange.objects.exists()


def test_withdrawing_is_marked_here_and_told_to_be_done_there(sign_in, editor, entry):
    client = sign_in(editor)
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
    assert "eventrac cannot withdraw an entry through its API" in page
    save(client, entry, status="withdrawn")
    entry.refresh_from_db()
    assert entry.status == "withdrawn"
    assert not edits(entry).exists()


def test_an_erased_person_cannot_be_edited(sign_in, editor, entry):
    Entry.objects.filter(pk=entry.pk).update(redacted=True)
    client = sign_in(editor)
    assert client.get(f"/o/fellgate/entries/{entry.pk}/edit/").status_code == 303
    client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {"first_name": "Síle"})
    entry.refresh_from_db()
    assert entry.first_name == "Siobhán"


@pytest.mark.parametrize("page", ["edit", "discard", "settle", "notes"])
def test_a_viewer_changes_nothing_and_a_stranger_finds_nothing(sign_in, viewer, stranger, entry, page):
    address = f"/o/fellgate/entries/{entry.pk}/{page}/"
    assert sign_in(viewer).post(address).status_code == 403
    assert sign_in(stranger).post(address).status_code == 404


def test_an_entry_of_another_organisation_is_404(sign_in, stranger, entry):
    assert sign_in(stranger).get(f"/o/elsewhere/entries/{entry.pk}/edit/").status_code == 404


def test_what_is_refused_about_a_field_not_shown_is_said_by_name(sign_in, owner, editor, listing):
    entry = refused(listing, owner, {"emergency_phone": ["This field cannot be left empty"]})
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
    assert "Emergency number: eventrac says “This field cannot be left empty”." in page
    assert 'name="emergency_phone"' not in page
    assert 'name="emergency_phone"' in sign_in(owner).get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
