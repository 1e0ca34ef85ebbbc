"""Partners, places and the people in them, from the sandbox into our tables."""

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.partners.models import EntryTie, Partner, ReservedGroup
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.tie import tie_entries
from providers.records import Kind
from providers.sandbox.world import Sandbox
from tests.kept import kept
from tests.sync.world import Clock


@pytest.fixture
def cycle(letsdothis: Connection, clock: Clock) -> "list[SyncRun | None]":
    """Everything once, in the order of a cycle."""
    return [sync(letsdothis, key, clock) for key in ("partners", "entries", "reserved_groups")]


def sync(connection: Connection, resource: str, clock: Clock) -> SyncRun | None:
    state = SyncState.objects.get(connection=connection, resource=resource)
    return run_state(state.pk, clock=clock, by_hand=True)


def test_a_cycle_holds_all_partners_and_places(cycle: list[SyncRun], sandbox: Sandbox, letsdothis: Connection):
    assert [run.outcome for run in cycle] == [Outcome.SUCCEEDED] * 3
    account = sandbox.letsdothis.organiser
    assert set(Partner.objects.values_list("external_id", flat=True)) == {row.id for row in account.partners}
    assert set(ReservedGroup.objects.values_list("external_id", flat=True)) == set(account.groups)
    for group in ReservedGroup.objects.select_related("partner"):
        body = account.groups[group.external_id].body
        assert group.partner_external_id == (body["partnerId"] or "")
        assert (group.partner.external_id if group.partner else None) == body["partnerId"]
        assert group.event_listing is not None
    assert kept(letsdothis, Kind.RESERVED_GROUP).keys() == account.groups.keys()


def test_entries_know_the_places_they_took(cycle: list[SyncRun], organisation: object):
    traced = Entry.objects.exclude(partner_group="")
    assert traced
    tied = EntryTie.objects.select_related("entry", "group", "partner")
    assert tied.count() == traced.count()
    for tie in tied:
        assert tie.group is not None
        assert tie.entry.partner_group == tie.group.name
        assert (tie.partner.name if tie.partner else "") == tie.entry.partner_name
    seen = ReservedGroup.objects.with_entries()
    assert sum(group.entries_seen for group in seen) > 0
    assert all(group.entries_seen <= group.used for group in seen)


def test_tying_twice_changes_nothing_and_what_is_gone_is_untied(cycle: list[SyncRun], letsdothis: Connection):
    assert tie_entries(letsdothis) == 0
    entry = EntryTie.objects.all()[0].entry
    said = {"partner_group": "", "partner_group_external_id": "", "partner_name": "", "partner_other_ids": []}
    Entry.objects.filter(pk=entry.pk).update(**said)
    assert tie_entries(letsdothis) == 1
    assert not EntryTie.objects.filter(entry=entry).exists()


def test_where_places_and_partners_are_gone_entries_are_tied_to_what_is_left(
    cycle: list[SyncRun], letsdothis: Connection
):
    entry = EntryTie.objects.exclude(partner=None).select_related("entry")[0].entry
    ReservedGroup.objects.all().delete()
    tie_entries(letsdothis)
    assert EntryTie.objects.get(entry=entry).partner.name == entry.partner_name
    Partner.objects.all().delete()
    tie_entries(letsdothis)
    assert not EntryTie.objects.exists()


def test_a_walk_that_breaks_off_leaves_no_entry_of_its_batches_untied(
    cycle: list[SyncRun], letsdothis: Connection, clock: Clock
):
    held = set(EntryTie.objects.values_list("entry__external_id", "group_id", "partner_id"))
    Entry.objects.filter(connection=letsdothis).delete()

    def broken_off(_: SyncRun) -> None:
        raise RuntimeError

    state = SyncState.objects.get(connection=letsdothis, resource="entries")
    with pytest.raises(RuntimeError):
        run_state(state.pk, clock=clock, by_hand=True, full=True, on_page=broken_off)
    traced = set(Entry.objects.exclude(partner_group="").values_list("external_id", flat=True))
    assert traced
    tied = set(EntryTie.objects.values_list("entry__external_id", "group_id", "partner_id"))
    assert {external_id for external_id, *_ in tied} == traced
    assert tied <= held


def test_places_that_are_no_longer_there_are_marked_as_gone(
    cycle: list[SyncRun], letsdothis: Connection, sandbox: Sandbox, clock: Clock
):
    group_id = next(iter(sandbox.letsdothis.organiser.groups))
    del sandbox.letsdothis.organiser.groups[group_id]
    run = sync(letsdothis, "reserved_groups", clock)
    assert run is not None
    assert run.gone == 1
    assert ReservedGroup.objects.get(gone_at__isnull=False).external_id == group_id
