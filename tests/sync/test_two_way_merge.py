"""A provider that lists entries and takes edits: our word stands until it agrees, and what it says is not lost."""

import pytest

from organiser_portal.connections.models import OutboundChange, PushState, SyncState
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.merge import Rule
from organiser_portal.participants.models import Conflict, Entry, Settlement
from organiser_portal.participants.rules import set_rules
from organiser_portal.participants.services import (
    EntryValues,
    discard_edit,
    edit_entry,
    keep_ours,
    settle_many,
    take_theirs,
    undo_many,
)
from organiser_portal.participants.services.undoing import undo
from tests.conftest import NOW
from tests.sync.test_engine import run
from tests.sync.world import Clock, Script, last_page, received

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


class World:
    """One entry at a provider, one person here."""

    def __init__(self, entries: SyncState, script: Script, clock: Clock, by: User) -> None:
        self.entries, self.script, self.clock, self.by = entries, script, clock, by
        self.pull("Ada")

    def pull(self, first: str, **more: str) -> Entry:
        self.script.acts = [last_page([received(1, first, **more)])]
        run(self.entries, self.clock, by_hand=True, full=True)
        return self.entry

    @property
    def entry(self) -> Entry:
        return Entry.objects.get()

    def edit(self, first: str, **more: str) -> None:
        values = EntryValues(person={"first_name": first, **more})
        edit_entry(entry=self.entry, values=values, by=self.by, now=NOW)

    def queued(self) -> list[str]:
        changes = OutboundChange.objects.filter(state=PushState.QUEUED)
        return [change.values["person"]["first_name"] for change in changes]

    def dispute(self) -> None:
        """We said Adah and it has been sent; they say Eda."""
        self.edit("Adah")
        OutboundChange.objects.update(state=PushState.CONFIRMED, due_at=None)
        self.pull("Eda")

    def dispute_two(self) -> None:
        """The same of both names: we said Adah Noël, they say Eda Lovelace."""
        self.edit("Adah", last_name="Noël")
        OutboundChange.objects.update(state=PushState.CONFIRMED, due_at=None)
        self.pull("Eda", last="Lovelace")

    def discard(self) -> None:
        """After the provider has refused it."""
        OutboundChange.objects.update(state=PushState.REJECTED, due_at=None)
        discard_edit(entry=self.entry, by=self.by, now=NOW)

    def undo(self) -> None:
        undo(entry=self.entry, change=OutboundChange.objects.latest("pk"), by=self.by, now=NOW)

    def settle_all(self, choice: Settlement.Choice, organisation: Organisation) -> Settlement:
        told = {"asked": {}, "expected": Conflict.objects.count(), "by": self.by, "now": NOW}
        return settle_many(
            organisation=organisation,
            conflicts=Conflict.objects.all(),
            choice=choice,
            **told,  # type: ignore[arg-type]
        )


@pytest.fixture
def world(entries: SyncState, script: Script, clock: Clock, editor: User) -> World:
    return World(entries, script, clock, editor)


def test_an_edit_on_its_way_survives_a_pull_that_does_not_know_it_yet(world: World) -> None:
    world.edit("Adah")
    assert world.pull("Ada", last="Lovelace").first_name == "Adah"
    assert world.entry.last_name == "Lovelace"
    assert world.entry.conflicts == {}


def test_when_the_provider_has_it_nothing_stands_over_anything(world: World) -> None:
    world.edit("Adah")
    world.pull("Adah")
    assert (world.entry.first_name, world.entry.overrides) == ("Adah", {})
    assert world.pull("Eda").first_name == "Eda"


def test_what_both_changed_is_a_conflict(world: World) -> None:
    world.dispute()
    assert world.entry.first_name == "Adah"
    assert world.entry.conflicts["first_name"]["theirs"] == "Eda"


def test_keeping_ours_tells_the_provider(world: World) -> None:
    world.dispute()
    keep_ours(entry=world.entry, name="first_name", by=world.by, now=NOW)
    assert world.queued() == ["Adah"]
    assert world.entry.push_state == PushState.QUEUED


def test_taking_theirs_sends_nothing_of_ours(world: World) -> None:
    world.edit("Adah")
    world.pull("Eda")
    take_theirs(entry=world.entry, name="first_name", by=world.by, now=NOW)
    assert world.entry.first_name == "Eda"
    assert "Adah" not in world.queued()


def test_a_discarded_edit_goes_back_to_what_the_provider_says_by_now(world: World) -> None:
    world.edit("Adah")
    world.pull("Eda")
    OutboundChange.objects.update(state=PushState.REJECTED)
    discard_edit(entry=world.entry, by=world.by, now=NOW)
    assert (world.entry.first_name, world.entry.overrides, world.entry.conflicts) == ("Eda", {}, {})
    assert not Conflict.objects.exists()


def test_kept_together_it_is_sent_and_called_back_while_it_waits(world: World, organisation: Organisation) -> None:
    world.dispute()
    settlement = world.settle_all(Settlement.Choice.OURS, organisation)
    assert world.queued() == ["Adah"]
    assert undo_many(settlement=settlement, by=world.by, now=NOW).undone == 1
    assert world.queued() == []
    assert Conflict.objects.count() == 1


def test_two_fields_kept_together_wait_in_one_change_and_are_called_back_together(
    world: World, organisation: Organisation
) -> None:
    world.dispute_two()
    settlement = world.settle_all(Settlement.Choice.OURS, organisation)
    assert world.queued() == ["Adah"]
    assert undo_many(settlement=settlement, by=world.by, now=NOW).undone == 2
    assert world.queued() == []
    assert world.entry.push_state == PushState.CONFIRMED
    assert set(world.entry.conflicts) == {"first_name", "last_name"}


def test_what_was_edited_since_is_still_sent_when_the_field_beside_it_is_called_back(
    world: World, organisation: Organisation
) -> None:
    world.dispute_two()
    settlement = world.settle_all(Settlement.Choice.OURS, organisation)
    world.edit("Adah", last_name="Milbanke")
    assert undo_many(settlement=settlement, by=world.by, now=NOW).undone == 1
    (change,) = OutboundChange.objects.filter(state=PushState.QUEUED)
    assert (change.values["fields"], change.values["person"]) == (["last_name"], {"last_name": "Milbanke"})
    assert change.values["was"] == {"last_name": "Lovelace"}
    assert set(world.entry.conflicts) == {"first_name"}


@pytest.mark.postgresql
@pytest.mark.parametrize("state", [PushState.SENDING, PushState.CONFIRMED, PushState.UNKNOWN])
def test_what_has_left_is_not_undone(world: World, organisation: Organisation, state: PushState) -> None:
    world.dispute()
    settlement = world.settle_all(Settlement.Choice.OURS, organisation)
    OutboundChange.objects.filter(state=PushState.QUEUED).update(state=state)
    assert undo_many(settlement=settlement, by=world.by, now=NOW).undone == 0
    assert not Conflict.objects.exists()


def test_what_was_taken_from_them_stays_when_the_edit_that_waited_is_undone(world: World) -> None:
    world.edit("Adah")
    world.pull("Eda")
    take_theirs(entry=world.entry, name="first_name", by=world.by, now=NOW)
    assert world.queued() == ["Eda"]
    world.undo()
    assert world.entry.first_name == "Eda"
    assert world.pull("Eda").first_name == "Eda"


@pytest.mark.postgresql
def test_what_was_taken_from_them_in_bulk_stays_when_the_edit_that_waited_is_undone(
    world: World, organisation: Organisation
) -> None:
    world.edit("Adah")
    world.pull("Eda")
    world.settle_all(Settlement.Choice.THEIRS, organisation)
    world.undo()
    assert world.entry.first_name == "Eda"


def test_what_was_taken_from_them_stays_when_the_edit_that_was_refused_is_discarded(world: World) -> None:
    world.edit("Adah")
    world.pull("Eda")
    OutboundChange.objects.update(state=PushState.REJECTED)
    take_theirs(entry=world.entry, name="first_name", by=world.by, now=NOW)
    world.discard()
    assert world.entry.first_name == "Eda"


def test_what_had_arrived_although_it_was_refused_at_its_second_sending_stays(world: World) -> None:
    world.edit("Adah")
    OutboundChange.objects.update(state=PushState.UNKNOWN, attempts=2)
    assert world.pull("Adah").overrides == {}
    world.discard()
    assert world.entry.first_name == "Adah"
    assert world.pull("Adah").first_name == "Adah"


def test_where_the_provider_wins_an_edit_that_waited_is_undone_to_what_they_say(
    world: World, organisation: Organisation
) -> None:
    set_rules(organisation=organisation, rules={"first_name": Rule.PROVIDER}, by=world.by, now=NOW)
    world.edit("Adah")
    assert world.pull("Eda").first_name == "Eda"
    world.undo()
    assert world.entry.first_name == "Eda"


def test_an_edit_back_to_what_they_had_before_ours_arrived_is_undone_to_ours(world: World) -> None:
    world.edit("Adah")
    OutboundChange.objects.update(state=PushState.CONFIRMED, due_at=None)
    world.edit("Ada")
    world.undo()
    assert world.entry.first_name == "Adah"
