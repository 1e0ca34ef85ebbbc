"""Who wins on a field where both sides changed it: set by owners, applied by the next pull, told in the history."""

import pytest

from organiser_portal.organisations.models import AuditRecord
from organiser_portal.participants.models import Conflict, Entry
from providers.records import PERSON_FIELDS
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.pulls import RUN, hear
from tests.participants.test_conflicts import edit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock"), pytest.mark.portable]
RULES = "/o/fellgate/conflicts/rules/"


@pytest.fixture
def entry(organisation) -> Entry:
    return make_entry(make_listing(make_connection(organisation, "letsdothis")), club="Hexley", city="Corbury")


def set_rules(client, **rules: str):
    return client.post(RULES, {**dict.fromkeys(PERSON_FIELDS, "ask"), **rules})


def told(client, entry: Entry) -> str:
    return " ".join(client.get(f"/o/fellgate/entries/{entry.pk}/").content.decode().split())


def test_theirs_replaces_ours_and_the_history_says_by_rule(sign_in, owner, entry):
    client = sign_in(owner)
    assert set_rules(client, club="provider").status_code == 303
    edit(client, entry, club="Hexley AC")
    hear(entry, club="Corbury AC")
    assert (entry.club, entry.overrides, Conflict.objects.count()) == ("Corbury AC", {}, 0)
    page = told(client, entry)
    assert "By rule, theirs replaces ours: Club" in page
    assert f"run {RUN}" in page


def test_ours_stands_and_the_history_says_by_rule(sign_in, owner, entry):
    client = sign_in(owner)
    set_rules(client, club="staff")
    edit(client, entry, club="Hexley AC")
    hear(entry, club="Corbury AC")
    assert (entry.club, Conflict.objects.count()) == ("Hexley AC", 0)
    assert "By rule, ours stands over theirs: Club" in told(client, entry)


def test_a_rule_decides_once_and_not_at_every_pull(sign_in, owner, entry):
    client = sign_in(owner)
    set_rules(client, club="staff")
    edit(client, entry, club="Hexley AC")
    hear(entry, club="Corbury AC")
    hear(entry, club="Corbury AC")
    assert told(client, entry).count("By rule") == 1


def test_other_fields_are_still_asked_about(sign_in, owner, entry):
    client = sign_in(owner)
    set_rules(client, club="provider")
    edit(client, entry, city="Hexley")
    hear(entry, city="Elsewhere")
    assert Conflict.objects.get().field == "city"


def test_what_is_open_stays_open_and_the_page_says_so(sign_in, owner, entry):
    client = sign_in(owner)
    edit(client, entry, club="Hexley AC")
    hear(entry, club="Corbury AC")
    set_rules(client, club="provider")
    assert Conflict.objects.count() == 1
    assert "1 open" in client.get(RULES).content.decode()


def test_the_rules_of_one_organisation_are_not_another_s(sign_in, owner, stranger, entry):
    sign_in(stranger).post("/o/elsewhere/conflicts/rules/", dict.fromkeys(PERSON_FIELDS, "provider"))
    edit(sign_in(owner), entry, club="Hexley AC")
    hear(entry, club="Corbury AC")
    assert Conflict.objects.count() == 1


@pytest.mark.postgresql
def test_who_set_them_is_recorded_once(sign_in, owner):
    client = sign_in(owner)
    set_rules(client, club="staff")
    set_rules(client, club="staff")
    record = AuditRecord.objects.get(action="conflicts.rules_changed")
    assert record.detail == {"rules": {"club": "staff"}}
    assert "club stays ours" in client.get("/o/fellgate/audit/").content.decode()


def test_everybody_reads_them_above_the_list(sign_in, owner, viewer):
    set_rules(sign_in(owner), club="staff", email="staff")
    assert "Ours stands: E-mail, Club" in sign_in(viewer).get("/o/fellgate/conflicts/").content.decode()


@pytest.mark.postgresql
def test_a_choice_that_does_not_exist_is_422(sign_in, owner):
    assert set_rules(sign_in(owner), club="chance").status_code == 422
