"""A listing that is asked for in parts, and one of the parts comes empty by mistake: nothing is gone for that."""

from typing import Any

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.retire import held
from providers.records import Kind
from providers.sandbox import Sandbox
from tests.sync.conftest import connected
from tests.sync.world import Clock

pytestmark = pytest.mark.portable


@pytest.fixture
def sandbox(settings: Any) -> Sandbox:
    """At this hour: days are asked for up to today."""
    sandbox = Sandbox(size="s")
    settings.PROVIDER_TRANSPORT = sandbox.transport()
    return sandbox


@pytest.fixture
def trackier(organisation: Organisation, sandbox: Sandbox) -> Connection:
    return connected(organisation, sandbox, "trackier")


def walked(connection: Connection, resource: str, clock: Clock) -> SyncRun:
    state = SyncState.objects.get(connection=connection, resource=resource)
    done = run_state(state.pk, clock=clock, by_hand=True, full=True)
    assert done is not None
    return done


PARTS = [
    *(("campaigns", Kind.CAMPAIGN, "/campaign$", which_pass) for which_pass in (0, 1)),
    *(("conversions", Kind.CONVERSION, "conversions", month) for month in (13, 16)),
    *(("stats", Kind.DAY_STAT, "customReport", month) for month in (13, 16)),
]


@pytest.mark.parametrize(("resource", "kind", "path", "part"), PARTS)
def test_nothing_is_gone(
    trackier: Connection, sandbox: Sandbox, clock: Clock, resource: str, kind: Kind, path: str, part: int
) -> None:
    walked(trackier, "partners", clock)
    walked(trackier, resource, clock)
    before = held(connection=trackier, kind=kind)
    assert before
    sandbox.faults.add(f"trackier:emptied,method=GET,path={path},times=1,skip={part}")
    done = walked(trackier, resource, clock)
    assert (done.outcome, done.gone) == (Outcome.SUCCEEDED, 0)
    assert held(connection=trackier, kind=kind) == before
