"""What our rows add up to: equal while none of them is another. PostgreSQL works it out where the rows are."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched, starmap

from django.db import connection as database
from django.db.models import BigIntegerField, Count, DecimalField, Func, QuerySet, Sum
from xxhash import xxh3_64_intdigest

from organiser_portal.connections.models import SyncedModel
from providers.pages import WORD, lead_of

CHUNK = 10_000

type Sums = tuple[int, int]
"""How many rows there are, and what a number of each comes to."""


class _Lead(Func):
    """`lead_of`, as PostgreSQL works it out."""

    template = "('x' || encode(substr(%(expressions)s, 1, 8), 'hex'))::bit(64)::bigint"
    output_field = BigIntegerField()


class _Hash(Func):
    """A hash of PostgreSQL's own: what it comes to is compared with nothing but itself."""

    template = "hashtextextended(%(expressions)s::text, 0)"
    arg_joiner = " || "
    output_field = BigIntegerField()


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a row: as PostgreSQL works it out, and as we do from its id and fingerprint."""

    there: Func
    here: Callable[[str, bytes], int]


LEADS = Number(_Lead("fingerprint"), lambda _id, fingerprint: lead_of(bytes(fingerprint)))
"""Of its fingerprint alone, as a page that is remembered has it."""

WHOLES = Number(
    _Hash("external_id", "fingerprint"),
    lambda external_id, fingerprint: xxh3_64_intdigest(external_id.encode() + bytes(fingerprint)),
)
"""Of both."""


def added_up(rows: "QuerySet[SyncedModel]", *numbers: Number) -> list[Sums]:
    """One for each of these, all in one reading of the rows."""
    if database.vendor == "postgresql":
        sums = {f"sum_{place}": Sum(one.there, output_field=DecimalField()) for place, one in enumerate(numbers)}
        found = rows.aggregate(count=Count("pk"), **sums)
        return [(found["count"], int(found[name] or 0) % WORD) for name in sums]
    count, totals = 0, [0] * len(numbers)
    for some in batched(rows.values_list("external_id", "fingerprint").iterator(CHUNK), CHUNK):
        count += len(some)
        totals = [total + sum(starmap(one.here, some)) for total, one in zip(totals, numbers, strict=True)]
    return [(count, total % WORD) for total in totals]
