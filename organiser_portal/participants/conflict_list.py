"""The list of conflicts: what one may ask of it, and each row with both its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection
from organiser_portal.core.address import Active, active, in_words
from organiser_portal.core.form_fields import LONGEST_SEARCH
from organiser_portal.core.keyset import KeysetPage, Order, page
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.events.choosing import SeveralFilter
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.both_sides import BothSides, both_sides
from organiser_portal.participants.conflicts import open_conflicts
from organiser_portal.participants.filters import races_of, sources
from organiser_portal.participants.folding import fold
from organiser_portal.participants.models import Conflict, Entry
from organiser_portal.participants.patterns import WORDS
from providers.records import PERSON_FIELDS, SENSITIVE_FIELDS

NEWEST_FIRST = Order("id", descending=True)
PAGE = 25
FIELDS = [(name, fields.label(name)) for name in PERSON_FIELDS]
PATTERNS = [(each.value, words.capitalize()) for each, words in WORDS.items()]


class ConflictFilter(ListFilter):
    """Built with ``organisation``; narrows to whose entries, which field, and in what the values differ."""

    q = filters.CharFilter(label="Name", method="by_words", max_length=LONGEST_SEARCH)
    race = SeveralFilter(label="Race", field_name="entry__race", queryset=races_of, empty_label="Any")
    source = filters.ChoiceFilter(label="Source", method="by_source", empty_label="Any")
    field = filters.ChoiceFilter(label="Field", choices=FIELDS, empty_label="Any")
    differs = filters.ChoiceFilter(label="Difference", choices=PATTERNS, empty_label="Any")

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Conflict], *, organisation: Organisation) -> None:
        self.organisation = organisation
        super().__init__(data, queryset, request=self)

    def offer(self) -> None:
        self.filters["source"].extra["choices"] = sources(self.organisation)

    def by_words(self, queryset: QuerySet[Conflict], _name: str, value: str) -> QuerySet[Conflict]:
        for word in fold(value).split():
            queryset = queryset.filter(entry__search_text__contains=word)
        return queryset

    def by_source(self, queryset: QuerySet[Conflict], _name: str, value: str) -> QuerySet[Conflict]:
        if value.isdecimal():
            return queryset.filter(entry__connection_id=int(value))
        connections = Connection.objects.of(self.organisation).filter(provider=value)
        return queryset.filter(entry__connection__in=connections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One conflict as a row: whose, and both sides. ``source`` names the connection."""

    entry: Entry
    sides: BothSides
    face: gateway.Face
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks of the list."""

    filter: ConflictFilter
    sees_sensitive: bool

    def found(self) -> QuerySet[Conflict]:
        return self.filter.found()

    def settled_together(self) -> QuerySet[Conflict]:
        """Of these, what this person may settle unseen."""
        found = self.found()
        return found if self.sees_sensitive else found.exclude(field__in=SENSITIVE_FIELDS)

    def active(self) -> list[Active]:
        return active(self.filter.form, besides=()) if self.filter.is_valid() else []

    def in_words(self) -> dict[str, str]:
        """The filters at work by name, fit for a record: nobody's name among them."""
        cleaned = self.filter.form.cleaned_data if self.filter.is_valid() else {}
        return {name: in_words(value) for name, value in cleaned.items() if value not in (None, "") and name != "q"}

    def page(self, *, after: int | None, before: int | None) -> KeysetPage[Conflict]:
        return page(self.found(), NEWEST_FIRST, size=PAGE, after=after, before=before, shape=with_entries)


def asked_of(organisation: Organisation, address: Mapping[str, Any], *, sees_sensitive: bool) -> Asked:
    found = ConflictFilter(address, open_conflicts(organisation), organisation=organisation)
    return Asked(filter=found, sees_sensitive=sees_sensitive)


def with_entries(conflicts: QuerySet[Conflict]) -> QuerySet[Conflict]:
    """With what a row shows, in one query."""
    entry = ("entry__race__event", "entry__connection", "entry__organisation")
    return conflicts.select_related(*entry).defer("entry__connection__sealed_credentials")


def lines(conflicts: list[Conflict], *, sees_sensitive: bool) -> list[Line]:
    """Those whose entry still says so: a row may be settled while the page is made."""
    return [
        Line(
            entry=each.entry,
            sides=both_sides(each.entry, each.field, sees_sensitive=sees_sensitive),
            face=gateway.face(each.entry.connection.provider),
            source=gateway.connection_name(each.entry.connection),
        )
        for each in conflicts
        if each.field in each.entry.conflicts and each.entry.connection is not None
    ]


def recorded(organisation: Organisation, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """What ``Asked.in_words`` kept, as the list itself calls it, in its order: a database has one of its own. What is
    not known any more stands as it is.
    """
    words = {"field": dict(FIELDS), "differs": dict(PATTERNS), "source": dict(sources(organisation))}
    known = ConflictFilter.base_filters
    named = [name for name in known if name in asked] + [name for name in asked if name not in known]
    return [
        (known[name].label if name in known else name, words.get(name, {}).get(asked[name], asked[name]))
        for name in named
    ]
