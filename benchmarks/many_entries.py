"""Entries by the million for a measurement: names as common and as rare as real ones, written as fast as possible."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, batched, product
from typing import Any

from django.db import connection, models

from organiser_portal.connections.models import Connection, Standing
from organiser_portal.events.models import Event, EventListing, Listing, Race
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.folding import search_text, sort_name
from organiser_portal.participants.models import Entry

NOW = datetime.now(UTC)
FIRST = """
James Mary John Sarah David Emma Michael Laura Robert Anna William Claire Thomas Sophie Richard Lucy Daniel Rachel
Paul Helen Mark Amy Andrew Hannah Peter Kate Stephen Olivia Simon Jane Matthew Alice Adam Ruth Christopher Chloe
George Grace Jack Beth Harry Megan Oliver Ella Owen Nia Aled Rhian Callum Isla Ewan Fiona Hamish Catriona Liam
Aoife Conor Siobhán Declan Niamh Zoë Xavier Ursula Quentin Yusuf Fatima Priya Arjun Wei Mei Łukasz Agnieszka
""".split()  # noqa: SIM905 - a list of so many is read like this
LAST = """
Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Thompson Wright Walker White
Edwards Hughes Green Hall Lewis Harris Clarke Patel Jackson Wood Turner Martin Cooper Hill Ward Morris Moore Clark
Lee King Baker Harrison Morgan Allen James Scott Phillips Watson Davis Parker Price Bennett Young Griffiths
Mitchell Kelly Cook Carter Richardson Bailey Collins Bell Shaw Murphy Miller Cox Richards Khan Marshall Anderson
Simpson Ellis Adams Singh Begum Wilkinson Foster Chapman Powell Webb Rogers Gray Mason Ali Hunt Hussain Campbell
Matthews Owen Palmer Holmes Mills Barnes Knight Lloyd Butler Russell Barker Fisher Stevens Jenkins Murray Dixon
""".split()  # noqa: SIM905 - a list of so many is read like this
SYLLABLES = ("bar", "cot", "den", "ford", "gate", "hol", "ing", "ket", "lan", "mor", "ner", "ox", "pen", "quin", "rush",
             "shaw", "ton", "ul", "ver", "wick", "yar", "zel")  # fmt: skip
MAILBOXES = ("mail.example", "post.example", "inbox.example", "runners.example", "work.example", "club.example")
RACES, COLUMNS = 200, (
    "organisation_id", "connection_id", "external_id", "reference", "race_id", "listing_id", "status", "gone_at",
    "first_name", "last_name", "email", "birth_date", "gender", "club", "emergency_phone", "price_minor", "bib",
    "provider_bib", "provider_wave", "booking_id", "partner_group", "own_tags", "push_state", "entered_at",
    "sort_name", "search_text",
)  # fmt: skip
THE_SAME = {
    "first_seen": NOW,
    "last_seen": NOW,
    "currency": "GBP",
    "ticket_title": "Standard entry",
    "phone": "07700 900123",
    "city": "Hexley",
    "postcode": "HX1 4AB",
    "answers": [{"question_id": "q1", "label": "T-shirt size", "value": "M"}],
}


def surnames() -> tuple[list[str], list[float]]:
    """19,000 of them, with how often each occurs: the first is every sixtieth person, half of them are rare."""
    made = (first + second + third for first, second, third in product(SYLLABLES, repeat=3))
    names = [*LAST, *dict.fromkeys(name.capitalize() for name in made)]
    return names, list(accumulate(1 / (rank + 8) for rank in range(len(names))))


def people(
    organisation: Organisation, account: Connection, listings: list[Listing], number: int
) -> Iterator[tuple[Any, ...]]:
    """``number`` rows of COLUMNS, the same ones each time."""
    chance = random.Random(organisation.slug)  # noqa: S311 - the same people each time
    names, weights = surnames()
    first_weights = list(accumulate(1 / (rank + 12) for rank in range(len(FIRST))))
    for n in range(number):
        (first,), (last,) = chance.choices(FIRST, cum_weights=first_weights), chance.choices(names, cum_weights=weights)
        dice, bib = chance.random(), str(1 + n // RACES)
        email = f"{first}.{last}{chance.randrange(1000)}@{chance.choice(MAILBOXES)}".lower() if dice > 0.002 else ""
        ours, theirs = (bib, "") if dice < 0.2 else ("", bib) if dice < 0.6 else ("", "")
        yield (
            organisation.pk, account.pk, f"{4_000_000 + n}", f"{chance.getrandbits(128):032x}",
            listings[n % RACES].race_id, listings[n % RACES].pk,
            "cancelled" if dice > 0.96 else "live", NOW if 0.95 < dice < 0.955 else None,
            first, last, email, date(1950, 1, 1) + timedelta(days=chance.randrange(20_000)) if dice > 0.003 else None,
            chance.choice("fm") if dice > 0.01 else "", f"Club {chance.randrange(500)}" if dice < 0.3 else "",
            "07700 900456" if dice > 0.05 else "", (0 if dice < 0.05 else 4200) if dice < 0.95 else None, ours, theirs,
            chance.choice("ABCDE") if dice < 0.6 else "", f"BK{n // 2:07}", "Hospice" if dice > 0.94 else "",
            "|vip|" if 0.5 < dice < 0.502 else "", "rejected" if 0.6 < dice < 0.6002 else "",
            NOW - timedelta(seconds=chance.randrange(60_000_000)), sort_name(first, last),
            search_text(first, last, email, ours, theirs),
        )  # fmt: skip


def organisation_of(number: int, slug: str) -> tuple[Organisation, User]:
    """One organisation with its races, an owner and this many entries."""
    organisation = Organisation.objects.create(name=slug.capitalize(), slug=slug)
    owner = User.objects.create_user(f"owner@{slug}.example", "correct horse battery")
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    account = Connection.objects.create(organisation=organisation, provider="letsdothis", standing=Standing.WORKING)
    event = Event.objects.create(organisation=organisation, name="Hexley Festival")
    races = Race.objects.bulk_create(
        Race(
            organisation=organisation, event=event, name=f"Race {n:03}", starts_at=NOW + timedelta(days=n - RACES // 3)
        )
        for n in range(RACES)
    )
    sold_as = EventListing.objects.create(
        organisation=organisation, connection=account, external_id="1", event=event, first_seen=NOW, last_seen=NOW
    )
    listings = Listing.objects.bulk_create(
        Listing(
            organisation=organisation, connection=account, event_listing=sold_as, external_id=str(1000 + n),
            race=race, name=race.name, starts_at=race.starts_at, first_seen=NOW, last_seen=NOW, as_of=NOW,
            capacity=number // RACES + 10 * n, sold=number // RACES,
        )
        for n, race in enumerate(races)
    )  # fmt: skip
    write(people(organisation, account, listings, number))
    return organisation, owner


def write(rows: Iterator[tuple[Any, ...]]) -> None:
    """Into the table of entries, past everything that is done row by row."""
    template = Entry(**THE_SAME)
    constant = [f for f in Entry._meta.concrete_fields if f.attname not in COLUMNS and not f.primary_key]
    columns = [*(Entry._meta.get_field(name).column for name in COLUMNS), *(field.column for field in constant)]
    values = [_stored(field, getattr(template, field.attname)) for field in constant]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, rows, columns, values)
        else:
            marks = ", ".join(["%s"] * len(columns))
            for some in batched((_plain(row) for row in rows), 10_000):
                cursor.executemany(
                    f"INSERT INTO {Entry._meta.db_table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - our own names
                    [(*row, *values) for row in some],
                )


def _stored(field: "models.Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        f"{v:%Y-%m-%d %H:%M:%S}" if isinstance(v, datetime) else str(v) if isinstance(v, date) else v for v in row
    )


def _copy(cursor: Any, rows: Iterator[tuple[Any, ...]], columns: list[str], values: list[Any]) -> None:
    """What differs by COPY, what is the same for all in one INSERT; the indexes are made afterwards."""
    table = Entry._meta.db_table
    differing = ", ".join(columns[: len(COLUMNS)])
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)",
        [table],
    )
    indexes = cursor.fetchall()
    if Entry.objects.exists():
        indexes = []  # a few more: they are made as they go
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    cursor.execute(f"CREATE TEMPORARY TABLE staged AS SELECT {differing} FROM {table} WITH NO DATA")  # noqa: S608 - our own names
    with cursor.copy(f"COPY staged ({differing}) FROM STDIN") as copy:
        for some in batched(rows, 5_000):
            copy.write("".join(_line(row) for row in some))
    marks = ", ".join(["%s"] * len(values))
    insert = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {differing}, {marks} FROM staged"  # noqa: S608 - our own names
    cursor.execute(insert, values)
    cursor.execute("DROP TABLE staged")
    for _, definition in indexes:
        cursor.execute(definition)
    cursor.execute(f"VACUUM ANALYZE {table}")
    cursor.execute("ANALYZE")


def _line(row: tuple[Any, ...]) -> str:
    return "\t".join("\\N" if value is None else str(value) for value in row) + "\n"
