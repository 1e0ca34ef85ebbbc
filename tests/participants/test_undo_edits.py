"""Any edit by staff goes back from its line of the history, as long as nobody has changed the value since."""

import re
from datetime import date, timedelta

import pytest

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.organisations.models import Membership, Organisation
from organiser_portal.participants.erase import erase_traces
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.services import EntryValues, edit_entry
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_event, make_listing, make_race
from tests.participants.entries import confirmed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]

TEE = {"question_id": "q1", "label": "T-shirt", "value": "M"}
ALLERGY = {"question_id": "q2", "label": "Allergies", "value": "Nuts"}


@pytest.fixture
def entry(organisation) -> Entry:
    """Its provider takes no edits."""
    listing = make_listing(make_connection(organisation, "letsdothis"))
    return make_entry(listing, "Siobhan", birth_date=date(1989, 3, 3), wave="B", club="Hexley Harriers")


@pytest.fixture
def only_here(organisation) -> Entry:
    entry = make_entry(make_listing(make_connection(organisation)), "Aled", answers=[TEE], medical="Asthma")
    Entry.objects.filter(pk=entry.pk).update(connection=None, external_id=None, listing=None, origin="staff")
    entry.refresh_from_db()
    return entry


def save(client, entry: Entry, **values: str) -> Revision:
    """Through the form; the line that the history has of it."""
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/")
    shown = {bound.html_name: str(value) for bound in page.context["form"] if (value := bound.value()) is not None}
    assert client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**shown, **values}).status_code == 303
    entry.refresh_from_db()
    return entry.revisions.first()


def undo(client, entry: Entry, revision: Revision) -> str:
    """What the page says after it."""
    answer = client.post(f"/o/fellgate/entries/{entry.pk}/undo/", {"revision": revision.pk}, follow=True)
    entry.refresh_from_db()
    return answer.content.decode()


def offered(client, entry: Entry) -> set[int]:
    page = client.get(f"/o/fellgate/entries/{entry.pk}/").content.decode()
    return {int(number) for number in re.findall(r'name="revision" value="(\d+)"', page)}


def test_an_edit_goes_back_and_says_so(sign_in, editor, entry):
    client = sign_in(editor)
    revision = save(client, entry, wave="C")
    assert offered(client, entry) == {revision.pk}
    assert "Undone: Wave B to C." in undo(client, entry, revision)
    assert entry.wave == "B"
    line = entry.revisions.first()
    assert (line.summary, line.by) == ("Undone: Wave B to C", editor)
    assert line.changes == [{"field": "wave", "old": "C", "new": "B"}]


def test_an_undo_can_be_undone(sign_in, editor, entry):
    client = sign_in(editor)
    undo(client, entry, save(client, entry, wave="C"))
    undo(client, entry, entry.revisions.first())
    assert (entry.wave, entry.revisions.first().summary) == ("C", "Undone: Wave C to B")


def test_what_somebody_changed_since_stays_and_it_says_who(sign_in, editor, manager, entry):
    first = save(sign_in(editor), entry, wave="C")
    save(sign_in(manager), entry, wave="D")
    client = sign_in(editor)
    assert first.pk not in offered(client, entry)
    assert f"Wave has been changed since by {manager}." in undo(client, entry, first)
    assert entry.wave == "D"


def test_several_values_changed_by_one_person_are_one_sentence(sign_in, editor, manager, entry):
    revision = save(sign_in(editor), entry, wave="C", bib="17", club="Vale Runners")
    save(sign_in(manager), entry, wave="D", bib="18", club="")
    assert f"Club, Bib and Wave have been changed since by {manager}." in undo(sign_in(editor), entry, revision)


def test_of_two_values_the_one_that_still_stands_goes_back(sign_in, editor, manager, entry):
    revision = save(sign_in(editor), entry, wave="C", bib="17")
    save(sign_in(manager), entry, bib="18")
    assert "Bib has been changed since by" in undo(sign_in(editor), entry, revision)
    assert (entry.wave, entry.bib) == ("B", "18")


def test_what_a_run_changed_since_names_the_run(sign_in, editor, entry):
    revision = save(sign_in(editor), entry, club="Corbury AC")
    Entry.objects.filter(pk=entry.pk).update(club="Vale Runners", overrides={})
    change = {"field": "club", "old": "Corbury AC", "new": "Vale Runners"}
    values = {"organisation": entry.organisation, "at": NOW, "source": "sync", "run_id": 7, "changes": [change]}
    Revision.objects.create(entry=entry, **values)
    assert "Club has been changed since by Let&#x27;s Do This, run 7." in undo(sign_in(editor), entry, revision)
    assert entry.club == "Vale Runners"


def test_our_value_over_theirs_is_lifted(sign_in, editor, entry):
    client = sign_in(editor)
    revision = save(client, entry, birth_date="1990-04-04", first_name="Siobhán")
    assert set(entry.overrides) == {"birth_date", "first_name"}
    undo(client, entry, revision)
    assert (entry.birth_date, entry.first_name, entry.overrides) == (date(1989, 3, 3), "Siobhan", {})


def test_a_settled_value_comes_back_over_theirs(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    client.post(f"/o/fellgate/entries/{entry.pk}/settle/", {"field": "first_name"})
    undo(client, entry, entry.revisions.first())
    assert entry.first_name == "Siobhán"
    assert entry.overrides["first_name"]["provider_value"] == "Siobhan"


@pytest.mark.postgresql
def test_a_provider_that_takes_edits_is_told(sign_in, editor, organisation):
    entry = confirmed(make_listing(make_connection(organisation, "eventrac")), editor, city="Hexley")
    client = sign_in(editor)
    revision = save(client, entry, city="Corbury")
    OutboundChange.objects.filter(state=PushState.QUEUED).update(state=PushState.CONFIRMED, settled_at=NOW)
    undo(client, entry, revision)
    queued = OutboundChange.objects.get(state=PushState.QUEUED)
    assert (entry.city, queued.values["person"]["city"], queued.values["fields"]) == ("Hexley", "Hexley", ["city"])


def test_notes_go_back_too(sign_in, editor, entry):
    client = sign_in(editor)
    client.post(f"/o/fellgate/entries/{entry.pk}/notes/", {"notes": "Arrives late"})
    undo(client, entry, entry.revisions.first())
    assert entry.notes == ""


def test_medical_data_are_not_kept_and_the_line_says_why(sign_in, editor, only_here):
    Membership.objects.filter(user=editor).update(sensitive_until=NOW + timedelta(days=1))
    client = sign_in(editor)
    revision = save(client, only_here, medical="Asthma, inhaler", city="Corbury")
    assert "inhaler" not in str([revision.before, revision.after, revision.changes])
    assert "Medical and emergency data are never copied into the history" in undo(client, only_here, revision)
    assert (only_here.medical, only_here.city) == ("Asthma, inhaler", "")
    alone = save(client, only_here, medical="Asthma")
    assert alone.pk not in offered(client, only_here)


@pytest.mark.postgresql
def test_answers_go_back_one_by_one_and_health_stays(sign_in, editor, only_here):
    typed = [{**TEE, "value": "L"}, ALLERGY, {"question_id": "q3", "label": "Coach", "value": "Yes"}]
    values = EntryValues(answers=typed, orders=[{"sku_id": "s1", "quantity": 2}], affiliations={"uk-athletics": "77"})
    edit_entry(entry=only_here, values=values, by=editor, now=NOW)
    revision = only_here.revisions.first()
    assert "Nuts" not in str([revision.before, revision.after, revision.changes])
    undo(sign_in(editor), only_here, revision)
    assert {answer["question_id"]: answer for answer in only_here.answers} == {
        answer["question_id"]: answer for answer in (TEE, ALLERGY)
    }
    assert (only_here.orders, only_here.affiliations) == ([], {})
    undo(sign_in(editor), only_here, only_here.revisions.first())
    assert [answer["value"] for answer in only_here.answers] == ["L", "Nuts", "Yes"]
    assert (only_here.orders[0]["quantity"], only_here.affiliations) == (2, {"uk-athletics": "77"})


def test_a_viewer_is_offered_nothing(sign_in, editor, viewer, entry):
    save(sign_in(editor), entry, wave="C")
    assert not offered(sign_in(viewer), entry)


def test_nothing_of_another_entry_or_organisation_is_undone(sign_in, editor, entry):
    other = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    theirs = make_entry(make_listing(make_connection(other), make_race(other, event=make_event(other))), wave="C")
    values = {"organisation": other, "at": NOW, "source": "staff", "before": {"wave": "B"}, "after": {"wave": "C"}}
    revision = Revision.objects.create(entry=theirs, **values)
    assert "There is nothing left to undo here." in undo(sign_in(editor), entry, revision)
    theirs.refresh_from_db()
    assert theirs.wave == "C"


@pytest.mark.postgresql
def test_what_was_erased_cannot_come_back(sign_in, editor, entry):
    revision = save(sign_in(editor), entry, first_name="Siobhán")
    erase_traces(entry.connection, [entry.external_id])
    Entry.objects.filter(pk=entry.pk).update(redacted=True, first_name="", overrides={})
    revision.refresh_from_db()
    assert (revision.before, revision.after) == ({}, {})
    assert "has been erased" in undo(sign_in(editor), entry, revision)
    assert entry.first_name == ""


def test_beside_the_list_only_the_entry_is_drawn_again(sign_in, editor, entry):
    client = sign_in(editor)
    revision = save(client, entry, wave="C")
    address = f"/o/fellgate/entries/{entry.pk}/undo/?in=entries"
    answer = client.post(address, {"revision": revision.pk}, headers={"HX-Request": "true"}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"/entries/{entry.pk}/?in=entries")
    page = client.get(answer.redirect_chain[0][0], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'id="entry"' in page
