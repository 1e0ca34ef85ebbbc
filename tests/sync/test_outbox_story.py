"""The outbox against a model: whatever is typed, lost, refused or cut off, each entry is there once, as it is here.

A provider that may answer, lose its answer before or after it stored, refuse, ask for a rest or see our worker die.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.fields import about
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services import (
    EntryError,
    EntryValues,
    add_entry,
    discard_add,
    discard_edit,
    edit_entry,
)
from organiser_portal.participants.services.undoing import undo
from organiser_portal.sync import outbox, push
from organiser_portal.sync.changes import read_change
from organiser_portal.sync.conversation import Conversation, Sent
from organiser_portal.sync.limits import LEASE
from organiser_portal.sync.settle import End, Verdict
from providers import registry
from providers.errors import (
    AlreadyThere,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
)
from providers.port import Action, Capabilities, Change, Outcome, Receipt
from tests.conftest import NOW, STORIES
from tests.sync.world import Clock, Programmed

FATES = ("good", "good", "good", "lost before", "lost after", "refused", "limited", "down", "revoked", "killed")
FATE = st.sampled_from([fate for fate in FATES if fate != "killed"])
FIELD, TEXT = st.sampled_from(["first_name", "club"]), st.sampled_from("ABC")


class Killed(BaseException):
    """The worker is gone, in the middle of a call."""


class Fateful(Programmed):
    """Keeps what it is told, by reference. ``fates``: how the next calls go; good when there are none left."""

    key = "fateful"
    label = "Fateful"
    capabilities = Capabilities(add_entry=True, edit_entry=True, look_up_entry=True)
    there: dict[str, list[tuple[str, ...]]] = {}
    fates: list[str] = []

    def push(self, change: Change) -> Receipt:
        outcome = self._carried_out(change)
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    def push_many(self, changes: Any) -> list[Outcome]:
        return [self._carried_out(change) for change in changes]

    def look_up(self, reference: str) -> Receipt | None:
        fate = self._fate()
        if fate in ("limited", "down", "lost before", "lost after"):
            raise RateLimited("wait", retry_after=30) if fate == "limited" else ProviderUnavailable("down")
        held = self.there.get(reference)
        return self._receipt(reference) if held else None

    def _carried_out(self, change: Change) -> Outcome:
        fate = self._fate()
        if fate == "refused" and self._has(change):
            fate = "good"  # what it has taken in it takes in again
        told: dict[str, ProviderError] = {
            "lost before": OutcomeUnknown("lost"),
            "refused": Refused("no"),
            "limited": RateLimited("wait", retry_after=30),
            "down": ProviderUnavailable("down"),
            "revoked": CredentialsRejected("key"),
        }
        if fate in told:
            return told[fate]
        stored = self._stored(change)
        if fate == "killed":
            raise Killed
        return OutcomeUnknown("lost") if fate == "lost after" else stored

    def _stored(self, change: Change) -> Outcome:
        held = self.there.setdefault(change.reference, [])
        if change.action is Action.ADD_ENTRY:
            if held:
                return AlreadyThere("taken")
            held.append((change.person.first_name, change.person.club))
        elif not held:
            return NotFound("nobody")
        else:
            held[-1] = self._as_told(change)
        return self._receipt(change.reference)

    def _has(self, change: Change) -> bool:
        held = self.there.get(change.reference)
        return change.action is Action.EDIT_ENTRY and bool(held) and held[-1] == self._as_told(change)

    def _as_told(self, change: Change) -> tuple[str, ...]:
        told = [getattr(change.person, name) if name in change.fields else None for name in ("first_name", "club")]
        held = self.there[change.reference][-1]
        return tuple(old if new is None else new for old, new in zip(held, told, strict=True))

    def _receipt(self, reference: str) -> Receipt:
        return Receipt(reference=reference, external_id=f"n{reference}", race_id="R")

    def _fate(self) -> str:
        return self.fates.pop(0) if self.fates else "good"


class Outbox(RuleBasedStateMachine):
    listing: Listing
    by: User

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock(NOW)
        self.entries: list[int] = []
        self._undo_everything = transaction.atomic()
        self._undo_everything.__enter__()

    def teardown(self) -> None:
        try:
            self.all_is_well_for_a_while()
        finally:
            transaction.set_rollback(True)
            self._undo_everything.__exit__(None, None, None)

    @initialize()
    def a_fresh_provider_with_one_person(self) -> None:
        Fateful.there, Fateful.fates = {}, []
        self.somebody_is_added()
        self.a_worker_sends([])

    @rule()
    def somebody_is_added(self) -> None:
        number = len(self.entries)
        values = EntryValues(person={"first_name": f"Ada{number}", "last_name": "Byron"})
        entry = add_entry(
            race=self.listing.race, listing=self.listing, reference=f"{number:032x}", values=values,
            by=self.by, now=self.clock(),
        )  # fmt: skip
        self.entries.append(entry.pk)

    @precondition(lambda self: self.entries)
    @rule(which=st.integers(0, 99), field=FIELD, text=TEXT)
    def somebody_is_edited(self, which: int, field: str, text: str) -> None:
        values = EntryValues(person={field: text})
        edit_entry(entry=self._entry(which), values=values, by=self.by, now=self.clock())

    @precondition(lambda self: self.entries)
    @rule(which=st.integers(0, 99))
    def a_change_is_undone(self, which: int) -> None:
        """Any that waits, not the newest alone; or one that does not."""
        changes = OutboundChange.objects.order_by("pk")
        some = list(changes.filter(state=PushState.QUEUED) or changes)
        change = some[which % len(some)]
        with_it = change.state == PushState.QUEUED
        try:
            undo(entry=Entry.objects.get(pk=change.entry_id), change=change, by=self.by, now=self.clock())
            assert with_it
        except EntryError:
            assert not with_it

    @precondition(lambda self: OutboundChange.objects.need_a_person().exists())
    @rule(which=st.integers(0, 99), mend=st.booleans())
    def a_refused_change_is_tried_again_or_discarded(self, which: int, mend: bool) -> None:
        refused = list(OutboundChange.objects.need_a_person())
        change = refused[which % len(refused)]
        if mend:
            assert outbox.try_again(change, due=self.clock())
            return
        entry = Entry.objects.get(pk=change.entry_id)
        if change.action == "add_entry":
            discard_add(entry=entry, by=self.by, now=self.clock())
        else:
            discard_edit(entry=entry, by=self.by, now=self.clock(), change=change)

    @precondition(lambda self: self.entries)
    @rule(
        which=st.integers(0, 99),
        field=FIELD,
        texts=st.lists(TEXT, min_size=2, max_size=3),
        fates=st.lists(FATE, max_size=2),
    )
    def somebody_is_edited_while_a_worker_sends(
        self, which: int, field: str, texts: list[str], fates: list[str]
    ) -> None:
        """What it has taken it says as it was; what is typed meanwhile, or after its answer, comes after that."""
        self.somebody_is_edited(which, field, texts[0])
        taken = self._taken()
        self.somebody_is_edited(which, field, texts[1])
        Fateful.fates = list(fates)
        talk = Conversation(taken, label=Fateful.label, may_look_up=True, about=about)
        said = {each: told for some in talk.hold(Fateful(), wanted=lambda: True) for each, told in some.items()}
        Fateful.fates = []
        for each in taken:
            back = Verdict(end=End.UNKNOWN if each.unsure else End.QUEUED)
            assert outbox.settle(each.row, said.get(each, back), now=self.clock())
        for text in texts[2:]:
            self.somebody_is_edited(which, field, text)

    def _taken(self) -> list[Sent]:
        numbers = dict(Entry.objects.values_list("pk", "external_id"))
        return [
            Sent(row=row, unsure=each.unsure, change=read_change(
                action=row.action, reference=row.reference, race_id=row.race_external_id,
                external_id=numbers[row.entry_id] or "", values=row.values,
            ))
            for each in outbox.take(self.listing.connection_id, now=self.clock()) if (row := each.change)
        ]  # fmt: skip

    @rule(fates=st.lists(st.sampled_from(FATES), max_size=4))
    def a_worker_sends(self, fates: list[str]) -> None:
        Fateful.fates = list(fates)
        try:
            push.drain(self.listing.connection_id, clock=self.clock)
        except Killed:
            self.clock.now += LEASE
        Fateful.fates = []
        Connection.objects.update(standing=Standing.WORKING)

    @rule(minutes=st.integers(1, 120))
    def time_passes(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)

    @invariant()
    def nobody_is_there_twice(self) -> None:
        assert all(len(held) <= 1 for held in Fateful.there.values())

    @invariant()
    def an_entry_shows_what_a_person_has_to_do_or_else_its_newest_change(self) -> None:
        for entry in Entry.objects.filter(pk__in=self.entries):
            told = OutboundChange.objects.filter(entry_id=entry.pk).exclude(state=PushState.DISCARDED)
            states = list(told.order_by("pk").values_list("state", flat=True))
            first = [state for state in states if state in (PushState.REJECTED, PushState.NEEDS_PERSON)]
            assert entry.push_state == [*first, *reversed(states), ""][0], entry.pk

    @rule()
    def all_is_well_for_a_while(self) -> None:
        """Then everything has ended, and what is confirmed is there as it is here."""
        for _ in range(6):
            if OutboundChange.objects.under_way().exists():
                self.clock.now += timedelta(hours=7)
                push.drain(self.listing.connection_id, clock=self.clock)
        assert not OutboundChange.objects.under_way().exists()
        for entry in self._confirmed():
            assert Fateful.there[entry.reference] == [(entry.first_name, entry.club)]
            assert entry.external_id == f"n{entry.reference}"

    def _confirmed(self) -> Iterator[Entry]:
        yield from Entry.objects.filter(pk__in=self.entries, push_state=PushState.CONFIRMED)

    def _entry(self, which: int) -> Entry:
        return Entry.objects.get(pk=self.entries[which % len(self.entries)])


@pytest.mark.django_db
def test_each_promise_is_kept_once(organisation: Organisation, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.PROVIDERS, Fateful.key, Fateful)
    connection = Connection.objects.create(organisation=organisation, provider=Fateful.key, standing=Standing.WORKING)
    event = Event.objects.create(organisation=organisation, name="Hexley")
    race = Race.objects.create(organisation=organisation, event=event, name="Hexley 10K")
    common = {"organisation": organisation, "connection": connection, "first_seen": NOW, "last_seen": NOW}
    at = EventListing.objects.create(event=event, external_id="E", **common)
    listing = Listing.objects.create(race=race, event_listing=at, external_id="R", **common)
    monkeypatch.setattr(Outbox, "listing", listing, raising=False)
    monkeypatch.setattr(Outbox, "by", editor, raising=False)
    bounded = settings(
        max_examples=STORIES, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Outbox, settings=bounded)
