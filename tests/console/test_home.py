import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organiser_portal.connections.models import (
    Connection,
    OutboundChange,
    PushState,
    RejectedRecord,
    Standing,
    SyncState,
)
from organiser_portal.connections.services import ensure_sync_states
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Conflict
from organiser_portal.sync.models import Outcome, SyncRun
from tests.factories import make_connection, make_entry, make_listing, make_race

HOME = "/o/fellgate/"
type SignIn = Callable[[User], Client]


@pytest.fixture
def eventrac(organisation: Organisation) -> Connection:
    connection = make_connection(organisation)
    ensure_sync_states(connection)
    return connection


def page(client: Client) -> str:
    answer = client.get(HOME)
    assert answer.status_code == 200
    return answer.content.decode()


def refuse(connection: Connection, count: int = 1) -> None:
    listing = make_listing(connection)
    for number in range(count):
        entry = make_entry(listing, "Niamh", f"Byrne {number}")
        OutboundChange.objects.create(
            organisation=connection.organisation,
            connection=connection,
            entry_id=entry.pk,
            reference=entry.reference,
            action="add_entry",
            race_external_id=listing.external_id,
            state=PushState.REJECTED,
            field_errors={"email": ["The provided value is invalid"]},
            created_at=timezone.now(),
        )


def test_an_owner_without_a_connection_is_told_what_to_do_first(owner: User, sign_in: SignIn) -> None:
    assert "Connect the first platform" in page(sign_in(owner))


def test_a_viewer_without_a_connection_is_told_who_does_it(viewer: User, sign_in: SignIn) -> None:
    text = page(sign_in(viewer))
    assert "An owner of Fellgate Events does this" in text
    assert "Add entry" not in text


def test_when_nothing_waits_the_page_says_so(viewer: User, sign_in: SignIn, eventrac: Connection) -> None:
    assert "Nothing needs a person." in page(sign_in(viewer))


def test_a_refused_entry_waits_with_its_reason(editor: User, sign_in: SignIn, eventrac: Connection) -> None:
    refuse(eventrac)
    text = page(sign_in(editor))
    assert "eventrac refused 1 entry" in text
    assert "Niamh Byrne 0, e-mail: The provided value is invalid." in text
    assert "One thing needs a person." in text


def test_a_parked_connection_waits_with_its_reason(editor: User, sign_in: SignIn, eventrac: Connection) -> None:
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION, standing_reason="eventrac refused the key.")
    assert "eventrac refused the key." in page(sign_in(editor))


@pytest.mark.parametrize(
    ("standing", "word"),
    [(Standing.WORKING, "Sending"), (Standing.PAUSED, "Waiting"), (Standing.NEEDS_ATTENTION, "Waiting")],
)
def test_what_waits_for_a_connection_is_not_said_to_be_sent(
    viewer: User, sign_in: SignIn, eventrac: Connection, standing: Standing, word: str
) -> None:
    refuse(eventrac)
    OutboundChange.objects.update(state=PushState.QUEUED)
    Connection.objects.update(standing=standing)
    line = re.search(r'<p class="[^"]*border-top[^"]*">(.*?)</p>', page(sign_in(viewer)), re.DOTALL)
    assert line is not None
    said = " ".join(re.sub("<[^>]+>", " ", line[1]).split())
    assert said.startswith(f"{word} 1 change {'on the way' if word == 'Sending' else 'held up'}, the oldest for")


def test_a_record_that_cannot_be_read_waits(editor: User, sign_in: SignIn, eventrac: Connection) -> None:
    now = timezone.now()
    RejectedRecord.objects.create(
        connection=eventrac,
        resource="races",
        kind="race",
        external_id="9",
        reason="id",
        data=b"",
        first_seen=now,
        last_seen=now,
    )
    assert "1 record of eventrac could not be read" in page(sign_in(editor))
    RejectedRecord.objects.update(resolved_at=now)
    assert "could not be read" not in page(sign_in(editor))


def test_a_race_on_two_platforms_waits_to_be_linked(manager: User, sign_in: SignIn, eventrac: Connection) -> None:
    start = timezone.now() + timedelta(days=9)
    other = make_connection(eventrac.organisation, "letsdothis")
    for connection in (eventrac, other):
        make_listing(connection, make_race(eventrac.organisation, "Hexley 10K", starts_at=start))
    text = page(sign_in(manager))
    assert "Hexley 10K seems to be sold on two platforms" in text
    assert "Hexley 10K is nine days away." in text


def test_pairs_of_races_are_one_line_and_each_has_its_own_way_in(
    manager: User, sign_in: SignIn, eventrac: Connection
) -> None:
    start = timezone.now() + timedelta(days=9)
    other = make_connection(eventrac.organisation, "letsdothis")
    firsts = []
    for name in ("A 5K", "B 10K", "C Half", "D Mile", "E Relay"):
        races = [make_race(eventrac.organisation, name, starts_at=start) for _ in range(2)]
        make_listing(eventrac, races[0])
        make_listing(other, races[1])
        firsts.append(races[0].pk)
    client = sign_in(manager)
    text = page(client)
    assert "5 races seem to be sold on two platforms or more" in text
    assert "A 5K, B 10K, C Half and 2 more." in text
    assert "Five things need a person." in text
    assert text.count("/link/") == 2  # the sentence and its button
    linking = client.get(f"/o/fellgate/races/{firsts[0]}/link/").text
    assert [pk for pk in firsts if f'href="/o/fellgate/races/{pk}/link/"' in linking] == firsts[1:]


def test_conflicts_are_counted_and_lead_to_the_list(editor: User, sign_in: SignIn, eventrac: Connection) -> None:
    listing = make_listing(eventrac)
    for number in range(4):
        entry = make_entry(listing, "Niamh", f"Byrne {number}")
        Conflict.objects.create(organisation=entry.organisation, entry=entry, field="club", differs="case")
    text = page(sign_in(editor))
    assert "4 values changed here and at the provider" in text
    assert "Niamh Byrne 3 (Club), Niamh Byrne 2 (Club), Niamh Byrne 1 (Club) and 1 more." in text
    assert 'href="/o/fellgate/conflicts/"' in text
    Conflict.objects.all().delete()
    assert "changed here" not in page(sign_in(editor))


def test_one_conflict_leads_straight_to_it(editor: User, sign_in: SignIn, eventrac: Connection) -> None:
    entry = make_entry(make_listing(eventrac))
    Conflict.objects.create(organisation=entry.organisation, entry=entry, field="club", differs="case")
    assert f'href="/o/fellgate/entries/{entry.pk}/conflicts/club/"' in page(sign_in(editor))


def test_a_source_that_is_behind_waits_until_it_answers(editor: User, sign_in: SignIn, eventrac: Connection) -> None:
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(days=9), failures=3)
    told = page(sign_in(editor))
    assert "eventrac does not answer" in told
    assert "Last read in full 9 days ago. It is tried again by itself" in told
    SyncState.objects.update(last_success_at=timezone.now(), failures=0)
    assert "does not answer" not in page(sign_in(editor))


def test_a_source_that_nobody_asks_is_not_said_to_be_silent(
    editor: User, sign_in: SignIn, eventrac: Connection
) -> None:
    past = timezone.now() - timedelta(days=8)
    SyncState.objects.update(last_success_at=timezone.now() - timedelta(days=9), due_at=past)
    told = page(sign_in(editor))
    assert "eventrac waits to be read" in told
    assert "this portal is behind with its work" in told
    assert "does not answer" not in told


def doubted(connection: Connection, resource: str, sentence: str) -> SyncRun:
    now = timezone.now()
    return SyncRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        resource=resource,
        full=True,
        outcome=Outcome.IMPLAUSIBLE,
        error_sentence=sentence,
        started_at=now,
        progressed_at=now,
        finished_at=now,
    )


def test_figures_of_one_list_are_not_told_as_those_of_several(
    manager: User, sign_in: SignIn, eventrac: Connection
) -> None:
    for resource, held in (("events", 6), ("races", 7)):
        doubted(eventrac, resource, f"The list came empty, but we hold {held}. It counts if it is empty again.")
    text = page(sign_in(manager))
    assert "2 lists of eventrac: an answer was not believed" in text
    assert "Events, Races. Too much of what we hold was not in the last whole answers" in text
    assert "we hold 6" not in text


def test_an_answer_that_was_not_believed_waits_for_a_decision(
    manager: User, sign_in: SignIn, eventrac: Connection
) -> None:
    run = doubted(eventrac, "races", "50 of 100 would have gone at once. Nothing was changed.")
    text = page(sign_in(manager))
    assert "Races of eventrac: an answer was not believed" in text
    assert f'href="/o/fellgate/sync/runs/{run.pk}/"' in text
    SyncRun.objects.update(outcome=Outcome.SUCCEEDED)
    assert "not believed" not in page(sign_in(manager))


def test_lists_of_one_source_that_wait_for_one_reason_are_one_line(
    manager: User, sign_in: SignIn, eventrac: Connection
) -> None:
    assert SyncState.objects.update(held_reason="The key may not see this.") == 2
    text = page(sign_in(manager))
    assert "2 lists of eventrac may not be read" in text
    assert "Events, Races. The key may not see this." in text
    assert "Two things need a person." in text


def test_a_listing_that_is_not_allowed_waits(manager: User, sign_in: SignIn, eventrac: Connection) -> None:
    SyncState.objects.filter(resource="races").update(held_reason="The key may not see races.")
    assert "Races of eventrac may not be read" in page(sign_in(manager))


def test_a_race_that_fills_up_shows_what_is_left(viewer: User, sign_in: SignIn, eventrac: Connection) -> None:
    race = make_race(eventrac.organisation, "Hexley 10K", starts_at=timezone.now() + timedelta(days=90))
    make_listing(eventrac, race, capacity=100, sold=97)
    text = page(sign_in(viewer))
    assert "Hexley 10K is all but full" in text
    assert "3 left" in text


def test_what_is_said_is_refused_is_what_the_list_behind_it_holds(
    editor: User, sign_in: SignIn, eventrac: Connection
) -> None:
    refuse(eventrac, 2)
    first = OutboundChange.objects.earliest("pk")
    for action in ("edit_entry", "edit_entry"):
        first.pk, first.action = None, action
        first.save(force_insert=True)
    client = sign_in(editor)
    text = page(client)
    assert "eventrac refused 4 changes of 2 entries" in text
    assert "Fix 4" in text
    assert "4 changes" in client.get("/o/fellgate/sync/outbound/?state=rejected").text


def test_what_sold_lately_is_counted_by_day(viewer: User, sign_in: SignIn, eventrac: Connection) -> None:
    make_entry(make_listing(eventrac), entered_at=timezone.now() - timedelta(days=2))
    assert "1 entry in seven days" in page(sign_in(viewer))


def test_another_organisation_sees_nothing_of_it(stranger: User, sign_in: SignIn, eventrac: Connection) -> None:
    refuse(eventrac)
    assert sign_in(stranger).get(HOME).status_code == 404
    assert "Byrne" not in sign_in(stranger).get("/o/elsewhere/").content.decode()


def test_the_number_of_queries_does_not_grow(viewer: User, sign_in: SignIn, eventrac: Connection) -> None:
    client = sign_in(viewer)
    refuse(eventrac)
    page(client)
    with CaptureQueriesContext(database) as few:
        page(client)
    refuse(eventrac, 20)
    with CaptureQueriesContext(database) as many:
        page(client)
    assert len(many) <= len(few)
