"""The audit trail: in sentences, newest first, by action and person."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from organiser_portal.organisations import audit, trail
from organiser_portal.organisations.models import AuditRecord, Organisation, User

AUDIT = "/o/fellgate/audit/"


@pytest.fixture
def trailed(organisation: Organisation, owner: User, editor: User) -> None:
    audit.record(
        organisation=organisation,
        actor=owner,
        action="connection.changed",
        subject="Somewhere, main",
        fields=["label"],
        secrets=["api_key"],
    )
    audit.record(organisation=organisation, actor=editor, action="entries.exported", subject="2,412 entries", rows=2412)
    audit.record(organisation=organisation, actor=None, action="connection.tested", subject="Somewhere", accepted=False)


def test_it_reads_as_sentences_newest_first(trailed, manager: User, owner: User, editor: User, sign_in):
    text = " ".join(sign_in(manager).get(AUDIT).text.split())
    said = [
        "<b>The command line</b> tested the connection to",
        f"<b>{editor.email}</b> downloaded",
        f"<b>{owner.email}</b> changed the connection to",
    ]
    places = [text.index(sentence) for sentence in said]
    assert places == sorted(places)
    assert "2,412 entries" in text
    assert ": label, api key (secret)" in text
    assert ": it did not work" in text


def test_it_is_filtered_by_action(trailed, manager: User, sign_in):
    page = sign_in(manager).get(AUDIT, {"about": "entries.exported"}).text
    assert "2,412 entries" in page
    assert "tested the connection to" not in page


def test_it_is_filtered_by_person(trailed, manager: User, owner: User, sign_in):
    page = sign_in(manager).get(AUDIT, {"who": str(owner.pk)}).text
    assert "changed the connection to" in page
    assert "2,412 entries" not in page
    page = sign_in(manager).get(AUDIT, {"who": "portal"}).text
    assert "tested the connection to" in page
    assert "changed the connection to" not in page


def test_what_people_did_stays_when_they_have_left(trailed, manager: User, editor: User, sign_in):
    editor.memberships.all().delete()
    page = sign_in(manager).get(AUDIT, {"who": "others"}).text
    assert "2,412 entries" in page
    assert "changed the connection to" not in page
    editor.delete()
    page = sign_in(manager).get(AUDIT, {"who": "others"}).text
    assert "ed@fellgate.example" in page


def test_a_filter_that_makes_no_sense_is_said_to_make_none(trailed, manager: User, sign_in):
    page = sign_in(manager).get(AUDIT, {"who": "1 OR 1", "about": "nonsense", "after": "x"}).text
    assert "This filter makes no sense, so nothing is shown" in page
    assert "2,412 entries" not in page


def test_it_is_searched_by_what_it_was_about_and_by_who(trailed, manager: User, sign_in):
    client = sign_in(manager)
    page = client.get(AUDIT, {"q": "2,412"}).text
    assert "2,412 entries" in page
    assert "changed the connection to" not in page
    assert "2,412 entries" in client.get(AUDIT, {"q": "ed@fellgate"}).text


def test_it_is_asked_for_the_days_by_the_clock_of_the_organisation(trailed, manager: User, sign_in):
    late = datetime(2027, 5, 14, 22, 59, tzinfo=UTC)  # one minute to midnight in a British summer
    AuditRecord.objects.filter(action="entries.exported").update(at=late)
    AuditRecord.objects.filter(action="connection.tested").update(at=late + timedelta(minutes=1))
    page = sign_in(manager).get(AUDIT, {"since": "2027-05-14", "until": "2027-05-14"}).text
    assert "2,412 entries" in page
    assert "tested the connection to" not in page
    assert "From: 14 May 2027" in page


def test_it_comes_in_pages(organisation: Organisation, manager: User, sign_in):
    AuditRecord.objects.bulk_create(
        AuditRecord(organisation=organisation, action="entry.sensitive_seen", subject=f"no {number}.")
        for number in range(60)
    )
    client = sign_in(manager)
    first = client.get(AUDIT).text
    assert "no 59." in first
    assert "no 9." not in first
    oldest_shown = AuditRecord.objects.get(subject="no 10.")
    assert f"after={oldest_shown.pk}" in first
    assert "no 9." in client.get(AUDIT, {"after": oldest_shown.pk}).text


def test_its_queries_do_not_grow_with_its_rows(
    organisation: Organisation, manager: User, owner: User, sign_in, django_assert_max_num_queries
):
    for actor in [manager, owner, None] * 10:
        audit.record(organisation=organisation, actor=actor, action="entry.sensitive_seen", subject="x")
    client = sign_in(manager)
    client.get(AUDIT)
    with django_assert_max_num_queries(12):
        client.get(AUDIT)


def test_another_organisations_trail_is_not_in_it(trailed, stranger: User, sign_in):
    assert "2,412" not in sign_in(stranger).get("/o/elsewhere/audit/").text


def test_only_the_table_is_sent_to_whoever_asks_for_it(trailed, manager: User, sign_in):
    part = sign_in(manager).get(AUDIT, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="audit-table"')


def test_an_action_without_words_is_shown_by_its_name(organisation: Organisation, owner: User):
    record = audit.record(organisation=organisation, actor=owner, action="start_list.frozen", subject="Hexley 10K")
    line = trail.line(record)
    assert (line.verb, line.subject) == ("start list, frozen:", "Hexley 10K")


@pytest.mark.parametrize(
    "action, subject, detail, sentence",
    [
        ("person.role_changed", "a@b.example", {"before": "viewer", "role": "owner"},
         "changed the role of a@b.example to owner, who was viewer"),
        ("person.invited", "a@b.example", {"role": "editor"}, "invited a@b.example as editor"),
        ("person.joined", "a@b.example", {"role": "editor"}, "joined as editor"),
        ("person.sensitive_granted", "a@b.example", {"until": "2027-05-24T22:59:59+00:00"},
         "opened sensitive data to a@b.example until 24 May 2027"),
        ("person.sensitive_granted", "a@b.example", {"until": "whenever"}, "opened sensitive data to a@b.example"),
        ("race.licence_changed", "Hexley 10K", {"before": None, "after": 400},
         "changed the licensed places of Hexley 10K from none to 400"),
        ("entries.exported", "9 entries", {"filters": ["race"], "finished": False},
         "downloaded 9 entries, filtered by race; the download was broken off"),
        ("connection.mapping_changed", "Somewhere", {"questions": 1}, "mapped the questions of Somewhere: 1 question"),
    ],
)  # fmt: skip
def test_a_line_says(action: str, subject: str, detail: dict, sentence: str, organisation: Organisation, owner: User):
    line = trail.line(audit.record(organisation=organisation, actor=owner, action=action, subject=subject, **detail))
    assert " ".join(filter(None, [line.verb, line.subject])) + line.more == sentence


def test_everything_that_is_recorded_has_words():
    code = "\n".join(path.read_text() for path in Path("organiser_portal").rglob("*.py"))
    recorded = set(re.findall(r'action="(\w+\.\w+)"', code))
    assert "entry.sensitive_seen" in recorded
    assert recorded <= set(trail.ALL)
