"""What the work costs at the least: read the pages, decode each record, write what was decoded. One after another.

No payloads, no revisions, no search, one index, no rules: what any program that ends with these rows has to do.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from urllib.parse import urlencode

import httpx
import msgspec
import psycopg

from benchmarks.remote import LISTING

PAGE = 500
BATCH = 5_000
TABLE = """
CREATE TABLE floor (
    id text PRIMARY KEY, event_id text, race_id text, occurrence_id text, ticket_id text, ticket_title text,
    booking_id text, bib text, created_at timestamptz, updated_at timestamptz, event_name text, race_name text,
    starts_at timestamptz, booker_email text, redacted boolean, fields text
)
"""


class Booker(msgspec.Struct, rename="camel"):
    email_address: str | None = None


class Participant(msgspec.Struct, rename="camel"):
    """The columns of the floor's table, in their order."""

    id: str
    event_id: str
    race_id: str
    event_occurrence_id: str
    ticket_id: str
    ticket_title: str
    booking_id: str
    bib_number: str | None
    created_at: datetime
    updated_at: datetime
    event_name: str
    race_name: str
    race_start_date: datetime
    booker: Booker
    gdpr_redacted: bool
    fields: msgspec.Raw


class Paging(msgspec.Struct):
    next: str | int | None


class Page(msgspec.Struct):
    data: list[msgspec.Raw]
    page: Paging


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Seconds, and how much there was."""

    reading: float
    decoding: float
    writing: float
    pages: int
    records: int

    @property
    def seconds(self) -> float:
        return self.reading + self.decoding + self.writing


def read_pages(root: str) -> Iterator[bytes]:
    """Every page of the listing, over one connection."""
    with httpx.Client(base_url=root, timeout=60) as client:
        after: dict[str, str] = {}
        while True:
            asked = {"page[size]": str(PAGE), "sort[updatedAt]": "1", **after}
            body = client.get(f"{LISTING}?{urlencode(asked)}").content
            yield body
            following = msgspec.json.decode(body, type=Page).page.next
            if following is None:
                return
            after = {"page[after]": str(following)}


def reading_alone(root: str) -> float:
    """Seconds to read every page and throw it away."""
    started = time.perf_counter()
    for _ in read_pages(root):
        pass
    return time.perf_counter() - started


def measure(root: str, database: str) -> Floor:
    """Walk, decode and write, in a table of its own in ``database``, which is dropped afterwards."""
    watch, decoder, pages, count = Watch(), msgspec.json.Decoder(Participant), 0, 0
    with psycopg.connect(database) as connection:
        connection.execute(TABLE)
        connection.commit()
        watch.start()
        for some in batched(read_pages(root), BATCH // PAGE):
            watch.stop("reading")
            records = [decoder.decode(raw) for body in some for raw in msgspec.json.decode(body, type=Page).data]
            watch.stop("decoding")
            _write(connection, records)
            connection.commit()
            watch.stop("writing")
            pages, count = pages + len(some), count + len(records)
        connection.execute("DROP TABLE floor")
    return Floor(pages=pages, records=count, **watch.seconds)


class Watch:
    """Adds up what each of several alternating kinds of work takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = 0.0

    def start(self) -> None:
        self._since = time.perf_counter()

    def stop(self, work: str) -> None:
        """What was done since the last time was this."""
        now = time.perf_counter()
        self.seconds[work] = self.seconds.get(work, 0.0) + now - self._since
        self._since = now


def _write(connection: psycopg.Connection, batch: list[Participant]) -> None:
    connection.execute("CREATE TEMPORARY TABLE incoming (LIKE floor) ON COMMIT DROP")
    with connection.cursor().copy("COPY incoming FROM STDIN") as copy:
        for one in batch:
            values = msgspec.structs.astuple(one)
            copy.write_row((*values[:13], one.booker.email_address, one.gdpr_redacted, bytes(one.fields).decode()))
    connection.execute(
        """
        INSERT INTO floor SELECT * FROM incoming
        ON CONFLICT (id) DO UPDATE SET
            bib = excluded.bib, updated_at = excluded.updated_at, redacted = excluded.redacted, fields = excluded.fields
        WHERE excluded.updated_at > floor.updated_at
        """
    )
