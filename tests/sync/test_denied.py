"""A key that may not add any more parks nothing: home says what it holds up, and whose turn it is."""

import re

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, Standing
from organiser_portal.connections.services import test_connection as ask_again
from organiser_portal.events.models import Listing
from organiser_portal.sync import outbox
from tests.conftest import NOW
from tests.sync.pushing import added, drain, enterable
from tests.sync.world import Clock

pytestmark = pytest.mark.portable

SAID = "eventrac does not allow 2 changes"


@pytest.fixture
def denied(eventrac: Connection, sandbox, clock: Clock) -> Listing:
    """Two were added since the key may not do so any more."""
    listing = enterable(eventrac)
    for name in ("Ada", "Bea"):
        added(listing, name)
    sandbox.faults.add("eventrac:status=403,method=POST,times=forever")
    assert drain(eventrac, clock) == {"queued": 2}
    return listing


def home(client) -> str:
    return " ".join(re.sub("<[^>]+>", " ", client.get("/o/fellgate/").text).split())


def test_home_says_what_is_held_up_and_who_can_do_something(eventrac, denied, sign_in, viewer) -> None:
    client = sign_in(viewer)
    assert f"{SAID} Its key may not do this: have eventrac allow it, or enter another key, and test it" in home(client)
    assert f'href="/o/fellgate/connections/{eventrac.pk}/"' in client.get("/o/fellgate/").text


def test_what_waits_behind_it_and_was_never_tried_is_not_counted(denied, sign_in, viewer) -> None:
    added(denied, "Cleo")
    assert SAID in home(sign_in(viewer))


def test_a_server_that_is_down_is_another_matter(eventrac, sandbox, clock, sign_in, viewer) -> None:
    added(enterable(eventrac))
    sandbox.faults.add("eventrac:status=503,method=POST,times=forever")
    assert drain(eventrac, clock) == {"unknown": 1}
    assert "does not allow" not in home(sign_in(viewer))


def test_a_test_that_is_passed_lets_it_go_at_once(eventrac, denied, sandbox, clock, sign_in, viewer) -> None:
    sandbox.faults.clear()
    assert drain(eventrac, clock) == {}
    assert ask_again(connection=eventrac, actor=None, now=clock()).accepted
    assert drain(eventrac, clock) == {"confirmed": 2}
    assert "does not allow" not in home(sign_in(viewer))


def test_what_is_tried_once_more_is_not_called_denied_meanwhile(denied, sign_in, viewer) -> None:
    first = OutboundChange.objects.earliest("pk")
    assert outbox.try_again(first, due=NOW)
    assert "eventrac does not allow 1 change " in home(sign_in(viewer))


def test_a_connection_that_is_paused_says_only_that(eventrac, denied, sign_in, viewer) -> None:
    Connection.objects.filter(pk=eventrac.pk).update(standing=Standing.PAUSED)
    assert "eventrac is paused" in home(sign_in(viewer))
    assert "does not allow" not in home(sign_in(viewer))
