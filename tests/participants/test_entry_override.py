"""An entry whose provider takes no edits: our value stands over theirs, and theirs is not forgotten."""

from datetime import date

import pytest

from organiser_portal.connections.models import OutboundChange
from organiser_portal.participants.merge import merge
from organiser_portal.participants.models import Entry, Revision
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]


@pytest.fixture
def entry(organisation) -> Entry:
    listing = make_listing(make_connection(organisation, "letsdothis"))
    return make_entry(listing, "Siobhan", email="s.breathnach@mail.example", birth_date=date(1989, 3, 3))


def shown(client, entry: Entry) -> dict[str, str]:
    page = client.get(f"/o/fellgate/entries/{entry.pk}/edit/")
    return {bound.html_name: str(value) for bound in page.context["form"] if (value := bound.value()) is not None}


def save(client, entry: Entry, **values: str):
    answer = client.post(f"/o/fellgate/entries/{entry.pk}/edit/", {**shown(client, entry), **values})
    entry.refresh_from_db()
    return answer


def back_to_theirs(client, entry: Entry, field: str):
    answer = client.post(f"/o/fellgate/entries/{entry.pk}/settle/", {"field": field})
    entry.refresh_from_db()
    return answer


def settle(client, entry: Entry, field: str, choice: str):
    told = {"choice": choice, "seen": entry.conflicts[field]["at"]}
    answer = client.post(f"/o/fellgate/entries/{entry.pk}/conflicts/{field}/", told)
    entry.refresh_from_db()
    return answer


def pull(entry: Entry, **theirs: object) -> None:
    """What a sync does when the provider speaks again."""
    merged = merge(
        theirs=theirs,
        effective={name: getattr(entry, name) for name in theirs},
        overrides=entry.overrides,
        conflicts=entry.conflicts,
        at=NOW.isoformat(),
    )
    Entry.objects.filter(pk=entry.pk).update(**merged.values, overrides=merged.overrides, conflicts=merged.conflicts)
    entry.refresh_from_db()


def test_the_form_holds_no_answer_about_health_out_of_sight(sign_in, editor, entry):
    """Nor any other that it has no field for: those of this entry stay with the provider."""
    answers = [
        {"question_id": "q1", "label": "T-shirt size", "value": "Medium"},
        {"question_id": "q2", "label": "Any medical conditions?", "value": "Peanut allergy"},
    ]
    Entry.objects.filter(pk=entry.pk).update(answers=answers)
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/edit/").text
    assert "Peanut allergy" not in page
    assert "Medium" not in page


def test_the_form_says_why_it_is_an_override_and_where_it_is_used(sign_in, editor, entry):
    page = sign_in(editor).get(f"/o/fellgate/entries/{entry.pk}/edit/").content.decode()
    assert "Let&#x27;s Do This takes no edits, so yours stay here" in page
    assert "exports" in page


def test_a_changed_value_becomes_an_override(sign_in, editor, entry):
    assert save(sign_in(editor), entry, first_name="Siobhán").status_code == 303
    assert entry.first_name == "Siobhán"
    assert entry.overrides == {
        "first_name": {
            "value": "Siobhán",
            "provider_value": "Siobhan",
            "by": "ed@fellgate.example",
            "by_id": editor.pk,
            "at": NOW.isoformat(),
        }
    }
    assert not OutboundChange.objects.exists()
    assert Revision.objects.get().changes == [{"field": "first_name", "old": "Siobhan", "new": "Siobhán"}]


def test_a_date_is_overridden_and_comes_back(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, birth_date="1990-03-03")
    assert entry.overrides["birth_date"]["provider_value"] == "1989-03-03"
    back_to_theirs(client, entry, "birth_date")
    assert (entry.birth_date, entry.overrides) == (date(1989, 3, 3), {})


def test_changing_it_again_keeps_what_the_provider_says(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    save(client, entry, first_name="Síle")
    assert entry.overrides["first_name"]["provider_value"] == "Siobhan"


def test_typing_the_provider_s_value_drops_the_override(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    save(client, entry, first_name="Siobhan")
    assert (entry.first_name, entry.overrides) == ("Siobhan", {})


def test_a_pull_leaves_the_override_alone(sign_in, editor, entry):
    save(sign_in(editor), entry, first_name="Siobhán")
    pull(entry, first_name="Siobhan", city="Corbury")
    assert (entry.first_name, entry.city, entry.conflicts) == ("Siobhán", "Corbury", {})


def test_a_conflict_is_shown_with_both_values(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    pull(entry, first_name="Shivaun")
    page = client.get(f"/o/fellgate/entries/{entry.pk}/").content.decode()
    assert "First name changed here and at Let&#x27;s Do This" in page
    assert "Before both: Siobhan" in page
    assert "Shivaun" in page


def test_keeping_ours_sticks_through_the_next_pull(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    pull(entry, first_name="Shivaun")
    assert settle(client, entry, "first_name", "ours").status_code == 303
    assert (entry.first_name, entry.conflicts) == ("Siobhán", {})
    pull(entry, first_name="Shivaun")
    assert (entry.first_name, entry.conflicts) == ("Siobhán", {})


def test_taking_theirs_ends_the_override(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    pull(entry, first_name="Shivaun")
    settle(client, entry, "first_name", "theirs")
    assert (entry.first_name, entry.overrides, entry.conflicts) == ("Shivaun", {}, {})
    assert "shivaun" in entry.search_text


def test_typing_another_value_settles_the_conflict(sign_in, editor, entry):
    client = sign_in(editor)
    save(client, entry, first_name="Siobhán")
    pull(entry, first_name="Shivaun")
    save(client, entry, first_name="Shevaun")
    assert entry.conflicts == {}
    assert entry.overrides["first_name"]["provider_value"] == "Shivaun"


def test_bib_and_notes_are_no_overrides(sign_in, editor, entry):
    save(sign_in(editor), entry, bib="0847", notes="x")
    assert (entry.bib, entry.overrides) == ("0847", {})


def test_whether_it_holds_a_place_is_for_the_provider_to_say(sign_in, editor, entry):
    save(sign_in(editor), entry, status="withdrawn")
    assert entry.status == "live"


@pytest.mark.parametrize("field", ["external_id", "organisation", "nonsense"])
def test_only_what_can_be_overridden_can_be_settled(sign_in, editor, entry, field):
    assert back_to_theirs(sign_in(editor), entry, field).status_code == 404


def test_who_may_not_see_emergency_data_settles_none(sign_in, editor, entry):
    Entry.objects.filter(pk=entry.pk).update(
        emergency_phone="1",
        overrides={"emergency_phone": {"value": "1", "provider_value": "2", "by": "", "at": NOW.isoformat()}},
    )
    assert back_to_theirs(sign_in(editor), entry, "emergency_phone").status_code == 404
    assert entry.emergency_phone == "1"
