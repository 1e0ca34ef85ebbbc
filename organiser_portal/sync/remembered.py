"""What the last whole walk of a listing saw, so that the next one need not read again what is as it was.

A walk remembers its pages (`providers.pages`) when it has named everything and all of it stands among our rows. They
are believed again only if our listed rows are still those very rows: as many, with ids and fingerprints that add up to
the same. That is asked of the database, in one statement, while the first page is on the wire: so it does not matter
who has changed what since. The sum is kept by its digest (`terms`), together with the connection's settings and the
software that read the pages, since another version may make other records of the same bytes.

A walk that finds everything as it was writes nothing here.
"""

from collections.abc import Iterable, Sequence
from itertools import batched
from pathlib import Path

import msgspec
from django.db.models import QuerySet
from xxhash import xxh3_128

import providers
from organiser_portal.connections.models import SyncState
from organiser_portal.sync.models import RememberedPages
from organiser_portal.sync.retire import listed
from organiser_portal.sync.sums import LEADS, WHOLES, Sums, added_up
from providers.packing import pack, unpack
from providers.pages import WORD, KnownPage, PageMemory, lead_of
from providers.port import Received
from providers.records import Kind

PAGES = 20  # in a row of ours: some ten thousand records, 160 KB


def _software() -> bytes:
    """What reads the pages, by its source: nobody has to remember to say that it has changed."""
    root, digest = Path(providers.__file__).parent, xxh3_128()
    for path in sorted(set(root.rglob("*.py")) - set(root.glob("sandbox/**/*.py"))):
        digest.update(path.read_bytes())
    return digest.digest()


SOFTWARE = _software()  # now: by the time it is wanted, what is on the disk may be newer than what runs
_pages = msgspec.msgpack.Decoder(list[KnownPage])


def recall(memory: PageMemory, state: SyncState, kind: Kind) -> None:
    """Put into it what is remembered of this listing, if our rows are as they were. Somebody may be waiting for it."""
    pages: list[KnownPage] = []
    try:
        ours = _of(state)
        if ours.exists():
            (as_they_are,) = added_up(listed(state.connection, kind), WHOLES)
            wanted = ours.filter(terms=terms_of(state, f"{as_they_are}")).order_by("number")
            pages = [page for row in wanted.iterator(1) for page in _pages.decode(unpack(bytes(row.data)))]
    finally:
        memory.recall(pages)


def remember(memory: PageMemory, state: SyncState, kind: Kind, *, left: Sequence[Received]) -> None:
    """Keep what this walk saw in place of what the last one did. Call it where everything was named, and stored.

    ``left``: what was named and did not get among our rows.
    """
    pages = memory.kept(item.external_id for item in left)
    if pages is None:
        return
    _of(state).delete()
    if not pages:
        return
    fingerprints, as_they_are = added_up(listed(state.connection, kind), LEADS, WHOLES)
    if fingerprints == _named(pages, left):
        terms = terms_of(state, f"{as_they_are}")
        for number, some in enumerate(batched(pages, PAGES)):  # one by one: all of them at once are tens of megabytes
            RememberedPages.objects.create(
                connection_id=state.connection_id,
                resource=state.resource,
                number=number,
                terms=terms,
                data=pack(msgspec.msgpack.encode(some)),
            )


def _named(pages: Iterable[KnownPage], left: Sequence[Received]) -> Sums:
    """What the fingerprints of our rows come to where they are those of these pages, but ``left``."""
    count, leads = -len(left), -sum(lead_of(item.fingerprint) for item in left)
    for page in pages:
        count, leads = count + len(page), leads + page.leads
    return count, leads % WORD


def terms_of(state: SyncState, more: str = "") -> str:
    """Equal where what was kept of a walk is still to be believed: the same is asked, by the same software."""
    connection = state.connection
    asked = msgspec.json.encode((connection.provider, connection.base_url, connection.settings), order="sorted")
    return xxh3_128(SOFTWARE + asked + more.encode(errors="surrogatepass")).hexdigest()


def _of(state: SyncState) -> "QuerySet[RememberedPages]":
    return RememberedPages.objects.filter(connection_id=state.connection_id, resource=state.resource)
