"""The same partner or campaign under another id: what happens when a connection changes to another version of an API.

The row keeps its key, and with it its history, its race and what it has earned; only its external id changes. Without
this, everything would be listed twice, and every day's earnings counted twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from organiser_portal.connections.models import Connection, SyncedModel
from organiser_portal.connections.payloads import forget
from organiser_portal.partners.models import Campaign, Conversion, DayStat, Partner
from providers.partner_records import OWN_IDS, CampaignRecord, PartnerRecord, PartnerSide
from providers.records import Kind

CHUNK = 2_000
SEPARATOR = "."  # between the ids of which a day's own id is made


def recognise(records: Sequence[PartnerSide], *, connection: Connection, now: datetime) -> None:
    """Give the rows of these records the ids by which they come now. Call it before they are stored.

    ``now``: since when a day counts as gone that came under its new id already.
    """
    for record_type, model, pointer in ((PartnerRecord, Partner, "partner"), (CampaignRecord, Campaign, "campaign")):
        mine = [each for each in records if isinstance(each, record_type)]
        if not mine:
            continue
        rows = list(model._default_manager.filter(connection=connection))
        held = {row.external_id for row in rows}
        for stranger in (each for each in mine if each.external_id not in held):
            same = [row for row in rows if not _names(row).isdisjoint(_names(stranger))]
            if len(same) == 1:  # of two nobody can say which it is
                _rename(same[0], pointer, stranger.external_id, now)


def _names(thing: Any) -> set[str]:
    """Every id that its own provider has for a record or a row."""
    others = {str(known) for kind, known in getattr(thing, "other_ids", ()) if kind in OWN_IDS}
    return ({thing.external_id, getattr(thing, "short_id", "")} | others) - {""}


def _rename(row: SyncedModel, pointer: str, new: str, now: datetime) -> None:
    old, row.external_id = row.external_id, new
    row.save(update_fields=["external_id"])
    kind = Kind.PARTNER if pointer == "partner" else Kind.CAMPAIGN
    # What was kept of its old form would be read by the wrong reader.
    forget(row.connection_id, kind, [old])
    for model in (Conversion, DayStat):
        model._default_manager.filter(**{pointer: row}).update(**{f"{pointer}_external_id": new})
    days = DayStat.objects.filter(**{pointer: row}).only("external_id", "gone_at")
    _rename_days(list(days), row.connection_id, old, new, now)


def _rename_days(days: Sequence[DayStat], connection: int, old: str, new: str, now: datetime) -> None:
    """A day's id is made of those of its partner and its campaign. One that is there already has come meanwhile."""
    for day in days:
        day.external_id = SEPARATOR.join(new if part == old else part for part in day.external_id.split(SEPARATOR))
    taken = _taken([day.external_id for day in days], connection, {day.pk for day in days})
    DayStat.objects.filter(pk__in=[day.pk for day in days if day.external_id in taken]).update(gone_at=now)
    DayStat.objects.bulk_update([day for day in days if day.external_id not in taken], ["external_id"], CHUNK)


def _taken(ids: Sequence[str], connection: int, ours: Iterable[int]) -> set[str]:
    mine = set(ours)
    rows = DayStat.objects.filter(connection=connection)
    found: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        named = rows.filter(external_id__in=ids[start : start + CHUNK]).values_list("pk", "external_id")
        found |= {name for pk, name in named if pk not in mine}
    return found
