"""Operators hold the requests of runs against what a provider allows, so each that was sent is counted."""

import pytest

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.walk import OnPage
from providers.errors import ProviderUnavailable
from providers.registry import PROVIDERS
from providers.sandbox.ticketing.seed import HOST_ADMIN, PASSWORD, READ_KEY
from providers.sandbox.world import Sandbox
from tests.sync.conftest import connected
from tests.sync.world import Clock, Script, page, received


@pytest.fixture(params=sorted(PROVIDERS))
def reached(request: pytest.FixtureRequest, organisation: Organisation, sandbox: Sandbox) -> Connection:
    return connected(organisation, sandbox, request.param)


def walk(state: SyncState, clock: Clock, on_page: OnPage | None = None) -> SyncRun:
    done = run_state(state.pk, clock=clock, by_hand=True, on_page=on_page)
    assert done is not None
    return SyncRun.objects.get(pk=done.pk)


@pytest.mark.portable
@pytest.mark.parametrize(
    "fault",
    [
        "status=500,skip=999",
        "status=502",
        "drop_before_write",
        "status=500,times=forever",
        "status=500,skip=1,times=forever",
        "status=403,times=forever",
        "html,times=forever",
    ],
)
def test_whatever_becomes_of_it_at_every_provider(
    reached: Connection, sandbox: Sandbox, clock: Clock, fault: str
) -> None:
    sent = []
    for state in reached.sync_states.all():
        sandbox.log.clear()
        sandbox.faults.add(f"{reached.provider}:{fault}")
        done = walk(state, clock)
        sent.append(len(sandbox.log))
        assert done.requests == sent[-1], state.resource
        sandbox.faults.clear()
        Connection.objects.update(standing=Standing.WORKING)
    assert sum(sent) > 0


def test_also_those_around_the_pages(organisation: Organisation, sandbox: Sandbox, clock: Clock) -> None:
    """A session is begun before the first page, and ended after the last."""
    ticketing = connected(organisation, sandbox, "ticketing")
    ticketing.settings = {**ticketing.settings, "username": HOST_ADMIN}
    ticketing.seal({"api_key": READ_KEY, "password": PASSWORD})
    ticketing.save()
    done = walk(ticketing.sync_states.get(resource="events"), clock)
    assert [sandbox.log[0].path, sandbox.log[-1].method] == ["/sessions", "DELETE"]
    assert done.requests == len(sandbox.log)


def test_the_one_that_ended_it_comes_on_top_of_its_pages(entries: SyncState, script: Script, clock: Clock) -> None:
    script.acts = [page([received(1)]), ProviderUnavailable("down")]
    done = walk(entries, clock)
    assert (done.outcome, done.pages, done.requests, done.bytes) == (Outcome.FAILED, 1, 2, 100)


def test_those_of_a_worker_that_lost_its_lease_stay_on_its_run(
    entries: SyncState, script: Script, clock: Clock
) -> None:
    def somebody_else(_: SyncRun) -> None:
        SyncState.objects.filter(pk=entries.pk).update(lease="another")

    script.acts = [page([received(1)]), page([received(2)])]
    done = walk(entries, clock, on_page=somebody_else)
    assert (done.outcome, done.pages, done.requests) == (Outcome.ABANDONED, 1, 2)
