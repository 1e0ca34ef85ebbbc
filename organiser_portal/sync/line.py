"""The line above a list: each source that is old or not seen whole for itself, the others in one breath."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from organiser_portal.connections import gateway
from organiser_portal.core import wording
from organiser_portal.sync.freshness import Freshness
from providers.records import Kind

# What a list is made of. A list that is not named here is made of everything.
MADE_OF = {
    "entries": {Kind.ENTRY},
    "races": {Kind.ENTRY, Kind.RACE, Kind.EVENT},
    "applications": {Kind.APPLICATION},
    "partners": {Kind.PARTNER},
    "campaigns": {Kind.CAMPAIGN},
    "groups": {Kind.RESERVED_GROUP},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``apart``: what departs from calm. ``calm``: the rest; ``words`` is what is said of them together."""

    apart: list[Freshness]
    calm: list[Freshness]
    words: str


def line(rows: Sequence[Freshness], listing: str, now: datetime) -> Line:
    """The sources of this list only, parted."""
    mine = [row for row in rows if _tells_of(row, listing)]
    calm = [row for row in mine if _is_calm(row)]
    return Line(apart=[row for row in mine if row not in calm], calm=calm, words=_together(calm, now))


def _together(calm: Sequence[Freshness], now: datetime) -> str:
    """ "4 min ago, all 1,740 entries seen": the oldest, and the entries of those that say how many they have."""
    at = min((row.at for row in calm if row.at), default=None)
    seen = sum(row.coverage.seen for row in calm if row.coverage and row.coverage.says is not None)
    return wording.ago(at, now) + (f", all {seen:,} entries seen" if seen else "")


def _tells_of(row: Freshness, listing: str) -> bool:
    kinds = MADE_OF.get(listing)
    if kinds is None or (listing == "entries" and row.coverage is not None and row.coverage.says is not None):
        return True
    return any(resource.kind in kinds for resource in gateway.face(row.connection.provider).resources)


def _is_calm(row: Freshness) -> bool:
    return row.state == "ok" and not (row.coverage and row.coverage.departs)
