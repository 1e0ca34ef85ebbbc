from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from organiser_portal.connections.models import Connection, RejectedRecord, SourcePayload, SyncedModel
from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Application, Entry, Revision
from organiser_portal.sync.apply import Applier
from organiser_portal.sync.replay import replay
from organiser_portal.sync.retire import SeenIds, held, retire_absent
from organiser_portal.sync.tally import Tally
from providers.port import Page, Received, Rejected
from providers.records import Kind
from tests.conftest import NOW
from tests.sync.plain import Plain, entry

type Apply = Callable[..., Tally]


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return Connection.objects.create(organisation=organisation, provider="plain", label="Plain")


@pytest.fixture
def provider() -> Plain:
    return Plain()


@pytest.fixture
def apply(connection: Connection, provider: Plain) -> Apply:
    def apply_items(*items: Received, minutes: int = 0, **page: Any) -> Tally:
        moment = NOW + timedelta(minutes=minutes)
        applier = Applier(connection=connection, provider=provider, run_id=1, now=lambda: moment)
        with transaction.atomic():
            return applier.apply(Page(items=items, **page), resource="entries")

    return apply_items


def test_a_page_applied_twice_changes_nothing_and_is_not_even_decoded_again(apply: Apply, provider: Plain) -> None:
    page = (entry("1", first_name="Siobhán", last_name="Byrne"), entry("2", first_name="Tom", last_name="Bell"))
    assert apply(*page) == Tally(seen=2, new=2)
    before = list(Entry.objects.values())
    assert apply(*page, minutes=5) == Tally(seen=2, same=2)
    assert provider.decoded == 2
    assert list(Entry.objects.values()) == before


def test_who_comes_twice_in_the_pages_of_a_batch_counts_once(apply: Apply) -> None:
    tally = apply(entry("1", first_name="Ada"), entry("2", first_name="Nia"), entry("1", first_name="Eda"))
    assert tally == Tally(seen=2, new=2)
    assert Entry.objects.get(external_id="1").first_name == "Eda"


def test_a_new_entry_can_be_found_and_sorted_without_its_accents(apply: Apply) -> None:
    apply(entry("1", first_name="Łukasz", last_name="Ó Ceallaigh", email="Luk@Mail.example"))
    row = Entry.objects.get()
    assert row.sort_name == "o ceallaigh lukasz"
    assert "luk@mail.example" in row.search_text
    assert row.email == "Luk@Mail.example"
    assert row.race.name == "Hexley 10K"
    assert row.reference


def test_an_entry_keeps_its_reference_bib_and_history_when_it_changes(apply: Apply) -> None:
    apply(entry("1", first_name="Tom", last_name="Bell", medical="asthma"))
    Entry.objects.update(bib="0417", notes="call him")
    reference = Entry.objects.get().reference
    assert apply(entry("1", first_name="Thomas", last_name="Bell", medical="none"), minutes=5) == Tally(
        seen=1, changed=1
    )
    row = Entry.objects.get()
    assert (row.first_name, row.bib, row.notes, row.reference) == ("Thomas", "0417", "call him", reference)
    assert "0417" in row.search_text
    changes = {change["field"]: change for change in Revision.objects.get().changes}
    assert changes["first_name"] == {"field": "first_name", "old": "Tom", "new": "Thomas"}
    assert "asthma" not in str(changes)


def test_an_older_state_never_overwrites_a_newer_one(apply: Apply) -> None:
    apply(entry("1", first_name="New", updated_at="2027-05-02T10:00:00+00:00"))
    assert apply(entry("1", first_name="Old", updated_at="2027-05-01T10:00:00+00:00")).same == 1
    assert Entry.objects.get().first_name == "New"


@pytest.mark.parametrize(("kind", "model"), [(Kind.ENTRY, Entry), (Kind.APPLICATION, Application)])
def test_what_was_gone_and_is_listed_again_in_an_older_state_is_back(
    apply: Apply, kind: Kind, model: type[SyncedModel]
) -> None:
    """The provider has taken it from a copy: that is how it stands there now."""
    apply(entry("1", kind=kind, first_name="New", updated_at="2027-05-02T10:00:00+00:00"))
    model._default_manager.update(gone_at=NOW)
    apply(entry("1", kind=kind, first_name="Old", updated_at="2027-05-01T10:00:00+00:00"))
    assert model._default_manager.values_list("gone_at", "first_name").get() == (None, "Old")


def test_an_override_survives_the_next_pull_and_a_second_opinion_is_a_conflict(apply: Apply) -> None:
    apply(entry("1", first_name="Siobhan", city="Hexley"))
    override = {"value": "Siobhán", "provider_value": "Siobhan", "by": "Ed", "by_id": 1, "at": NOW.isoformat()}
    Entry.objects.update(first_name="Siobhán", overrides={"first_name": override})
    apply(entry("1", first_name="Siobhan", city="Corbury"))
    row = Entry.objects.get()
    assert (row.first_name, row.city, row.conflicts) == ("Siobhán", "Corbury", {})
    apply(entry("1", first_name="Shivaun", city="Corbury"))
    row = Entry.objects.get()
    assert row.first_name == "Siobhán"
    assert row.conflicts["first_name"]["theirs"] == "Shivaun"
    apply(entry("1", first_name="Siobhán", city="Corbury"))
    row = Entry.objects.get()
    assert (row.overrides, row.conflicts) == ({}, {})


def test_one_bad_record_is_one_bad_record(apply: Apply) -> None:
    assert apply(entry("1"), entry("2", broken=True), entry("3")) == Tally(seen=3, new=2, rejected=1)
    rejected = RejectedRecord.objects.get()
    assert (rejected.external_id, rejected.reason, rejected.times) == ("2", "first_name: not a text", 1)
    assert apply(entry("2", first_name="Mended")) == Tally(seen=1, new=1)
    rejected.refresh_from_db()
    assert rejected.resolved_at is not None


def test_an_entry_of_an_unknown_race_is_kept_aside_with_the_reason(apply: Apply) -> None:
    assert apply(entry("1", race_id="r9")).rejected == 1
    assert RejectedRecord.objects.get().reason == "its race is not known here"


def test_hostile_text_is_stored_and_cut_to_its_column(apply: Apply) -> None:
    apply(entry("1", first_name="x" * 5000, last_name="nul\0here", city="=cmd()"))
    row = Entry.objects.get()
    assert len(row.first_name) == 200
    assert (row.last_name, row.city) == ("nulhere", "=cmd()")


def test_what_was_cut_to_its_column_does_not_look_changed_when_it_comes_again(apply: Apply) -> None:
    apply(entry("1", first_name="x" * 5000, last_name="Bell", updated_at="2027-05-01T10:00:00+00:00"))
    apply(entry("1", first_name="x" * 5000, last_name="Byrne", updated_at="2027-05-02T10:00:00+00:00"))
    assert [change["field"] for change in Revision.objects.get().changes] == ["last_name"]


def test_an_erased_person_leaves_no_trace(apply: Apply) -> None:
    apply(entry("1", first_name="Tom", last_name="Bell", updated_at="2027-05-01T10:00:00+00:00"))
    apply(entry("1", first_name="Thomas", last_name="Bell", updated_at="2027-05-02T10:00:00+00:00"))
    Entry.objects.update(notes="Tom Bell's mother rang")
    apply(entry("1", redacted=True, updated_at="2027-05-03T10:00:00+00:00"))
    row = Entry.objects.get()
    assert row.redacted
    assert (row.first_name, row.last_name, row.notes) == ("", "", "")
    assert "bell" not in row.search_text
    assert not SourcePayload.objects.exists()
    assert all(not revision.changes for revision in Revision.objects.all())


@pytest.mark.parametrize(("kind", "model"), [(Kind.ENTRY, Entry), (Kind.APPLICATION, Application)])
def test_who_is_to_be_erased_is_erased_though_a_later_time_was_told_before(
    apply: Apply, kind: Kind, model: type[SyncedModel]
) -> None:
    """A row stamped in the future would else keep the person until then."""
    apply(entry("1", kind=kind, first_name="Tom", updated_at="2028-05-03T10:00:00+00:00"))
    apply(entry("1", kind=kind, redacted=True, updated_at="2027-05-03T10:00:00+00:00"))
    assert model._default_manager.values_list("redacted", "first_name").get() == (True, "")
    assert not SourcePayload.objects.exists()


def test_the_erased_stay_erased_when_an_older_state_comes_again(apply: Apply) -> None:
    apply(entry("1", redacted=True, updated_at="2027-05-03T10:00:00+00:00"))
    apply(entry("1", first_name="Tom", updated_at="2027-05-03T10:00:00+00:00"))
    assert Entry.objects.get().first_name == ""
    assert not SourcePayload.objects.exists()


@pytest.mark.parametrize(("kind", "model"), [(Kind.ENTRY, Entry), (Kind.APPLICATION, Application)])
def test_the_erased_stay_where_they_are_if_their_place_is_not_told(
    apply: Apply, kind: Kind, model: type[SyncedModel]
) -> None:
    apply(entry("1", kind=kind, first_name="Tom"), entry("2", kind=kind, first_name="Ada"))
    race = Listing.objects.get().race_id
    assert apply(entry("1", kind=kind, redacted=True, race_id="")) == Tally(seen=1, changed=1)
    rows = model._default_manager.order_by("external_id").values_list("redacted", "first_name", "race_id")
    assert list(rows) == [(True, "", race), (False, "Ada", race)]


@pytest.mark.parametrize("said", [{"redacted": True}, {}])
def test_who_is_new_and_whose_place_is_not_told_is_kept_aside(apply: Apply, said: dict[str, Any]) -> None:
    assert apply(entry("1", race_id="", **said)).rejected == 1
    assert not Entry.objects.exists()


def test_who_is_not_erased_and_whose_place_is_not_told_is_kept_aside(apply: Apply) -> None:
    apply(entry("1", first_name="Tom"))
    assert apply(entry("1", first_name="Tim", race_id="")).rejected == 1
    assert Entry.objects.get().first_name == "Tom"


def test_applications_are_stored_apart_from_entries(apply: Apply) -> None:
    apply(entry("1", kind=Kind.APPLICATION, first_name="Ada"), entry("1", first_name="Ada"))
    assert Application.objects.get().first_name == Entry.objects.get().first_name == "Ada"


def test_a_race_follows_the_newest_mention_and_not_an_older_one(apply: Apply) -> None:
    apply(entry("1", race="Hexley Ten", updated_at="2027-05-02T10:00:00+00:00"))
    apply(entry("2", race="Hexley 10", updated_at="2027-05-01T10:00:00+00:00"))
    assert Listing.objects.get().name == "Hexley Ten"


def test_a_race_that_staff_have_named_keeps_its_name(apply: Apply) -> None:
    apply(entry("1", race="Hexley Ten", updated_at="2027-05-01T10:00:00+00:00"))
    race = Listing.objects.get().race
    race.name = "The Ten"
    race.save()
    apply(entry("2", race="Hexley 10K", updated_at="2027-05-02T10:00:00+00:00"))
    race.refresh_from_db()
    assert race.name == "The Ten"


def _seen(*external_ids: str) -> SeenIds:
    seen = SeenIds()
    seen.add([entry(external_id) for external_id in external_ids])
    return seen


def test_what_a_complete_walk_does_not_name_is_gone_and_comes_back(apply: Apply, connection: Connection) -> None:
    apply(entry("1"), entry("2"))
    result = retire_absent(connection=connection, kind=Kind.ENTRY, seen=_seen("1"), now=NOW)
    assert (result.gone, result.held) == (1, 1)
    assert held(connection=connection, kind=Kind.ENTRY) == 1
    assert apply(entry("2")).changed == 1
    assert held(connection=connection, kind=Kind.ENTRY) == 2


def test_too_much_at_once_is_refused(apply: Apply, connection: Connection) -> None:
    apply(*(entry(str(number)) for number in range(60)))
    result = retire_absent(connection=connection, kind=Kind.ENTRY, seen=_seen(*map(str, range(30))), now=NOW)
    assert result.implausible
    assert "30 of 60" in result.sentence
    assert held(connection=connection, kind=Kind.ENTRY) == 60


def test_an_empty_answer_counts_only_when_it_is_repeated(apply: Apply, connection: Connection) -> None:
    apply(entry("1"))
    assert retire_absent(connection=connection, kind=Kind.ENTRY, seen=_seen(), now=NOW).implausible
    again = retire_absent(connection=connection, kind=Kind.ENTRY, seen=_seen(), now=NOW, allow_empty=True)
    assert again.gone == 1


def test_an_id_the_provider_denies_is_gone(apply: Apply) -> None:
    apply(entry("1"))
    assert apply(gone=((Kind.ENTRY, "1"),)).gone == 1
    assert Entry.objects.get().gone_at == NOW


@pytest.mark.parametrize("external_id", ["1", ""])
def test_what_could_not_be_read_and_the_provider_denies_waits_no_longer(apply: Apply, external_id: str) -> None:
    nobody = Rejected(kind=Kind.ENTRY, external_id=external_id, payload=b"{}", reason="odd")
    other = Rejected(kind=Kind.ENTRY, external_id="2", payload=b"{}", reason="odd")
    apply(rejected=(nobody, other))
    assert apply(gone=((Kind.ENTRY, external_id),)).gone == 0
    assert list(RejectedRecord.objects.waiting().values_list("external_id", flat=True)) == ["2"]


def test_replay_reads_stored_payloads_again_without_a_call(apply: Apply, connection: Connection) -> None:
    apply(entry("1", first_name="Tom"), entry("2", broken=True, first_name="Ann"))
    Entry.objects.update(first_name="was mapped wrongly")
    mended = Plain()
    mended.decode = lambda item: Plain.decode(mended, entry(item.external_id, first_name="Right"))  # type: ignore[method-assign]
    tally = replay(connection=connection, provider=mended, now=lambda: NOW)
    assert (tally.changed, tally.new) == (1, 1)
    assert set(Entry.objects.values_list("first_name", flat=True)) == {"Right"}
    assert not RejectedRecord.objects.filter(resolved_at=None).exists()


def test_replay_leaves_what_is_gone_gone(apply: Apply, connection: Connection) -> None:
    apply(entry("1", first_name="Tom"))
    apply(gone=((Kind.ENTRY, "1"),))
    mended = Plain()
    mended.decode = lambda item: Plain.decode(mended, entry(item.external_id, first_name="Right"))  # type: ignore[method-assign]
    replay(connection=connection, provider=mended, now=lambda: NOW)
    held = Entry.objects.get()
    assert (held.first_name, held.gone_at) == ("Right", NOW)
    assert [change["field"] for change in held.revisions.get().changes] == ["first_name"]


def test_replay_tries_every_rejected_record_again(apply: Apply, connection: Connection) -> None:
    apply(*(entry(str(number), broken=True) for number in range(501)))
    mended = Plain()
    mended.decode = lambda item: Plain.decode(mended, entry(item.external_id, first_name="Right"))  # type: ignore[method-assign]
    assert replay(connection=connection, provider=mended, now=lambda: NOW).new == 501
