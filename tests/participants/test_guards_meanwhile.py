"""Who adds entries and who deletes what they point at, at the same time: none slips through, none waits in vain."""

import pytest
from django.db import NotSupportedError, transaction
from django.db import connection as database

from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from tests.factories import make_connection, make_entry, make_listing, make_race
from tests.participants.guarded import enter, refused, remove
from tests.waiting import in_a_hurry, while_at_work

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor == 'sqlite'", reason="its foreign keys are foreign keys"),
]


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def race(organisation: Organisation) -> Race:
    """One that no listing is of."""
    return make_race(organisation, "Hexley Half")


def test_at_a_level_that_would_not_see_what_came_meanwhile_nothing_is_deleted(race: Race) -> None:
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        remove(race)
        with pytest.raises(NotSupportedError, match="read committed"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    remove(race)
    assert not Race.objects.exists()


def test_who_deletes_waits_for_who_inserts_and_is_refused(listing: Listing, race: Race) -> None:
    with while_at_work(refused(lambda: remove(race), "events_race")) as let_it_come:
        enter(listing, race)
        let_it_come()
    assert Entry.objects.get().race == race


def test_who_inserts_waits_for_who_deletes_and_is_refused(listing: Listing, race: Race) -> None:
    with while_at_work(refused(lambda: enter(listing, race), "participants_entry")) as let_it_come:
        remove(race)
        let_it_come()
    assert not Entry.objects.exists()
    assert not Race.objects.filter(pk=race.pk).exists()


def test_who_moves_an_entry_waits_for_who_deletes_and_is_refused(listing: Listing, race: Race) -> None:
    entry = make_entry(listing)
    with while_at_work(refused(lambda: Entry.objects.update(race=race), "participants_entry")) as let_it_come:
        remove(race)
        let_it_come()
    entry.refresh_from_db()
    assert entry.race == listing.race


def test_who_inserts_goes_on_if_nothing_is_deleted_after_all(listing: Listing, race: Race) -> None:
    with while_at_work(lambda: enter(listing, race)) as let_it_come:
        remove(race)
        let_it_come()
        transaction.set_rollback(True)
    assert Entry.objects.get().race == race


def test_who_deletes_goes_on_if_the_last_entry_is_just_leaving(listing: Listing, race: Race) -> None:
    entry = enter(listing, race)
    with while_at_work(lambda: remove(race)) as let_it_come:
        remove(entry)
        let_it_come()
    assert not Race.objects.filter(pk=race.pk).exists()


def test_two_who_insert_beside_each_other_do_not_wait(listing: Listing) -> None:
    with transaction.atomic():
        make_entry(listing)
        in_a_hurry(lambda: make_entry(listing))
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("parent", ["organisation", "connection", "race", "listing"])
def test_who_inserts_and_who_changes_the_parent_do_not_wait_for_each_other(listing: Listing, parent: str) -> None:
    row = listing if parent == "listing" else getattr(listing, parent)
    rows = type(row)._default_manager.filter(pk=row.pk)
    changed = {"standing": "paused"} if parent == "connection" else {"name": "Another name"}
    with transaction.atomic():
        make_entry(listing)
        in_a_hurry(lambda: rows.update(**changed))
    with transaction.atomic():
        rows.update(**changed)
        in_a_hurry(lambda: make_entry(listing))
    assert Entry.objects.count() == 2


def test_a_connection_is_not_deleted_below_entries_that_come_meanwhile(listing: Listing) -> None:
    make_entry(listing)
    with while_at_work(refused(listing.connection.delete, "events_listing")) as let_it_come:
        make_entry(listing)
        let_it_come()
    assert set(Entry.objects.values_list("connection", "listing")) == {(listing.connection_id, listing.pk)}
