"""The lists of what was done to many entries at once: bulk changes, and files that were imported."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from organiser_portal.core.columns import Column
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.core.selection import Selection
from organiser_portal.core.tables import Table
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.bulk.actions import ACTIONS
from organiser_portal.participants.models import Batch, BatchState, Import, ImportState

WHEN = (Column(key="by", heading="By", default=True), Column(key="when", heading="When", sort="id", default=True))

BATCHES = Table(
    sort="-when",
    columns=(
        Column(key="what", heading="What", locked=True),
        Column(key="changed", heading="Changed", sort="changed", numeric=True, phone=True, default=True),
        Column(key="same", heading="Were so already", sort="same", numeric=True),
        Column(key="refused", heading="Left alone", sort="refused", numeric=True),
        *WHEN,
    ),
)
IMPORTS = Table(
    sort="-when",
    columns=(
        Column(key="file", heading="File", sort="file_name", locked=True),
        Column(key="state", heading="State", phone=True, default=True),
        Column(key="rows", heading="Rows", sort="total", numeric=True),
        Column(key="created", heading="Created", sort="created", numeric=True, default=True),
        Column(key="updated", heading="Updated", sort="updated", numeric=True, default=True),
        *WHEN,
    ),
)
STANDING = (("open", "Under way"), ("over", "Done"), ("undone", "Undone"))


class ByPerson(ListFilter):
    """By whoever did it, among those who did any."""

    by = filters.ChoiceFilter(label="By", field_name="by_id", empty_label="Anybody")

    def offer(self) -> None:
        people = (
            self.queryset.order_by()
            .exclude(by=None)
            .values_list("by_id", "by__first_name", "by__last_name", "by__email")
        )
        named = {str(pk): f"{first} {last}".strip() or email for pk, first, last, email in people.distinct()}
        self.filters["by"].extra["choices"] = sorted(named.items(), key=lambda each: each[1].casefold())


class BatchFilter(ByPerson):
    searched = ("value",)

    action = filters.ChoiceFilter(
        label="What", choices=[(a.key, a.button) for a in ACTIONS.values()], empty_label="Anything"
    )
    standing = filters.ChoiceFilter(
        label="How it stands", choices=STANDING, method="by_standing", empty_label="Any way"
    )

    def by_standing(self, queryset: QuerySet[Batch], _name: str, value: str) -> QuerySet[Batch]:
        if value == "undone":
            return queryset.exclude(undone_at=None)
        under_way = Q(state__in=(BatchState.WAITING, BatchState.RUNNING)) | Q(undoing=True)
        return queryset.filter(under_way) if value == "open" else queryset.exclude(under_way).filter(undone_at=None)


class ImportFilter(ByPerson):
    searched = ("file_name",)

    standing = filters.ChoiceFilter(
        label="How it stands",
        choices=[("waits", "Waits for you"), *STANDING],
        method="by_standing",
        empty_label="Any way",
    )

    def by_standing(self, queryset: QuerySet[Import], _name: str, value: str) -> QuerySet[Import]:
        if value == "undone":
            return queryset.exclude(undone_at=None)
        under_way = Q(state__in=(ImportState.CHECKING, ImportState.COMMITTING)) | Q(undoing=True)
        if value == "open":
            return queryset.filter(under_way)
        states = (ImportState.NEW, ImportState.CHECKED) if value == "waits" else (ImportState.DONE, ImportState.STOPPED)
        return queryset.exclude(under_way).filter(state__in=states, undone_at=None)


def select_batches(organisation: Organisation, address: Mapping[str, Any]) -> Selection[Batch]:
    everything = Batch.objects.of(organisation)
    asked = BatchFilter(address, everything)
    return Selection(filter=asked, view=BATCHES.read(address), everything=everything, found=asked.found())


def select_imports(organisation: Organisation, address: Mapping[str, Any]) -> Selection[Import]:
    everything = Import.objects.of(organisation)
    asked = ImportFilter(address, everything)
    return Selection(filter=asked, view=IMPORTS.read(address), everything=everything, found=asked.found())
