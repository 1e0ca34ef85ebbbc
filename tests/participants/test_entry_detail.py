"""The page of one entry: what it says, whose word it is, and who may see it."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import OutboundChange, PushState
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import AuditRecord, Membership
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.services import EntryValues, edit_entry
from tests.conftest import NOW
from tests.factories import make_application, make_connection, make_entry, make_listing
from tests.participants.entries import confirmed, refused
from tests.participants.pulls import hear

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]


@pytest.fixture
def listing(organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"), url="https://www.letsdothis.com/e/hexley")


@pytest.fixture
def entry(listing) -> Entry:
    return make_entry(
        listing,
        birth_date=date(1989, 5, 24),
        bib="0847",
        provider_bib="12",
        ticket_title="10K early",
        price_minor=2600,
        currency="GBP",
        partner_name="Harbour Lights Hospice",
        booker_name="Aled ap Rhys",
        tags=["wave-b"],
        emergency_name="Jo Okafor",
        emergency_phone="07700 900222",
        medical="Asthma",
        answers=[
            {"question_id": "q1", "label": "T-shirt", "value": "M, women's"},
            {"question_id": "q2", "label": "Any medical conditions?", "value": "Peanut allergy"},
        ],
    )


@pytest.fixture
def medic(viewer) -> object:
    Membership.objects.filter(user=viewer).update(sensitive_until=NOW + timedelta(days=1))
    return viewer


def page_of(client, entry: Entry) -> str:
    answer = client.get(f"/o/fellgate/entries/{entry.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_everything_known(sign_in, viewer, entry):
    page = page_of(sign_in(viewer), entry)
    for text in ("Siobhán Breathnach", "0847", "24 May 1989", "37 on the day", "10K early", "£26.00", "T-shirt",
                 "M, women&#x27;s", "Harbour Lights Hospice", "Aled ap Rhys", "wave-b", "First seen"):  # fmt: skip
        assert text in page
    assert "Let&#x27;s Do This says 12" in page, "the provider's bib beside ours"


@pytest.mark.postgresql
def test_medical_and_emergency_data_are_for_medics_and_owners(sign_in, viewer, entry):
    page = page_of(sign_in(viewer), entry)
    assert "Only with permission. Each view is logged." in page
    for text in ("Jo Okafor", "07700 900222", "Asthma", "Peanut"):
        assert text not in page
    assert not AuditRecord.objects.exists()


def test_a_medic_sees_them_and_the_look_is_logged(sign_in, medic, entry):
    page = page_of(sign_in(medic), entry)
    for text in ("Jo Okafor", "07700 900222", "Asthma", "Peanut allergy"):
        assert text in page
    record = AuditRecord.objects.get()
    assert (record.action, record.actor, record.subject) == ("entry.sensitive_seen", medic, entry.reference)


def test_a_permission_that_has_run_out_opens_nothing(sign_in, medic, entry, clock):
    clock.shift(timedelta(days=2))
    assert "Jo Okafor" not in page_of(sign_in(medic), entry)


def test_an_answer_mapped_to_medical_data_is_hidden_whatever_it_is_called(sign_in, viewer, entry):
    entry.connection.mapping = {"q1": "medical"}
    entry.connection.save()
    assert "M, women" not in page_of(sign_in(viewer), entry)


def test_our_value_shows_who_when_and_what_they_say(sign_in, editor, viewer, entry):
    entry.overrides = {
        "first_name": {
            "value": "Siobhán",
            "provider_value": "Siobhan",
            "by": "Dafydd",
            "by_id": 1,
            "at": NOW.isoformat(),
        }
    }
    entry.save()
    page = page_of(sign_in(editor), entry)
    assert "Let&#x27;s Do This says “<bdi>Siobhan</bdi>”. Dafydd," in page
    assert "Back to theirs" in page
    assert "Back to theirs" not in page_of(sign_in(viewer), entry)


def test_what_cannot_be_done_is_said_with_a_way_to_do_it_by_hand(sign_in, viewer, entry):
    page = page_of(sign_in(viewer), entry)
    assert "What Let&#x27;s Do This leaves to you" in page
    assert 'href="https://www.letsdothis.com/e/hexley"' in page
    assert ">Withdraw<" not in page


@pytest.mark.postgresql
def test_an_address_that_is_no_web_page_is_not_linked(sign_in, viewer, entry, listing):
    Listing.objects.filter(pk=listing.pk).update(url="javascript:alert(1)")
    assert "javascript:" not in page_of(sign_in(viewer), entry)


@pytest.mark.postgresql
def test_it_links_the_application_it_grew_from(sign_in, viewer, listing, entry):
    application = make_application(listing, external_id="a77")
    Entry.objects.filter(pk=entry.pk).update(application_external_id="a77")
    assert f"/o/fellgate/applications/{application.pk}/" in page_of(sign_in(viewer), entry)


def test_history_tells_what_the_provider_changed_and_hides_what_is_hidden(sign_in, viewer, entry):
    Revision.objects.create(
        organisation=entry.organisation,
        entry=entry,
        at=NOW,
        source="sync",
        run_id=8112,
        changes=[
            {"field": "city", "old": "Hexley", "new": "Corbury"},
            {"field": "answers", "old": "", "new": "Any medical conditions?: Peanut allergy"},
        ],
    )
    page = page_of(sign_in(viewer), entry)
    assert "Town Hexley to Corbury" in page
    assert "run 8,112" in page
    assert "Answers changed" in page
    assert "Peanut" not in page


@pytest.mark.postgresql
def test_an_answer_about_health_is_not_copied_into_the_history(sign_in, owner, entry):
    """Nor for those who may see it on the entry: it would stay there when it is changed, or its permission ends."""
    size = {"question_id": "q1", "label": "T-shirt", "value": "M"}
    health = {"question_id": "q2", "label": "Any medical conditions?", "value": "Peanut allergy"}
    Entry.objects.filter(pk=entry.pk).update(answers=[size])
    hear(entry, answers=[{**size, "value": "L"}, health])
    hear(entry, answers=[{**size, "value": "L"}, {**health, "value": "Peanut allergy, carries a pen"}])
    first, second = Revision.objects.filter(entry=entry).order_by("pk")
    assert first.changes == [{"field": "answers", "old": "T-shirt: M", "new": "T-shirt: L"}]
    assert second.changes == [{"field": "answers", "old": "…", "new": "…"}]
    assert "Answers changed" in page_of(sign_in(owner), entry)


def test_an_erased_person_is_said_to_be_erased(sign_in, editor, entry):
    Entry.objects.filter(pk=entry.pk).update(redacted=True, first_name="", last_name="", booker_name="")
    page = page_of(sign_in(editor), entry)
    assert "This person has been erased" in page
    assert f"/entries/{entry.pk}/edit/" not in page


def test_a_confirmed_entry_says_its_number_and_asks_no_more(sign_in, editor, organisation):
    entry = confirmed(make_listing(make_connection(organisation)), editor)
    page = page_of(sign_in(editor), entry)
    assert "as number 512077" in page
    assert 'hx-trigger="every' not in page


def test_what_is_under_way_is_followed_until_it_is_over(sign_in, editor, organisation):
    entry = confirmed(make_listing(make_connection(organisation)), editor)
    OutboundChange.objects.update(state=PushState.QUEUED, due_at=NOW)
    client = sign_in(editor)
    state = f"/o/fellgate/entries/{entry.pk}/state/"
    page = page_of(client, entry)
    assert f'hx-get="{state}?seen=queued" hx-trigger="every 2s"' in page
    assert f"/connections/{entry.connection_id}/push/" in page, "sent at once, not at the next full minute"
    OutboundChange.objects.update(state=PushState.CONFIRMED, settled_at=NOW)
    fragment = client.get(state, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Confirmed" in fragment
    assert "hx-trigger" not in fragment


def test_what_waits_for_long_is_asked_for_seldom(sign_in, editor, organisation):
    entry = confirmed(make_listing(make_connection(organisation)), editor)
    OutboundChange.objects.update(state=PushState.QUEUED, due_at=NOW + timedelta(hours=3), attempts=4)
    page = page_of(sign_in(editor), entry)
    assert 'hx-trigger="every 30s"' in page
    assert "Tried 4 times, next try" in page


def test_why_it_was_refused_is_said_before_everything_else(sign_in, editor, viewer, organisation, entry):
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/").text
    assert 'id="entry-refused"></div>' in page
    late = refused(make_listing(make_connection(organisation)), editor, {"email": ["The provided value is invalid"]})
    page = sign_in(editor).get(f"/o/fellgate/entries/{late.pk}/").text
    said = page.index("Nothing is lost. It is not tried again until somebody fixes it")
    assert said < page.index('id="person-title"')
    assert "Fix this entry" in page
    assert "Fix this entry" not in sign_in(viewer).get(f"/o/fellgate/entries/{late.pk}/").text


def test_a_refused_entry_leads_to_its_form(sign_in, editor, viewer, organisation):
    entry = refused(make_listing(make_connection(organisation)), editor, {"email": ["The provided value is invalid"]})
    page = page_of(sign_in(editor), entry)
    assert "Refused" in page
    assert "Fix it" in page
    assert "Fix it" not in page_of(sign_in(viewer), entry)


def test_notes_are_kept_on_the_page_itself(sign_in, editor, entry):
    answer = sign_in(editor).post(f"/o/fellgate/entries/{entry.pk}/notes/", {"notes": "Runs with her sister."})
    assert answer.status_code == 303
    entry.refresh_from_db()
    assert entry.notes == "Runs with her sister."


def test_a_fragment_is_the_entry_without_the_shell(sign_in, viewer, entry):
    answer = sign_in(viewer).get(f"/o/fellgate/entries/{entry.pk}/", headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<article id="entry">')


def test_its_queries_do_not_grow_with_its_history(sign_in, viewer, entry):
    client = sign_in(viewer)

    def queries() -> int:
        Revision.objects.create(
            organisation=entry.organisation, entry=entry, at=NOW, source="staff", by=viewer,
            changes=[{"field": "city", "old": "", "new": "Corbury"}],
        )  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            page_of(client, entry)
        return len(seen)

    page_of(client, entry)  # the first page of a session notes where it is from
    assert len({queries() for _ in range(4)}) == 1


@pytest.mark.parametrize("page", ["", "state/"])
def test_a_stranger_gets_404(sign_in, stranger, entry, page):
    client = sign_in(stranger)
    assert client.get(f"/o/fellgate/entries/{entry.pk}/{page}").status_code == 404
    assert client.get(f"/o/elsewhere/entries/{entry.pk}/{page}").status_code == 404


def whence(page: str, label: str) -> str:
    """What is read out of where the value in this line is from."""
    line = re.search(rf"<dt>{label}</dt>(.*?)</div>", page, re.DOTALL)
    said = re.search(r'class="whence">(.*?)</span>', line[1], re.DOTALL) if line else None
    return re.sub(r"<[^>]+>", "", said[1]) if said else ""


def test_every_value_says_where_it_is_from(sign_in, editor, viewer, entry):
    client = sign_in(editor)
    change = {"field": "club", "old": "", "new": "Hexley Harriers"}
    Revision.objects.create(
        organisation=entry.organisation, entry=entry, at=NOW, source="sync", run_id=1204, changes=[change]
    )
    Entry.objects.filter(pk=entry.pk).update(club="Hexley Harriers", city="Corbury")
    entry.refresh_from_db()
    edit_entry(entry=entry, values=EntryValues(person={"first_name": "Síle"}, own={"bib": "9"}), by=editor, now=NOW)
    page = page_of(client, entry)
    assert whence(page, "Club").startswith("From Let&#x27;s Do This, run 1,204, ")
    assert whence(page, "Last name").startswith("From Let&#x27;s Do This, since it was first seen, ")
    assert whence(page, "T-shirt").startswith("From Let&#x27;s Do This, since it was first seen, ")
    assert whence(page, "Bib").startswith(f"Set here by {editor}, ")
    assert f"{editor}, " in page.split("<dt>First name</dt>")[1].split("</div>")[0], (
        "ours over theirs says it at length"
    )
    assert whence(page, "Medical") == "", "nothing on what one may not see"
    assert re.search(r'href="/o/fellgate/[a-z/]*1204/">run 1,204</a>', page), "the history leads to the run"


def test_an_entry_added_here_was_typed_by_somebody(sign_in, viewer, editor, listing):
    page = page_of(sign_in(viewer), confirmed(listing, editor, created_by=editor))
    assert whence(page, "Last name").startswith(f"Typed here by {editor}, ")


def test_what_is_written_from_the_right_does_not_turn_what_stands_beside_it(sign_in, viewer, listing):
    entry = make_entry(listing, "נועה", "בן-דוד", address_1="14 שדרות רוטשילד", city="תל אביב", postcode="61000")
    page = sign_in(viewer).get(f"/o/fellgate/entries/{entry.pk}/").text
    assert "<bdi>נועה</bdi>" in page
    assert "<bdi>14 שדרות רוטשילד" in page
