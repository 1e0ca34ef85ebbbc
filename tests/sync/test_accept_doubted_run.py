"""A list that came far too short is not believed, until a person says that it is so."""

from collections.abc import Callable

import pytest
from django.test import Client

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.organisations.models import AuditRecord, User
from organiser_portal.participants.models import Entry
from organiser_portal.sync.models import Outcome, SyncRun
from tests.sync.test_engine import run
from tests.sync.world import Clock, Script, last_page, received

type SignIn = Callable[[User], Client]
ALL, HALF = [received(number) for number in range(100)], [received(number) for number in range(50)]

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture
def doubted(entries: SyncState, script: Script, clock: Clock) -> SyncRun:
    """A hundred entries, and then a whole walk that names half of them."""
    script.acts = [last_page(ALL), last_page(HALF)]
    run(entries, clock)
    refused = run(entries, clock, by_hand=True, full=True)
    assert refused.outcome == Outcome.IMPLAUSIBLE
    return refused


def accept(client: Client, refused: SyncRun) -> str:
    answer = client.post(f"/o/fellgate/sync/runs/{refused.pk}/accept/", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def listed() -> int:
    return Entry.objects.filter(gone_at=None).count()


@pytest.mark.postgresql
def test_the_page_of_the_run_says_what_would_happen(doubted: SyncRun, sign_in: SignIn, manager: User) -> None:
    page = sign_in(manager).get(f"/o/fellgate/sync/runs/{doubted.pk}/").content.decode()
    assert "50 of 100 would have gone at once." in page
    assert "Accept it anyway" in page


def test_an_editor_reads_it_but_may_not_accept(doubted: SyncRun, sign_in: SignIn, editor: User) -> None:
    client = sign_in(editor)
    assert "Accept it anyway" not in client.get(f"/o/fellgate/sync/runs/{doubted.pk}/").content.decode()
    assert client.post(f"/o/fellgate/sync/runs/{doubted.pk}/accept/").status_code == 403


def test_what_is_accepted_counts_at_the_next_walk(
    doubted: SyncRun, entries: SyncState, script: Script, clock: Clock, sign_in: SignIn, manager: User
) -> None:
    page = accept(sign_in(manager), doubted)
    assert "Accepted." in page
    assert "What was held before stays" not in page, "it is read again now, and what is missing goes"
    assert listed() == 100
    script.acts = [last_page(HALF)]
    entries.refresh_from_db()
    done = run(entries, clock, by_hand=True)
    assert (done.outcome, done.full, done.gone, listed()) == (Outcome.SUCCEEDED, True, 50, 50)


def test_the_audit_trail_says_who_and_what(doubted: SyncRun, sign_in: SignIn, manager: User, owner: User) -> None:
    accept(sign_in(manager), doubted)
    assert AuditRecord.objects.get(action="run.accepted").actor == manager
    page = sign_in(owner).get("/o/fellgate/audit/").content.decode()
    assert "accepted a run that was not believed of" in page
    assert "50 of 100 would have gone at once." in page


def test_an_emptier_list_than_the_one_accepted_is_refused_once_more(
    doubted: SyncRun, entries: SyncState, script: Script, clock: Clock, sign_in: SignIn, manager: User
) -> None:
    accept(sign_in(manager), doubted)
    script.acts = [last_page(ALL[:5])]
    entries.refresh_from_db()
    assert run(entries, clock, by_hand=True).outcome == Outcome.IMPLAUSIBLE
    assert listed() == 100


def test_an_acceptance_is_spent_by_the_walk_it_was_for(
    doubted: SyncRun, entries: SyncState, script: Script, clock: Clock, sign_in: SignIn, manager: User
) -> None:
    accept(sign_in(manager), doubted)
    script.acts = [last_page(ALL), last_page(HALF)]
    entries.refresh_from_db()
    assert run(entries, clock, by_hand=True).outcome == Outcome.SUCCEEDED
    assert run(entries, clock, by_hand=True, full=True).outcome == Outcome.IMPLAUSIBLE
    assert listed() == 100


def test_an_empty_list_can_be_accepted_too(
    entries: SyncState, script: Script, clock: Clock, sign_in: SignIn, manager: User
) -> None:
    script.acts = [last_page(ALL), last_page([]), last_page([])]
    run(entries, clock)
    refused = run(entries, clock, by_hand=True, full=True)
    page = sign_in(manager).get(f"/o/fellgate/sync/runs/{refused.pk}/").content.decode()
    assert "All 100 would be marked as gone." in page
    accept(sign_in(manager), refused)
    run(entries, clock, by_hand=True)
    assert listed() == 0


def test_a_run_that_a_later_walk_has_settled_is_not_accepted(
    doubted: SyncRun, entries: SyncState, script: Script, clock: Clock, sign_in: SignIn, manager: User
) -> None:
    script.acts = [last_page(ALL)]
    run(entries, clock, by_hand=True)
    assert "not in doubt any more" in accept(sign_in(manager), doubted)
    assert not AuditRecord.objects.filter(action="run.accepted").exists()


@pytest.mark.postgresql
def test_nothing_is_accepted_while_the_connection_is_paused(
    doubted: SyncRun, connection: Connection, sign_in: SignIn, manager: User
) -> None:
    Connection.objects.filter(pk=connection.pk).update(standing="paused")
    assert "not at work" in accept(sign_in(manager), doubted)
    doubted.refresh_from_db()
    assert doubted.error_kind == ""
