"""How a walk ended cannot be written down: its lease is free all the same, and the listing is tried again later."""

import pytest
from django.db import DatabaseError, OperationalError
from django.db import connection as database

from organiser_portal.connections.models import SyncState
from organiser_portal.core.insist import insist
from organiser_portal.sync.claim import GONE_AWAY
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import SyncRun
from providers.errors import ProviderUnavailable
from tests.conftest import NOW
from tests.sync.world import Act, Clock, Script, last_page, page, received

UNTOLD = {
    "sqlite": (
        "CREATE TRIGGER untold BEFORE UPDATE ON sync_syncrun WHEN NEW.outcome NOT IN ('running', 'abandoned') "
        "BEGIN SELECT RAISE(ABORT, 'untold'); END"
    ),
    "postgresql": (
        "ALTER TABLE sync_syncrun ADD CONSTRAINT untold CHECK (outcome IN ('running', 'abandoned')) NOT VALID"
    ),
}


@pytest.fixture
def untold(db: None) -> None:
    """The database takes no record of an end."""
    with database.cursor() as cursor:
        cursor.execute(UNTOLD[database.vendor])


@pytest.mark.parametrize("act", [last_page([received(1)]), ProviderUnavailable("Away.")])
def test_the_lease_is_free_and_the_next_try_is_not_at_once(
    untold: None, entries: SyncState, script: Script, clock: Clock, act: Act
) -> None:
    script.acts = [act]
    with pytest.raises(DatabaseError):
        run_state(entries.pk, clock=clock)
    entries.refresh_from_db()
    assert (entries.lease, entries.leased_until, entries.failures) == ("", None, 1)
    assert entries.due_at is not None
    assert entries.due_at > NOW
    assert list(SyncRun.objects.values_list("outcome", "error_sentence")) == [("abandoned", GONE_AWAY)]


def test_what_was_stored_stays_and_the_next_walk_goes_on_from_there(
    untold: None, entries: SyncState, script: Script, clock: Clock
) -> None:
    script.acts = [page([received(1)], cursor="one"), ProviderUnavailable("Away.")]
    with pytest.raises(DatabaseError):
        run_state(entries.pk, clock=clock)
    script.acts = [last_page([received(2)])]
    with pytest.raises(DatabaseError):
        run_state(entries.pk, clock=clock, by_hand=True)
    assert [cursor for _, cursor, _ in script.asked] == ["", "one"]


@pytest.mark.django_db(transaction=True)
def test_whoever_insists_goes_on_until_the_database_is_back() -> None:
    answers = iter([OperationalError("away"), OperationalError("away"), None])

    def write() -> str:
        if (error := next(answers)) is not None:
            raise error
        return "written"

    assert insist(write, pauses=[0.0, 0.0]) == "written"
