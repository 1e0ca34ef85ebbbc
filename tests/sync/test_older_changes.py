"""One entry, two changes that are not over: whichever is undone, mended or let go, both sides end up alike."""

from collections.abc import Callable
from typing import Any

import pytest

from organiser_portal.connections.models import Connection, OutboundChange, PushState
from organiser_portal.console.inbox.changes import refused
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import User
from organiser_portal.participants.erase import erase_traces
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services import EntryValues, add_entry, discard_edit, edit_entry, mend_rejected
from organiser_portal.participants.services.errors import TooLateToUndo
from organiser_portal.participants.services.undoing import undo
from organiser_portal.sync import outbox
from organiser_portal.sync.limits import LEASE
from organiser_portal.sync.outbox import Taken
from organiser_portal.sync.settle import End, Verdict
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.sync.test_outbound_list import URL
from tests.sync.test_push import drain, listing, there
from tests.sync.world import Clock

pytestmark = pytest.mark.portable

__all__ = ["listing"]

LATER = Verdict(end=End.QUEUED, message="Too many requests.", retry_in=0)
NO = Verdict(end=End.REJECTED, message="Not like this.")


class World:
    """One person, at eventrac as here."""

    def __init__(self, listing: Listing, sandbox: Sandbox, clock: Clock, by: User) -> None:
        self.eventrac: Connection = listing.connection
        self.sandbox, self.clock, self.by = sandbox, clock, by
        person = {"first_name": "Zoë", "last_name": "Moss", "email": "zoe@example.org"}
        values = EntryValues(person=person)
        add_entry(race=listing.race, listing=listing, reference="z" * 32, values=values, by=by, now=NOW)

    @property
    def entry(self) -> Entry:
        return Entry.objects.get(reference="z" * 32)

    def edit(self, **person: Any) -> OutboundChange:
        edit_entry(entry=self.entry, values=EntryValues(person=person), by=self.by, now=NOW)
        return OutboundChange.objects.filter(entry_id=self.entry.pk).latest("pk")

    def undo(self, change: OutboundChange) -> None:
        undo(entry=self.entry, change=change, by=self.by, now=NOW)

    def send(self) -> Taken:
        """A worker has it on the wire; its answer is still to come."""
        (taken,) = outbox.take(self.eventrac.pk, now=NOW)
        return taken

    def answer(self, taken: Taken, verdict: Verdict) -> None:
        assert outbox.settle(taken.change, verdict, now=NOW)

    def two_wait(self, first: dict[str, Any], second: dict[str, Any]) -> tuple[OutboundChange, OutboundChange]:
        """The first was being sent when the second was made, and is to be sent later."""
        one = self.edit(**first)
        taken = self.send()
        two = self.edit(**second)
        assert one.pk != two.pk
        self.answer(taken, LATER)
        return one, two

    def one_is_refused(self, first: dict[str, Any], second: dict[str, Any]) -> tuple[OutboundChange, OutboundChange]:
        """The first was refused while the second waited behind it."""
        one = self.edit(**first)
        taken = self.send()
        two = self.edit(**second)
        self.answer(taken, NO)
        return one, two

    def states(self) -> list[str]:
        return list(OutboundChange.objects.order_by("pk").values_list("state", flat=True))

    def is_alike_on_both_sides(self, first: str, last: str = "Moss") -> bool:
        drain(self.eventrac, self.clock)
        (stored,) = there(self.sandbox, self.entry)
        entry = self.entry
        here = (entry.first_name, entry.last_name, entry.push_state)
        assert here == (first, last, "confirmed"), here
        assert (stored["first_name"], stored["last_name"]) == (first, last), stored
        return True


@pytest.fixture
def unsent(listing: Listing, sandbox: Sandbox, clock: Clock, editor: User) -> World:
    """The entry itself waits to be sent."""
    return World(listing, sandbox, clock, editor)


@pytest.fixture
def world(unsent: World) -> World:
    drain(unsent.eventrac, unsent.clock)
    return unsent


def test_what_was_emptied_since_an_add_arrived_unnoticed_is_emptied_there(unsent: World) -> None:
    """Nobody knew that it was there, so what staff emptied went with the add and not as an edit."""
    unsent.edit(city="Leeds")
    drain(unsent.eventrac, unsent.clock)
    OutboundChange.objects.update(state=PushState.NEEDS_PERSON)
    Entry.objects.update(external_id=None)
    unsent.edit(city="")
    assert unsent.is_alike_on_both_sides("Zoë")
    (stored,) = there(unsent.sandbox, unsent.entry)
    assert (stored["address_city"], stored["email"]) == ("", "zoe@example.org")


def test_undoing_the_older_of_two_leaves_what_the_newer_says(world: World) -> None:
    one, _ = world.two_wait({"first_name": "Bea"}, {"first_name": "Cleo"})
    world.undo(one)
    assert world.entry.first_name == "Cleo"
    assert world.is_alike_on_both_sides("Cleo")


def test_undoing_the_older_puts_back_what_it_alone_says(world: World) -> None:
    one, _ = world.two_wait({"first_name": "Bea", "last_name": "Byron"}, {"first_name": "Cleo"})
    world.undo(one)
    assert world.is_alike_on_both_sides("Cleo", "Moss")


def test_undoing_both_the_older_first_brings_the_first_value_back(world: World) -> None:
    one, two = world.two_wait({"first_name": "Bea"}, {"first_name": "Cleo"})
    world.undo(one)
    world.undo(two)
    assert world.is_alike_on_both_sides("Zoë")


def test_undoing_the_newer_leaves_what_the_older_says(world: World) -> None:
    _, two = world.two_wait({"first_name": "Bea"}, {"first_name": "Cleo"})
    world.undo(two)
    assert world.is_alike_on_both_sides("Bea")


def test_an_edit_after_a_refused_one_and_one_that_waits_goes_out_last(world: World) -> None:
    world.one_is_refused({"first_name": "Anna", "last_name": "Byron"}, {"first_name": "Bea"})
    world.edit(first_name="Cleo")
    assert world.is_alike_on_both_sides("Cleo", "Byron")


def test_an_edit_after_a_refused_one_and_one_on_the_wire_goes_out_last(world: World) -> None:
    world.one_is_refused({"first_name": "Anna", "last_name": "Byron"}, {"first_name": "Bea"})
    taken = world.send()
    world.edit(first_name="Cleo")
    world.answer(taken, LATER)
    assert world.is_alike_on_both_sides("Cleo", "Byron")


def test_what_took_a_refused_edit_in_is_undone_to_what_the_provider_has(world: World) -> None:
    world.one_is_refused({"first_name": "Anna", "last_name": "Byron"}, {"first_name": "Bea"})
    world.undo(world.edit(first_name="Cleo"))
    assert world.is_alike_on_both_sides("Zoë", "Moss")


@pytest.mark.postgresql
def test_an_edit_after_a_refused_add_lets_what_waits_behind_it_go(unsent: World) -> None:
    taken = unsent.send()
    unsent.edit(first_name="Bea")
    unsent.answer(taken, NO)
    unsent.edit(first_name="Cleo", last_name="Byron")
    assert unsent.states() == ["queued", "discarded"]
    assert unsent.is_alike_on_both_sides("Cleo", "Byron")


@pytest.mark.parametrize("again", ["from the list", "from the form"])
def test_an_older_refused_edit_sent_again_says_what_the_entry_says(world: World, again: str) -> None:
    one, _ = world.one_is_refused({"first_name": "Anna", "last_name": "Byron"}, {"first_name": "Bea"})
    drain(world.eventrac, world.clock)
    assert world.states() == ["confirmed", "rejected", "confirmed"]
    one.refresh_from_db()
    ways: dict[str, Callable[[], object]] = {
        "from the list": lambda: outbox.try_again(one, due=NOW),
        "from the form": lambda: mend_rejected(entry=world.entry, values=EntryValues(), by=world.by, now=NOW),
    }
    assert ways[again]()
    assert world.is_alike_on_both_sides("Bea", "Byron")


def test_a_refused_edit_that_a_newer_one_has_replaced_needs_no_sending_again(world: World) -> None:
    one, _ = world.one_is_refused({"first_name": "Anna"}, {"first_name": "Bea"})
    drain(world.eventrac, world.clock)
    one.refresh_from_db()
    assert outbox.try_again(one, due=NOW)
    assert world.states() == ["confirmed", "discarded", "confirmed"]
    assert world.is_alike_on_both_sides("Bea")


def test_discarding_an_older_refused_edit_leaves_what_a_newer_one_says(world: World) -> None:
    world.one_is_refused({"first_name": "Anna", "last_name": "Byron"}, {"first_name": "Bea"})
    drain(world.eventrac, world.clock)
    discard_edit(entry=world.entry, by=world.by, now=NOW)
    assert world.is_alike_on_both_sides("Bea", "Moss")


def test_the_line_that_is_discarded_is_the_one_that_goes(world: World, sign_in: Any) -> None:
    world.one_is_refused({"last_name": "Byron"}, {"first_name": "Bea"})
    world.answer(world.send(), NO)
    newest = OutboundChange.objects.latest("pk")
    sign_in(world.by).post(f"{URL}{newest.pk}/discard/")
    assert world.states() == ["confirmed", "rejected", "discarded"]
    assert (world.entry.first_name, world.entry.last_name) == ("Zoë", "Byron")


def test_the_list_the_page_and_the_inbox_tell_of_the_same_change(world: World, sign_in: Any) -> None:
    world.one_is_refused({"last_name": "Byron"}, {"first_name": "Bea"})
    drain(world.eventrac, world.clock)
    assert OutboundChange.objects.latest("pk").state == PushState.CONFIRMED
    assert world.entry.push_state == PushState.REJECTED
    client, at = sign_in(world.by), "/o/fellgate/entries/"
    assert "Bea Byron" in client.get(at, {"push": "rejected"}).content.decode()
    assert "Refused" in client.get(f"{at}{world.entry.pk}/state/").content.decode()
    (todo,) = refused(world.entry.organisation)
    assert todo.why.startswith("Bea Byron: Not like this.")


def test_an_edit_whose_answer_was_lost_cannot_be_undone_however_often_it_is_put_off(world: World) -> None:
    change = world.edit(first_name="Bea")
    world.sandbox.faults.add("eventrac:drop_after_write,method=PUT,times=1")
    world.sandbox.faults.add("eventrac:drop_after_write,method=PATCH,times=1")
    drain(world.eventrac, world.clock)
    assert world.states()[-1] == "unknown"
    world.sandbox.faults.clear()
    world.sandbox.faults.add("eventrac:status=429,retry_after=5,times=1")
    world.clock.now += LEASE
    drain(world.eventrac, world.clock)
    assert world.states()[-1] == "unknown"
    change.refresh_from_db()
    with pytest.raises(TooLateToUndo):
        world.undo(change)
    world.clock.now += LEASE
    assert world.is_alike_on_both_sides("Bea")


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "rejected", "needs_person"])
def test_of_an_erased_person_nothing_is_left_to_do(world: World, state: str) -> None:
    change = world.edit(first_name="Bea")
    taken = world.send()
    if state != "sending":
        world.answer(taken, Verdict(end=End(state), retry_in=0))
    erase_traces(world.eventrac, [world.entry.external_id])
    outbox.settle(taken.change, LATER, now=NOW)
    change.refresh_from_db()
    assert (change.state, change.values, change.message) == ("discarded", {}, "")
    assert world.entry.push_state == "confirmed"
    assert drain(world.eventrac, world.clock) == {}
