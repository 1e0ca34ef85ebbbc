"""What points at a row that is not there is refused, as foreign keys refuse it."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor

from organiser_portal.connections.models import Connection, SourcePayload
from organiser_portal.connections.upsert import upsert
from organiser_portal.events.models import Event, EventListing, Listing, Race, TicketType
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from tests.conftest import NOW
from tests.factories import entry_of, make_connection, make_entry, make_listing, make_race, make_ticket_type
from tests.participants.guarded import enter, refused, remove

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor == 'sqlite'", reason="its foreign keys are foreign keys"),
]
NOBODY = 987_654_321
KEYS = ["organisation", "connection", "race", "listing", "ticket_type", "created_by"]
OTHERS = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE confrelid = %s::regclass"
BEFORE = [("participants", "0014_names_as_typed"), ("connections", "0008_payload_dictionary")]


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def race(organisation: Organisation) -> Race:
    """One that no listing is of."""
    return make_race(organisation, "Hexley Half")


def test_every_foreign_key_of_the_models_is_one_or_is_guarded() -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute "
            "ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
        )
        kept = set(cursor.fetchall())
        cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'guard_%'")
        triggers = set(cursor.fetchall())
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.db_constraint
    ]
    assert len(fields) > 50
    for field in fields:
        table, parent = field.model._meta.db_table, field.related_model._meta.db_table
        guard = f"guard_{table}_{field.column}"
        guards = {(f"{guard}_updated", table), (f"{guard}_left", parent), (f"{guard}_truncated", parent)}
        assert ((table, field.column) in kept) != (guards <= triggers), field
        # Tables of which no foreign key tells the order are restored in that of their names, parents first then too.
        assert table > parent or not guards <= triggers, field


@pytest.mark.parametrize("key", KEYS)
def test_an_entry_that_points_at_nothing_is_refused(listing: Listing, key: str) -> None:
    good, bad = entry_of(listing), entry_of(listing, "Zebedee", "Quill", **{f"{key}_id": NOBODY})
    with pytest.raises(IntegrityError, match=f'"participants_entry": a "{key}_id"') as refused:
        Entry.objects.bulk_create([good, bad])
    with pytest.raises(IntegrityError):
        bad.save()
    assert not Entry.objects.exists()
    for told in ("Zebedee", "Quill", str(NOBODY)):
        assert told not in str(refused.value)


@pytest.mark.parametrize("key", KEYS)
def test_an_entry_is_not_moved_to_nothing(listing: Listing, key: str) -> None:
    entry = make_entry(listing)
    before = getattr(entry, f"{key}_id")
    with pytest.raises(IntegrityError, match=f'"participants_entry": a "{key}_id"'):
        Entry.objects.filter(pk=entry.pk).update(**{key: NOBODY})
    entry.refresh_from_db()
    assert getattr(entry, f"{key}_id") == before


def test_an_entry_is_moved_to_what_is_there(listing: Listing, race: Race) -> None:
    entry, ticket = make_entry(listing), make_ticket_type(listing)
    Entry.objects.filter(pk=entry.pk).update(race=race, ticket_type=ticket, listing=None)
    entry.refresh_from_db()
    assert (entry.race, entry.ticket_type, entry.listing) == (race, ticket, None)


@pytest.mark.parametrize("unheld", [True, False])
def test_a_batch_that_points_at_nothing_is_refused(listing: Listing, unheld: bool) -> None:
    here = listing.connection_id
    columns = ("connection_id", "kind", "external_id", "data", "fetched_at")

    def store(*connections: int) -> None:
        rows = [(pk, "entry", f"{number}", b"{}", NOW) for number, pk in enumerate(connections)]
        with transaction.atomic():
            upsert(SourcePayload, rows, columns=columns, unique=columns[:3], insert_only=(), unheld=unheld)

    with pytest.raises(IntegrityError, match='"connections_sourcepayload": a "connection_id"'):
        store(here, here, NOBODY)
    assert not SourcePayload.objects.exists()
    store(here, here)
    assert SourcePayload.objects.count() == 2


@pytest.mark.parametrize("parent", [Organisation, Connection, Race, Listing, TicketType, User])
def test_what_entries_point_at_stays_while_they_do(listing: Listing, owner: User, parent: type[models.Model]) -> None:
    make_entry(listing, ticket_type=make_ticket_type(listing), created_by=owner)
    (row,) = parent._default_manager.all()
    table = row._meta.db_table

    @transaction.atomic
    def remove_it() -> None:
        with database.cursor() as cursor:
            cursor.execute(OTHERS, [table])
            for other, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {other} DROP CONSTRAINT "{name}"')
        remove(row)

    refused(remove_it, table)()
    assert parent._default_manager.filter(pk=row.pk).exists()


def test_it_may_go_before_what_points_at_it_if_both_go(listing: Listing, race: Race) -> None:
    entry = enter(listing, race)
    with transaction.atomic():
        remove(race)
        remove(entry)
    assert not Race.objects.filter(pk=race.pk).exists()
    assert not Entry.objects.exists()


def test_it_may_go_and_come_again(listing: Listing, race: Race) -> None:
    enter(listing, race)
    with transaction.atomic():
        remove(race)
        race.save(force_insert=True)
    assert Entry.objects.get().race == race


def test_its_id_stays_while_an_entry_points_at_it(listing: Listing, race: Race) -> None:
    races = Race.objects.filter(pk=race.pk)
    entry = enter(listing, race)
    assert races.update(id=race.pk) == 1
    with pytest.raises(IntegrityError, match='"events_race"'):
        races.update(id=NOBODY)
    entry.delete()
    assert races.update(id=NOBODY) == 1


def test_a_table_is_not_emptied_while_entries_point_at_it(listing: Listing) -> None:
    make_entry(listing)
    with database.cursor() as cursor:
        # Empties all that foreign keys lead to, and would leave the entries.
        with pytest.raises(IntegrityError, match='"participants_entry" still points at it'):
            cursor.execute("TRUNCATE events_race CASCADE")
        cursor.execute("TRUNCATE events_race, participants_entry CASCADE")
    assert not Race.objects.exists()


@pytest.mark.parametrize("gone", ["connection", "organisation"])
def test_what_is_deleted_takes_its_entries_along(listing: Listing, owner: User, gone: str) -> None:
    make_entry(listing, ticket_type=make_ticket_type(listing), created_by=owner)
    other = make_entry(make_listing(make_connection(Organisation.objects.create(name="B", slug="b"))))
    SourcePayload.objects.create(connection=listing.connection, kind="entry", external_id="1", data=b"", fetched_at=NOW)
    getattr(listing, gone).delete()
    assert Entry.objects.get() == other
    assert not SourcePayload.objects.exists()
    assert EventListing.objects.get() == other.listing.event_listing
    assert Event.objects.count() == (1 if gone == "organisation" else 2)


@pytest.fixture
def of_before() -> Iterator[None]:
    """The foreign keys as they were; the guards are put back."""
    MigrationExecutor(database).migrate(BEFORE)
    yield
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_the_way_back_leaves_foreign_keys_and_the_way_forth_guards(listing: Listing, request: pytest.FixtureRequest):
    entry = make_entry(listing)
    request.getfixturevalue("of_before")
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'guard_participants_entry%'")
        assert cursor.fetchone() == (0,)
    with pytest.raises(IntegrityError, match="foreign key constraint"):
        Entry.objects.filter(pk=entry.pk).update(race=NOBODY)
    executor = MigrationExecutor(database)
    executor.migrate(executor.loader.graph.leaf_nodes())
    with pytest.raises(IntegrityError, match='"participants_entry": a "race_id"'):
        Entry.objects.filter(pk=entry.pk).update(race=NOBODY)
    assert Entry.objects.get() == entry
