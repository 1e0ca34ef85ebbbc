"""A list that comes empty by mistake: said at once, believed the second time, whichever provider it is of."""

from datetime import timedelta

import pytest

from organiser_portal.connections.models import SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.stores import MODELS
from providers.registry import PROVIDERS
from providers.sandbox import Sandbox
from tests.sync.conftest import connected
from tests.sync.world import Clock

pytestmark = pytest.mark.portable

LISTS = {"eventrac": ["events"], "trackier": ["partners", "campaigns"]}
PATHS = ["eventrac:path=/organisers", "trackier:path=/api/affiliate", "trackier:path=/api/campaign"]


@pytest.fixture(params=[(provider, name) for provider, names in LISTS.items() for name in names], ids="/".join)
def filled(request: pytest.FixtureRequest, organisation: Organisation, sandbox: Sandbox, clock: Clock) -> SyncState:
    """One listing, fetched once."""
    provider, resource = request.param
    connection = connected(organisation, sandbox, provider)
    state = SyncState.objects.get(connection=connection, resource=resource)
    assert walk(state, clock).new > 0
    return state


def walk(state: SyncState, clock: Clock) -> SyncRun:
    clock.now += timedelta(hours=5)
    done = run_state(state.pk, clock=clock, by_hand=True)
    assert done is not None
    state.refresh_from_db()
    return done


def listed(state: SyncState) -> int:
    kinds = {each.key: each.kind for each in PROVIDERS[state.connection.provider].resources}
    rows = MODELS[kinds[state.resource]]._default_manager
    return rows.filter(connection=state.connection, gone_at=None).count()


def test_once_is_doubted_and_the_organiser_is_told(filled: SyncState, sandbox: Sandbox, clock: Clock) -> None:
    before = listed(filled)
    with_empty_lists(sandbox)
    done = walk(filled, clock)
    assert (done.outcome, done.gone) == (Outcome.IMPLAUSIBLE, 0)
    assert done.error_sentence.startswith("The list came empty")
    assert listed(filled) == before


@pytest.mark.postgresql
def test_twice_is_believed(filled: SyncState, sandbox: Sandbox, clock: Clock) -> None:
    before = listed(filled)
    with_empty_lists(sandbox)
    walk(filled, clock)
    done = walk(filled, clock)
    assert (done.outcome, done.gone) == (Outcome.SUCCEEDED, before)
    assert listed(filled) == 0


def test_a_full_list_in_between_begins_the_doubt_anew(filled: SyncState, sandbox: Sandbox, clock: Clock) -> None:
    with_empty_lists(sandbox)
    walk(filled, clock)
    sandbox.faults.clear()
    assert walk(filled, clock).outcome == Outcome.SUCCEEDED
    with_empty_lists(sandbox)
    assert walk(filled, clock).outcome == Outcome.IMPLAUSIBLE


def with_empty_lists(sandbox: Sandbox) -> None:
    for path in PATHS:
        sandbox.faults.add(f"{path},emptied,times=9")
