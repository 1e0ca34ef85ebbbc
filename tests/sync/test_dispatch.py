"""Who is handed out, and in which order."""

from datetime import timedelta

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync import dispatch
from organiser_portal.sync.dispatch import Job, due_pulls, free_all, in_turn
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.lanes import Lane
from organiser_portal.sync.limits import LEASE
from providers.errors import CredentialsRejected
from tests.conftest import NOW
from tests.sync.world import Clock, Script, last_page


def test_organisations_take_turns() -> None:
    jobs = [
        Job(pk=pk, connection_id=pk, organisation_id=ord(owner), lane=Lane.SYNC) for pk, owner in enumerate("aaaabbc")
    ]
    assert "".join(chr(job.organisation_id) for job in in_turn(jobs)) == "abcabaa"


def test_one_listing_of_each_connection_at_a_time(connection, new_connection) -> None:
    other = new_connection(label="other")
    assert [job.connection_id for job in due_pulls(now=NOW)] == [connection.pk, other.pk]


def test_connections_with_one_key_take_turns(new_connection) -> None:
    one, other = (new_connection(label=label) for label in ("one", "other"))
    for each in (one, other):
        each.seal({"api_key": "shared"})
        each.save()
    assert [job.connection_id for job in due_pulls(now=NOW)] == [one.pk]
    SyncState.objects.filter(connection=one).update(due_at=NOW + timedelta(hours=1))
    assert [job.connection_id for job in due_pulls(now=NOW, connection_id=one.pk)] == [other.pk]
    SyncState.objects.filter(connection=one, resource="races").update(lease="x", leased_until=NOW + LEASE)
    assert due_pulls(now=NOW) == []


def test_a_cycle_follows_the_order_of_declaration(entries, races) -> None:
    assert [job.pk for job in due_pulls(now=NOW)] == [races.pk]
    SyncState.objects.filter(pk=races.pk).update(due_at=NOW + timedelta(hours=1))
    assert [job.pk for job in due_pulls(now=NOW)] == [entries.pk]


def test_who_asked_by_hand_goes_first(connection, new_connection) -> None:
    pressed = new_connection(label="pressed")
    SyncState.objects.filter(connection=pressed, resource="entries").update(asked_by_hand=True)
    first, *_ = due_pulls(now=NOW)
    assert (first.connection_id, SyncState.objects.get(pk=first.pk).resource) == (pressed.pk, "entries")


def test_what_is_leased_is_not_handed_out_again(entries, races) -> None:
    SyncState.objects.filter(pk=entries.pk).update(lease="x", leased_until=NOW + LEASE)
    assert due_pulls(now=NOW) == []


def test_an_expired_lease_is_freed_and_handed_out(entries) -> None:
    SyncState.objects.filter(pk=entries.pk).update(lease="x", leased_until=NOW)
    free_all(now=NOW)
    entries.refresh_from_db()
    assert entries.lease == ""
    assert due_pulls(now=NOW)


def test_only_connections_at_work_are_handed_out(connection) -> None:
    for standing in (Standing.UNTESTED, Standing.NEEDS_ATTENTION, Standing.PAUSED):
        Connection.objects.update(standing=standing)
        assert due_pulls(now=NOW) == []


def test_one_bad_connection_harms_no_other(connection, new_connection, script: Script, clock: Clock) -> None:
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere-too")
    good = new_connection(organisation=elsewhere)
    script.acts = [CredentialsRejected("no")]
    bad, well = due_pulls(now=NOW)
    assert run_state(bad.pk, clock=clock)
    script.acts = [last_page([], complete=True)]
    done = run_state(well.pk, clock=clock)
    assert done
    assert (done.connection, done.outcome) == (good, "succeeded")


def test_who_has_the_most_races_waits_like_everybody_else(
    organisation, new_connection, django_assert_max_num_queries
) -> None:
    """500 of one that have been due for long; every other organisation still has its turn within the first round."""
    new_connection()
    many = [Connection(organisation=organisation, provider="programmed", standing=Standing.WORKING) for _ in range(500)]
    Connection.objects.bulk_create(many)
    long_due = NOW - timedelta(days=1)
    SyncState.objects.bulk_create(
        SyncState(connection=each, resource=resource, due_at=long_due) for each in many for resource in ("races", "x")
    )
    small = [new_connection(organisation=Organisation.objects.create(name=slug, slug=slug)) for slug in ("a1", "b2")]
    with django_assert_max_num_queries(1):
        jobs = due_pulls(now=NOW)
    assert len(jobs) == 503
    assert {job.connection_id for job in jobs[1:3]} == {each.pk for each in small}


def test_a_hand_out_is_cut_short_fairly(organisation, new_connection, monkeypatch) -> None:
    for number in range(5):
        new_connection(label=str(number))
    small = new_connection(organisation=Organisation.objects.create(name="Small", slug="small"))
    monkeypatch.setattr(dispatch, "MOST_AT_ONCE", 2)
    assert small.pk in [job.connection_id for job in due_pulls(now=NOW)]
