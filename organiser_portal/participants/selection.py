"""What an address asks for: which rows, in which order and columns. Page, download and command ask the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm

from organiser_portal.core.address import Active, active
from organiser_portal.core.columns import Row
from organiser_portal.core.keyset import KeysetPage, Place, place_in
from organiser_portal.core.tables import View
from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.filters import ApplicationFilter, EntryFilter, PersonFilter
from organiser_portal.participants.models import Application, Entry
from organiser_portal.participants.tables import APPLICATIONS, ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``everything`` is what the organisation has, ``filter`` narrows it, ``view`` says how it is shown."""

    filter: PersonFilter
    view: View
    everything: QuerySet[Any, Any]

    def offered(self) -> BaseForm:
        """Everything that one may filter by, as the menu draws it."""
        kind, asked = type(self.filter), self.filter
        form: BaseForm = kind(asked.data, self.everything, organisation=asked.organisation, offering=True).form
        return form

    def page(self) -> KeysetPage[Row]:
        return self.view.page(self.filter.found(), everything=self.whole(), narrowed=self.is_searched())

    def place_of(self, pk: int) -> Place | None:
        """Where this row stands in the list; None when it is not in it."""
        whole = self.view.sortable(self.whole()) if self.is_searched() else None
        return place_in(self.view.sortable(self.filter.found()), self.view.order, pk, everything=whole)

    def whole(self) -> QuerySet[Any, Any]:
        """Everything, or everything of the race that is asked for: the lists that indexes lead through."""
        races = self.races()
        return self.everything.filter(race=races[0]) if len(races) == 1 else self.everything

    def races(self) -> list[Race]:
        """Those that are asked for: none, one, or the same one at several platforms."""
        return (self.filter.form.cleaned_data.get("race") if self.filter.is_valid() else None) or []

    def is_searched(self) -> bool:
        """Whether more is asked than one race."""
        return bool(set(self.names()) - {"race"}) or len(self.races()) > 1

    def rows(self) -> QuerySet[Any, dict[str, Any]]:
        return self.view.rows(self.filter.found())

    def active(self) -> list[Active]:
        return active(self.filter.form) if self.filter.is_valid() else []

    def names(self) -> list[str]:
        """The names of the filters at work, without what was asked: that may be somebody's name."""
        cleaned = self.filter.form.cleaned_data if self.filter.is_valid() else {}
        return [name for name, value in cleaned.items() if value not in (None, "", [])]

    def is_narrowed(self) -> bool:
        return not self.filter.is_valid() or bool(self.names())


def select_entries(organisation: Organisation, address: Mapping[str, Any], *, sensitive: bool = False) -> Selection:
    view = ENTRIES.read(address, sensitive=sensitive)
    # Through the races, one after the other: an index of entries by race says all that sorting by race has to know.
    by_race = view.order.field == "race__name"
    everything = Entry.objects.filter(race__organisation=organisation) if by_race else Entry.objects.of(organisation)
    return Selection(
        filter=EntryFilter(address, everything, organisation=organisation), view=view, everything=everything
    )


def select_applications(organisation: Organisation, address: Mapping[str, Any]) -> Selection:
    everything = Application.objects.of(organisation)
    return Selection(
        filter=ApplicationFilter(address, everything, organisation=organisation),
        view=APPLICATIONS.read(address),
        everything=everything,
    )
