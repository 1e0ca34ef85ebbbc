"""Conflicts that are alike, settled in one go: looked over, counted again, recorded under one number, undone."""

import html
import re

import pytest

from organiser_portal.organisations.models import AuditRecord, Membership
from organiser_portal.participants.models import Conflict, Entry, SettledField, Settlement
from organiser_portal.participants.services import EntryValues, edit_entry, settle_many, settling_many
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.pulls import hear
from tests.participants.test_conflicts import LIST, edit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CASE = "field=club&differs=case"


@pytest.fixture
def disputed(organisation, editor) -> list[Entry]:
    """Three clubs of which only the letter case differs, and one that is another club."""
    listing = make_listing(make_connection(organisation, "letsdothis"))
    entries = [make_entry(listing, "Ada", f"Byron {number}", club="Hexley") for number in range(4)]
    for entry, said in zip(entries, ["HEXLEY AC", "hexley ac", "Hexley Ac", "Corbury"], strict=True):
        edit_entry(entry=entry, values=EntryValues(person={"club": "Hexley AC"}), by=editor, now=NOW)
        hear(entry, club=said)
    return entries


def clubs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("club", flat=True))


def look(client, query: str = CASE, choice: str = "theirs") -> tuple[str, str]:
    """The page that is looked over before anything happens, and the number it agrees to."""
    page = " ".join(client.get(f"{LIST}settle/?{query}&choice={choice}").content.decode().split())
    return page, (re.search(r'name="expected" value="(\d+)"', page) or [""] * 2)[1]


def commit(client, expected: str, query: str = CASE, choice: str = "theirs"):
    return client.post(f"{LIST}settle/?{query}&choice={choice}", {"expected": expected})


def test_the_list_offers_those_that_are_alike(sign_in, manager, disputed):
    page = " ".join(sign_in(manager).get(LIST).content.decode().split())
    assert "Club: only letter case differs" in page
    assert "Club: the values differ" in page


def test_who_may_not_do_bulk_work_is_offered_none(sign_in, editor, disputed):
    assert "Settle together" not in sign_in(editor).get(LIST).content.decode()


def test_a_list_that_was_filtered_without_a_new_page_offers_each_role_the_same(sign_in, manager, viewer, disputed):
    def part(who) -> str:
        return sign_in(who).get(f"{LIST}?field=club", headers={"HX-Request": "true"}).text

    for_manager, for_viewer = part(manager), part(viewer)
    assert "<html" not in for_viewer
    assert "Hexley Ac" in for_viewer
    for offered in ("Settle together", "Keep ours", "Take theirs", "Keep ours in all", "Another<span"):
        assert offered in for_manager, offered
        assert offered not in for_viewer, offered


def test_nothing_happens_before_it_was_looked_over(sign_in, manager, disputed):
    page, expected = look(sign_in(manager))
    assert expected == "3"
    assert "Take theirs in 3 conflicts?" in page
    assert "HEXLEY AC" in page
    assert clubs() == ["Hexley AC"] * 4


def test_theirs_is_taken_in_all_that_match_and_in_no_other(sign_in, manager, disputed):
    client = sign_in(manager)
    assert commit(client, look(client)[1]).status_code == 303
    assert clubs() == ["HEXLEY AC", "hexley ac", "Hexley Ac", "Hexley AC"]
    assert Conflict.objects.get().entry == disputed[3]


def test_ours_is_kept_in_all_and_holds(sign_in, manager, disputed):
    client = sign_in(manager)
    commit(client, look(client, choice="ours")[1], choice="ours")
    assert Conflict.objects.count() == 1
    assert hear(disputed[0], club="HEXLEY AC").conflicts == {}
    assert disputed[0].club == "Hexley AC"


def test_a_number_that_has_changed_is_shown_before_anything_happens(sign_in, manager, disputed):
    client = sign_in(manager)
    expected = look(client)[1]
    edit(client, disputed[0], club="Corbury")
    answer = commit(client, expected)
    assert answer.status_code == 422
    assert "There are 2 now." in answer.content.decode()
    assert "Hexley Ac" not in clubs()


@pytest.mark.parametrize("expected", ["", "many", "-3", "9" * 5_000], ids=["none", "word", "below", "endless"])
def test_nobody_agrees_to_a_number_unseen(sign_in, manager, disputed, expected):
    assert commit(sign_in(manager), expected).status_code == 422
    assert not Settlement.objects.exists()


def test_one_number_stands_in_every_history_and_in_the_audit_trail(sign_in, manager, owner, disputed):
    client = sign_in(manager)
    commit(client, look(client)[1])
    settlement = Settlement.objects.get()
    for entry in disputed[:3]:
        page = client.get(f"/o/fellgate/entries/{entry.pk}/").content.decode()
        assert f"settlement {settlement.pk}" in page
    record = AuditRecord.objects.get(action="conflicts.settled")
    assert (record.actor, record.detail["number"], record.detail["choice"]) == (manager, 3, "theirs")
    assert "Byron" not in str(record.detail)
    assert "3 conflicts, theirs taken" in sign_in(owner).get("/o/fellgate/audit/").content.decode()


def test_it_can_be_undone(sign_in, manager, disputed):
    client = sign_in(manager)
    before = list(Entry.objects.order_by("pk").values("club", "overrides", "conflicts", "search_text"))
    commit(client, look(client)[1])
    settlement = Settlement.objects.get()
    client.post(f"{LIST}settlements/{settlement.pk}/undo/")
    assert list(Entry.objects.order_by("pk").values("club", "overrides", "conflicts", "search_text")) == before
    assert Conflict.objects.count() == 4
    assert "Undone: 3 of 3" in client.get(f"{LIST}settlements/{settlement.pk}/").content.decode()


def test_what_was_kept_can_be_undone_too(sign_in, manager, disputed):
    client = sign_in(manager)
    commit(client, look(client, choice="ours")[1], choice="ours")
    client.post(f"{LIST}settlements/{Settlement.objects.get().pk}/undo/")
    assert Conflict.objects.count() == 4


def test_what_changed_since_stays_when_the_rest_is_undone(sign_in, manager, disputed):
    client = sign_in(manager)
    commit(client, look(client)[1])
    edit(client, disputed[0], club="Corbury")
    client.post(f"{LIST}settlements/{Settlement.objects.get().pk}/undo/")
    assert clubs() == ["Corbury", "Hexley AC", "Hexley AC", "Hexley AC"]
    assert Settlement.objects.get().undone == 2


def test_its_page_says_in_words_what_was_asked_for(sign_in, manager, disputed):
    client = sign_in(manager)
    query = f"{CASE}&source=letsdothis"
    _, expected = look(client, query)
    page = client.get(commit(client, expected, query)["Location"]).text
    said = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "Source Let's Do This" in html.unescape(said)
    assert "Field Club Difference Only letter case differs" in said


def test_undone_is_undone(sign_in, manager, disputed):
    client = sign_in(manager)
    commit(client, look(client)[1])
    address = f"{LIST}settlements/{Settlement.objects.get().pk}/undo/"
    client.post(address)
    commit(client, "3", choice="ours")
    client.post(address)
    assert Conflict.objects.count() == 1


def test_looking_over_medical_data_leaves_a_line(sign_in, manager, disputed):
    Membership.objects.filter(user=manager).update(sensitive_until=NOW.replace(year=2030))
    entry = disputed[0]
    override = {"value": "Asthma", "provider_value": "", "by": "", "at": NOW.isoformat()}
    conflict = {"ours": "Asthma", "theirs": "Peanuts", "base": "", "at": NOW.isoformat()}
    Entry.objects.filter(pk=entry.pk).update(overrides={"medical": override}, conflicts={"medical": conflict})
    Conflict.objects.filter(entry=entry).update(field="medical")
    page = sign_in(manager).get("/o/fellgate/conflicts/settle/?choice=ours&field=medical").text
    assert "Peanuts" in page
    record = AuditRecord.objects.get(action="entries.sensitive_seen")
    assert (record.actor, record.detail) == (manager, {"columns": ["medical"], "rows": 1})


def test_medical_and_emergency_data_are_left_out_for_who_may_not_see_them(sign_in, manager, disputed):
    override = {"value": "1", "provider_value": "0", "by": "Olive", "by_id": 1, "at": NOW.isoformat()}
    conflict = {"ours": "1", "theirs": "2", "base": "0", "at": NOW.isoformat()}
    entry = disputed[3]
    Entry.objects.filter(pk=entry.pk).update(overrides={"medical": override}, conflicts={"medical": conflict})
    Conflict.objects.filter(entry=entry).update(field="medical")
    client = sign_in(manager)
    page, expected = look(client, query="")
    assert expected == "3"
    assert "1 about medical or emergency data is left out" in page
    commit(client, expected, query="")
    assert Conflict.objects.get().field == "medical"


def test_too_many_are_settled_in_several_goes(monkeypatch, organisation, manager, disputed):
    monkeypatch.setattr(settling_many, "MOST", 2)
    told = {"organisation": organisation, "choice": Settlement.Choice.THEIRS, "asked": {}, "by": manager, "now": NOW}
    alike = Conflict.objects.filter(differs="case")
    first = settle_many(conflicts=alike, expected=3, **told)
    assert (first.number, alike.count()) == (2, 1)


def test_an_erased_person_leaves_nothing_to_go_back_to(sign_in, manager, disputed):
    client = sign_in(manager)
    commit(client, look(client)[1])
    hear(disputed[0], redacted=True, first_name="", last_name="", club="")
    assert not SettledField.objects.filter(entry=disputed[0]).exists()
    client.post(f"{LIST}settlements/{Settlement.objects.get().pk}/undo/")
    assert clubs()[0] == ""
