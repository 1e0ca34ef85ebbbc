"""Whole walks that take many turns, at each provider that can go on in the middle of one, against what is there."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest

from organiser_portal.connections import gateway
from organiser_portal.connections.models import SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.listings import resource_of
from organiser_portal.sync.models import HandedOver, Outcome, Owed, SyncRun
from organiser_portal.sync.stores import MODELS
from providers.records import Kind
from providers.sandbox import Sandbox
from tests.conftest import NOW, STORIES
from tests.sync.conftest import connected
from tests.sync.world import Clock

pytestmark = pytest.mark.portable

SEEDS = range(min(STORIES // 8, 5))  # one in the suite, five where stories by the hundred are asked for
TURN = timedelta(minutes=2)
MANY = 100  # turns: more than any of these takes
BEFORE = {"letsdothis": [], "ticketing": ["events", "entries"], "trackier": ["partners"]}
LISTINGS = {
    ("letsdothis", "entries"): {"page_size": "100"},
    ("letsdothis", "applications"): {"page_size": "10"},
    ("ticketing", "entries"): {"records": "10"},
    ("ticketing", "admissions"): {"records": "10"},
    ("trackier", "conversions"): {},
    ("trackier", "stats"): {},
}


class Slow(httpx.BaseTransport):
    """A minute goes by with each call."""

    def __init__(self, sandbox: Sandbox, clock: Clock) -> None:
        self._answers = sandbox.transport()
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._clock.now += timedelta(minutes=1)
        return self._answers.handle_request(request)


class Remote:
    """One listing, and what happens to it."""

    def __init__(self, organisation: Organisation, sandbox: Sandbox, provider: str, resource: str) -> None:
        self.sandbox = sandbox
        self.clock = Clock(NOW)
        self.resource = resource
        self.connection = connected(organisation, sandbox, provider)
        self.connection.settings |= LISTINGS[provider, resource]
        self.connection.save()
        self.kind = resource_of(self.connection, resource).kind
        self.state = SyncState.objects.get(connection=self.connection, resource=resource)
        for name in BEFORE[provider]:
            state = SyncState.objects.get(connection=self.connection, resource=name)
            assert run_state(state.pk, clock=self.clock, by_hand=True, transport=sandbox.transport())
        if resource == "admissions":
            for event in sandbox.ticketing.state.events.values():
                for ticket in [each for each in event.tickets if each.status == "Issued"][:25]:
                    sandbox.ticketing.admit(ticket.serial)
        assert self.turn(budget=None).outcome == Outcome.SUCCEEDED

    def turn(self, *, budget: timedelta | None = TURN, full: bool = False) -> SyncRun:
        slow = Slow(self.sandbox, self.clock)
        done = run_state(self.state.pk, clock=self.clock, by_hand=True, transport=slow, full=full, budget=budget)
        assert done is not None
        self.state.refresh_from_db()
        return done

    def walk(self, meanwhile: Callable[[], object] = lambda: None) -> tuple[SyncRun, int]:
        """A whole walk to its end, and how many turns it took. ``meanwhile``: between each two of them."""
        for number in range(1, MANY):
            done = self.turn(full=number == 1)
            if done.owes != Owed.REST:
                return done, number
            meanwhile()
        raise AssertionError("it does not come to an end")

    def there(self) -> set[str]:
        """By a walk of our own that nothing disturbs."""
        with gateway.open_provider(self.connection, transport=self.sandbox.transport()) as provider:
            pages = list(provider.pull(self.resource, full=True, known=self._known))
        return {item.external_id for page in pages for item in page.items}

    def _known(self, kind: Kind) -> list[str]:
        rows = MODELS[kind]._default_manager.filter(connection=self.connection, gone_at=None)
        return list(rows.values_list("external_id", flat=True))

    def listed(self) -> set[str]:
        return set(self._known(self.kind))

    def wrongly_gone(self) -> set[str]:
        rows = MODELS[self.kind]._default_manager.filter(connection=self.connection, gone_at__isnull=False)
        return self.there().intersection(rows.values_list("external_id", flat=True))

    def one_vanishes(self, chance: Random) -> None:
        letsdothis, ticketing, network = self.sandbox.letsdothis, self.sandbox.ticketing, self.sandbox.trackier.network
        match self.connection.provider, self.resource:
            case "letsdothis", "entries":
                letsdothis.delete(chance.choice(list(letsdothis.organiser.participants)).id)
            case "letsdothis", _:
                letsdothis.delete(chance.choice(list(letsdothis.organiser.applications)).id)
            case "ticketing", what:
                events = list(ticketing.state.events.values())
                lists: list[list[Any]] = [e.tickets if what == "entries" else e.admissions for e in events]
                some = chance.choice([each for each in lists if len(each) > 5])
                some.remove(chance.choice(some))
            case _:
                del network.conversions[chance.choice(list(network.conversions))]

    def one_comes(self, chance: Random) -> None:
        ticketing = self.sandbox.ticketing
        match self.connection.provider, self.resource:
            case "letsdothis", "entries":
                self.sandbox.letsdothis.sell()
                some = chance.choice(list(self.sandbox.letsdothis.organiser.participants))
                self.sandbox.letsdothis.change(some.id, bibNumber=str(chance.randrange(1000)))
            case "letsdothis", _:
                self.sandbox.letsdothis.apply()
            case "ticketing", "entries":
                ticketing.sell()
            case "ticketing", _:
                events = ticketing.state.events.values()
                outside = [each for event in events for each in event.tickets if each.status == "Issued"]
                ticketing.admit(chance.choice(outside).serial)
            case _:
                self.sandbox.trackier.convert()


@pytest.fixture
def sandbox() -> Sandbox:
    """At this hour: days are asked for up to today."""
    return Sandbox(size="s")


@pytest.fixture(params=LISTINGS, ids="/".join)
def remote(request: pytest.FixtureRequest, organisation: Organisation, sandbox: Sandbox) -> Remote:
    return Remote(organisation, sandbox, *request.param)


@pytest.mark.postgresql
def test_a_walk_in_many_turns_owes_nothing(remote: Remote) -> None:
    before = remote.listed()
    done, turns = remote.walk()
    assert turns > 1
    assert (done.outcome, done.owes, done.full, done.gone) == (Outcome.SUCCEEDED, "", True, 0)
    assert done.seen + done.named_before == len(before)
    assert done.promised in (None, len(before))
    assert remote.listed() == before == remote.there()
    assert not HandedOver.objects.exists()


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_what_vanishes_is_gone_after_three_more_such_walks_at_most(remote: Remote, when: str) -> None:
    chance = Random(when)
    happens = [lambda: remote.one_vanishes(chance)]

    def meanwhile() -> None:
        if when == "between" and happens:
            happens.pop()()

    if when == "before":
        happens.pop()()
    remote.walk(meanwhile)
    if when == "after":
        happens.pop()()
    for _ in range(3):
        done, _ = remote.walk()
        assert not remote.wrongly_gone()
        if done.outcome == Outcome.SUCCEEDED:
            break
    assert (done.outcome, done.owes) == (Outcome.SUCCEEDED, "")
    assert remote.listed() == remote.there()


@pytest.mark.postgresql
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_comes_and_goes_meanwhile_nothing_is_wrongly_gone_and_in_the_end_all_is_right(
    remote: Remote, seed: int
) -> None:
    chance = Random(seed)

    def meanwhile() -> None:
        for _ in range(chance.randrange(3)):
            chance.choice([remote.one_vanishes, remote.one_comes])(chance)

    for _ in range(3):
        meanwhile()
        remote.walk(meanwhile)
        assert not remote.wrongly_gone()
    for _ in range(5):
        done, _ = remote.walk()
        assert not remote.wrongly_gone()
        if done.outcome == Outcome.SUCCEEDED:
            break
    assert (done.outcome, done.owes) == (Outcome.SUCCEEDED, "")
    assert remote.listed() == remote.there()
