"""The list of records that could not be read: what one may ask of it, and how it is shown."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from organiser_portal.connections.models import Connection, RejectedRecord
from organiser_portal.core.columns import Column
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.core.selection import Selection
from organiser_portal.core.tables import Table

WAITS = "waits"
STANDINGS = [(WAITS, "Waiting"), ("read", "Read by now"), ("gone", "No longer listed"), ("all", "All")]
STANDING = {
    WAITS: Q(resolved_at=None, gone_at=None),
    "read": Q(resolved_at__isnull=False),  # perhaps only when it was gone
    "gone": Q(resolved_at=None, gone_at__isnull=False),
    "all": Q(),
}

REJECTED = Table(
    sort="-last",
    columns=(
        Column(key="record", heading="Record", sort="external_id", locked=True),
        Column(key="why", heading="Why", phone=True, default=True),
        Column(key="listing", heading="Listing", sort="resource"),
        Column(key="standing", heading="Standing"),
        Column(key="times", heading="Times", sort="times", numeric=True, default=True),
        Column(key="first", heading="First seen", sort="first_seen"),
        Column(key="last", heading="Last seen", sort="last_seen", default=True),
    ),
)


class RejectedFilter(ListFilter):
    """By words of the reason or the id, kind of record, and whether it still waits to be read."""

    searched = ("reason", "external_id")
    always = frozenset({"standing"})

    kind = filters.ChoiceFilter(label="Kind", empty_label="Any kind")
    standing = filters.ChoiceFilter(label="Standing", method="by_standing", choices=STANDINGS, empty_label=None)

    def offer(self) -> None:
        kinds = self.queryset.order_by("kind").values_list("kind", flat=True).distinct()
        self.filters["kind"].extra["choices"] = [(kind, kind.replace("_", " ").capitalize()) for kind in kinds]

    @property
    def chosen_standing(self) -> str:
        asked = str(self.data.get("standing", ""))
        return asked if asked in dict(STANDINGS) else WAITS

    def by_default(self, found: QuerySet[RejectedRecord]) -> QuerySet[RejectedRecord]:
        return self.by_standing(found, "", self.chosen_standing)

    def by_standing(self, queryset: QuerySet[RejectedRecord], _name: str, value: str) -> QuerySet[RejectedRecord]:
        return queryset.filter(STANDING[value])


def select_rejected(connection: Connection, address: Mapping[str, Any]) -> Selection[RejectedRecord]:
    everything = RejectedRecord.objects.filter(connection=connection)
    asked = RejectedFilter(address, everything)
    return Selection(filter=asked, view=REJECTED.read(address), everything=everything, found=asked.found())
