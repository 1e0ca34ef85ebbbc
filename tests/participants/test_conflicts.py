"""The list of conflicts, and one of them settled: ours, theirs, or a third value."""

from datetime import date

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import OutboundChange
from organiser_portal.organisations.models import AuditRecord, Membership
from organiser_portal.participants.models import Conflict, Entry, Revision
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.pulls import RUN, hear

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/o/fellgate/conflicts/"


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def entry(listing) -> Entry:
    return make_entry(listing, "Siobhan", club="Hexley", email="s@mail.example", birth_date=date(1989, 3, 3))


def edit(client, entry: Entry, **values: str) -> None:
    """Through the form, as staff do."""
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/")
    shown = {bound.html_name: str(value) for bound in page.context["form"] if (value := bound.value()) is not None}
    assert client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**shown, **values}).status_code == 303


def settle(client, entry: Entry, field: str = "club", *, back: str | None = None, **told: str):
    entry.refresh_from_db()
    address = f"/o/fellgate/entries/{entry.pk}/conflicts/{field}/" + ("" if back is None else f"?back={back}")
    seen = entry.conflicts[field]["at"] if field in entry.conflicts else ""
    answer = client.post(address, {"seen": seen, **told})
    entry.refresh_from_db()
    return answer


@pytest.fixture
def disputed(sign_in, editor, entry) -> Entry:
    """Ed wrote a club, and then somebody wrote another at the provider."""
    edit(sign_in(editor), entry, club="Hexley Striders")
    return hear(entry, club="HEXLEY STRIDERS")


def test_the_list_shows_both_values_who_when_and_which_run(sign_in, viewer, disputed):
    page = " ".join(sign_in(viewer).get(LIST).content.decode().split())
    for told in (
        "Hexley Striders",
        "HEXLEY STRIDERS",
        "was <bdi>Hexley",
        "ed@fellgate.example",
        f"run {RUN}",
        "1 conflict",
    ):
        assert told in page


def test_a_pull_that_changes_nothing_on_both_sides_lists_nothing(sign_in, editor, entry):
    edit(sign_in(editor), entry, club="Hexley Striders")
    hear(entry, city="Corbury")
    assert "Nothing to settle" in sign_in(editor).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("field=club", True),
        ("field=email", False),
        ("differs=case", True),
        ("differs=other", False),
        ("source=letsdothis", True),
        ("source=eventrac", False),
        ("q=siobhan", True),
        ("q=nobody", False),
    ],
)
def test_the_list_is_narrowed(sign_in, viewer, organisation, disputed, query, found):
    make_connection(organisation, "eventrac")
    assert (f"/entries/{disputed.pk}/" in sign_in(viewer).get(f"{LIST}?{query}").content.decode()) is found


def test_the_list_is_narrowed_to_a_race(sign_in, viewer, disputed, organisation):
    other = make_listing(make_connection(organisation, "letsdothis", label="Other")).race
    client = sign_in(viewer)
    assert f"/entries/{disputed.pk}/" in client.get(f"{LIST}?race={disputed.race_id}").content.decode()
    assert f"/entries/{disputed.pk}/" not in client.get(f"{LIST}?race={other.pk}").content.decode()


def test_a_filter_that_makes_no_sense_is_said(sign_in, viewer, disputed):
    assert "makes no sense" in sign_in(viewer).get(f"{LIST}?field=nonsense").content.decode()


def test_taking_theirs_closes_it_and_stands_in_the_history(sign_in, editor, disputed):
    assert settle(sign_in(editor), disputed, choice="theirs").status_code == 303
    assert (disputed.club, disputed.overrides, disputed.conflicts) == ("HEXLEY STRIDERS", {}, {})
    assert not Conflict.objects.exists()
    newest = Revision.objects.first()
    assert newest.changes == [{"field": "club", "old": "Hexley Striders", "new": "HEXLEY STRIDERS"}]


def test_keeping_ours_holds_until_they_change_it_once_more(sign_in, editor, disputed):
    settle(sign_in(editor), disputed, choice="ours")
    assert hear(disputed, club="HEXLEY STRIDERS").conflicts == {}
    assert hear(disputed, club="Corbury AC").club == "Hexley Striders"
    assert disputed.conflicts["club"]["theirs"] == "Corbury AC"


def test_a_third_value_stands_over_theirs(sign_in, editor, disputed):
    assert settle(sign_in(editor), disputed, choice="typed", value="Hexley Striders AC").status_code == 303
    assert (disputed.club, disputed.conflicts) == ("Hexley Striders AC", {})
    assert disputed.overrides["club"]["provider_value"] == "HEXLEY STRIDERS"
    assert not OutboundChange.objects.exists()


def test_that_both_changed_it_stands_in_the_history_once(sign_in, viewer, disputed):
    hear(disputed, city="Corbury")
    page = sign_in(viewer).get(f"/o/fellgate/entries/{disputed.pk}/").content.decode()
    assert page.count("Changed on both sides, waits for somebody to choose: Club") == 1


@pytest.mark.parametrize("typed", ["HEXLEY STRIDERS", "Hexley Striders"])
def test_a_third_value_may_turn_out_to_be_one_of_the_two(sign_in, editor, disputed, typed):
    settle(sign_in(editor), disputed, choice="typed", value=typed)
    assert (disputed.club, disputed.conflicts) == (typed, {})
    assert not Conflict.objects.exists()


def test_a_third_value_is_checked_as_on_the_entry_s_form_and_is_not_lost(sign_in, editor, entry):
    client = sign_in(editor)
    edit(client, entry, email="siobhan@mail.example")
    hear(entry, email="other@mail.example")
    answer = settle(client, entry, "email", choice="typed", value="not an address")
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.content.decode()
    assert "This is not an e-mail address" in answer.content.decode()
    assert entry.email == "siobhan@mail.example"


def test_what_was_typed_and_not_chosen_is_asked_about(sign_in, editor, disputed):
    """Without a script nothing chooses the third value for whoever types it: ours, which is chosen first, would win."""
    answer = settle(sign_in(editor), disputed, choice="ours", value="Corbury Harriers")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "You typed another value and chose ours" in page
    assert 'value="Corbury Harriers"' in page
    assert "disabled" not in page.split('value="Corbury Harriers"')[1].split(">")[0]
    assert "club" in disputed.conflicts


@pytest.mark.parametrize("untouched", ["Hexley Striders", " Hexley  Striders", "", "HEXLEY STRIDERS"])
def test_what_stands_in_the_third_box_by_itself_is_not_in_the_way(sign_in, editor, disputed, untouched):
    assert settle(sign_in(editor), disputed, choice="ours", value=untouched).status_code == 303


def test_a_name_cannot_be_settled_to_nothing(sign_in, editor, entry):
    edit(sign_in(editor), entry, first_name="Siobhán")
    hear(entry, first_name="Shivaun")
    assert settle(sign_in(editor), entry, "first_name", choice="typed", value="").status_code == 422


def test_a_date_is_settled_by_its_own_field(sign_in, editor, entry):
    client = sign_in(editor)
    edit(client, entry, birth_date="1990-03-03")
    hear(entry, birth_date=date(1991, 3, 3))
    settle(client, entry, "birth_date", choice="typed", value="1992-02-29")
    assert entry.birth_date == date(1992, 2, 29)


def test_what_changed_once_more_meanwhile_is_looked_at_again(sign_in, editor, disputed):
    seen = disputed.conflicts["club"]["at"]
    conflict = {**disputed.conflicts["club"], "theirs": "Corbury AC", "at": "2027-05-14T09:30:00+00:00"}
    Entry.objects.filter(pk=disputed.pk).update(conflicts={"club": conflict})
    client = sign_in(editor)
    answer = client.post(f"/o/fellgate/entries/{disputed.pk}/conflicts/club/", {"seen": seen, "choice": "theirs"})
    assert answer.status_code == 422
    assert "changed its value once more" in answer.content.decode()
    again = {"seen": answer.context["form"]["seen"].value(), "choice": "theirs"}
    assert client.post(f"/o/fellgate/entries/{disputed.pk}/conflicts/club/", again).status_code == 303


def test_what_is_settled_already_is_said_and_nothing_else_happens(sign_in, editor, disputed):
    client = sign_in(editor)
    settle(client, disputed, choice="ours")
    answer = settle(client, disputed, choice="theirs")
    assert answer.status_code == 303
    assert disputed.club == "Hexley Striders"


def test_one_goes_back_to_the_list_as_it_was_filtered(sign_in, editor, disputed):
    answer = settle(sign_in(editor), disputed, back="field%3Dclub%26differs%3Dcase", choice="ours")
    assert answer["Location"] == "/o/fellgate/conflicts/?field=club&differs=case"


def test_nowhere_else_than_to_the_list_can_one_be_sent_back(sign_in, editor, disputed):
    answer = settle(sign_in(editor), disputed, back="%0d%0aX-Evil:1//elsewhere.example", choice="ours")
    assert answer["Location"].startswith("/o/fellgate/conflicts/?")
    assert "X-Evil" not in answer.headers


def test_editing_the_field_closes_the_conflict_too(sign_in, editor, disputed):
    edit(sign_in(editor), disputed, club="Corbury AC")
    assert not Conflict.objects.exists()


def test_medical_and_emergency_data_are_hidden_from_who_may_not_see_them(sign_in, editor, owner, entry):
    Membership.objects.filter(user=owner).update(sensitive_until=NOW.replace(year=2030))
    edit(sign_in(owner), entry, emergency_phone="07700 900111")
    hear(entry, emergency_phone="07700 900222")
    page = sign_in(editor).get(LIST).content.decode()
    assert "only with permission" in page
    assert "900222" not in page
    assert sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/conflicts/emergency_phone/").status_code == 404
    assert "900222" in sign_in(owner).get(LIST).content.decode()
    assert AuditRecord.objects.filter(action="entries.sensitive_seen").count() == 1


def test_a_conflict_of_an_entry_that_is_gone_waits_for_nobody(sign_in, viewer, disputed):
    Entry.objects.update(gone_at=NOW)
    assert "Nothing to settle" in sign_in(viewer).get(LIST).content.decode()


def test_an_erased_person_has_no_conflicts(disputed):
    hear(disputed, redacted=True, first_name="", last_name="", club="")
    assert not Conflict.objects.exists()


def test_the_list_asks_no_more_for_more_rows(sign_in, editor, listing, disputed):
    client = sign_in(editor)
    with CaptureQueriesContext(database) as few:
        client.get(LIST)
    for number in range(8):
        entry = make_entry(listing, "Ada", f"Byron {number}", club="Hexley")
        edit(client, entry, club="Hexley Striders")
        hear(entry, club="HEXLEY STRIDERS")
    with CaptureQueriesContext(database) as many:
        assert "9 conflicts" in client.get(LIST).content.decode()
    assert len(many) <= len(few)
