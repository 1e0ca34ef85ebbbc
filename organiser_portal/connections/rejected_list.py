"""The list of records that could not be read: what one may ask of it, and how it is shown."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from organiser_portal.connections.models import Connection, RejectedRecord
from organiser_portal.core.columns import Column
from organiser_portal.core.form_fields import LONGEST_SEARCH, dress
from organiser_portal.core.selection import Selection
from organiser_portal.core.tables import Table

WAITS, READ, ALL = "waits", "read", "all"
STANDINGS = [(WAITS, "Waiting"), (READ, "Read by now"), (ALL, "All")]

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


class RejectedFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By words of the reason or the id, kind of record, and whether it still waits to be read."""

    q = filters.CharFilter(label="Search", method="by_words", max_length=LONGEST_SEARCH)
    kind = filters.ChoiceFilter(label="Kind", empty_label="Any kind")
    standing = filters.ChoiceFilter(label="Standing", method="by_standing", choices=STANDINGS, empty_label=None)

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[RejectedRecord]) -> None:
        super().__init__(data, queryset)
        kinds = queryset.order_by("kind").values_list("kind", flat=True).distinct()
        self.filters["kind"].extra["choices"] = [(kind, kind.replace("_", " ").capitalize()) for kind in kinds]
        for bound in self.form:
            dress(bound)

    @property
    def chosen_standing(self) -> str:
        asked = str(self.data.get("standing", ""))
        return asked if asked in dict(STANDINGS) else WAITS

    def found(self) -> QuerySet[RejectedRecord]:
        """What matches; nothing when the question makes no sense."""
        if not self.is_valid():
            nothing: QuerySet[RejectedRecord] = self.queryset.none()
            return nothing
        found: QuerySet[RejectedRecord] = self.by_standing(self.qs, "", self.chosen_standing)
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("q", "kind"))

    def by_words(self, queryset: QuerySet[RejectedRecord], _name: str, value: str) -> QuerySet[RejectedRecord]:
        for word in value.split():
            queryset = queryset.filter(Q(reason__icontains=word) | Q(external_id__icontains=word))
        return queryset

    def by_standing(self, queryset: QuerySet[RejectedRecord], _name: str, value: str) -> QuerySet[RejectedRecord]:
        return queryset if value == ALL else queryset.filter(resolved_at__isnull=value == WAITS)


def select_rejected(connection: Connection, address: Mapping[str, Any]) -> Selection[RejectedRecord]:
    everything = RejectedRecord.objects.filter(connection=connection)
    asked = RejectedFilter(address, everything)
    return Selection(filter=asked, view=REJECTED.read(address), everything=everything, found=asked.found())
