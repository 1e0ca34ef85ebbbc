"""What one may ask of the lists of entries and applications. A filter that makes no sense is said, never ignored."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import django_filters as filters
from django import forms
from django.core.cache import cache
from django.db.models import Q, QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import MENDABLE, UNDER_WAY, Connection, PushState
from organiser_portal.core.form_fields import LONGEST_SEARCH
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.core.states import look
from organiser_portal.events.bringers import bringers
from organiser_portal.events.choosing import SeveralFilter, events_to_choose, races_to_choose
from organiser_portal.events.models import Event, Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import tags
from organiser_portal.participants.models import Application, Entry, orders
from organiser_portal.participants.search import by_words
from organiser_portal.participants.tables import in_words
from providers.partner_records import PartnerKind
from providers.records import EntryStatus

HERE = "here"
GONE = "gone"
STATUSES = [(s.value, "Holds a place" if s is EntryStatus.LIVE else s.value.capitalize()) for s in EntryStatus]
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
PLACES = {
    PartnerKind.CHARITY.value: "Charity place",
    PartnerKind.CORPORATE.value: "Corporate place",
    PartnerKind.SPONSOR.value: "Sponsor's place",
    PartnerKind.FRIENDS_AND_FAMILY.value: "Friends and family place",
    PartnerKind.MERCHANDISE.value: "Merchandise partner's place",
}
MISSING = [
    ("birth_date", "Birth date"),
    ("email", "E-mail"),
    ("gender", "Gender"),
    ("emergency_phone", "Emergency number"),
]
GONE_FROM_HERE = "The {0} that was asked for is not here any more. Choose another one under Filter."
DAY = forms.DateInput(attrs={"type": "date"})


def events_of(request: Any) -> QuerySet[Event]:
    return events_to_choose(Event.objects.of(request.organisation))


def races_of(request: Any) -> QuerySet[Race]:
    return races_to_choose(Race.objects.of(request.organisation))


def sources(organisation: Organisation) -> list[tuple[str, str]]:
    """Every provider; each connection by itself where there are several at one."""
    connections = list(Connection.objects.of(organisation))
    keys = [connection.provider for connection in connections]
    choices = [(key, gateway.face(key).label) for key in dict.fromkeys(keys)]
    several = [c for c in connections if keys.count(c.provider) > 1]
    return [*choices, *((str(c.pk), f"{gateway.face(c.provider).label}: {c}") for c in several)]


class PersonFilter(ListFilter):
    """Search by fragments, race and source: what entries and applications have in common.

    Built with ``organisation``; ``request`` is not asked for, so that commands can filter too. Only what ``data`` asks
    for is built, which takes a list's page half the time; ``offering``: everything that one could ask.
    """

    base_filters: dict[str, filters.Filter]
    event = SeveralFilter(
        label="Event",
        field_name="race__event",
        queryset=events_of,
        empty_label="Any",
        error_messages={"invalid_choice": GONE_FROM_HERE.format("event")},
    )
    race = SeveralFilter(
        label="Race",
        queryset=races_of,
        empty_label="Any",
        error_messages={"invalid_choice": GONE_FROM_HERE.format("race")},
    )
    source = filters.ChoiceFilter(label="Source", method="by_source", empty_label="Any")

    def __init__(
        self, data: Mapping[str, Any], queryset: QuerySet[Any], *, organisation: Organisation, offering: bool = False
    ) -> None:
        self.organisation = organisation
        self.base_filters = {name: each for name, each in self.base_filters.items() if offering or name in data}
        super().__init__(data, queryset, request=self)

    def offer(self) -> None:
        for name, choices in self.choices().items():
            if name in self.filters:
                self.filters[name].extra["choices"] = choices

    def choices(self) -> dict[str, Callable[[], list[tuple[str, str]]]]:
        """What this tenant has to choose from, by filter: asked only when one is chosen or offered."""
        return {"source": self.sources}

    def sources(self) -> list[tuple[str, str]]:
        return sources(self.organisation)

    def by_words(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return by_words(queryset, value, self.organisation)

    def by_source(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == HERE:
            return queryset.filter(connection=None)
        if value.isdecimal():
            return queryset.filter(connection_id=int(value))
        return queryset.filter(connection__in=Connection.objects.of(self.organisation).filter(provider=value))


class EntryFilter(PersonFilter):
    status = filters.ChoiceFilter(
        label="Status", method="by_status", choices=[*STATUSES, (GONE, "Gone from the provider")], empty_label="Any"
    )
    place = filters.ChoiceFilter(
        label="Place",
        method="by_place",
        choices=[("own", "Without a partner"), ("partner", "With any partner"), *PLACES.items()],
        empty_label="Any",
    )
    payment = filters.ChoiceFilter(
        label="Payment",
        method="by_payment",
        choices=[("unpaid", "Unpaid (not marked as paid)"), ("paid", "Paid (marked here)")],
        empty_label="Any",
        help_text="No platform tells us who has paid: tick people and press Set payment.",
    )
    partner = filters.CharFilter(label="Partner", method="by_partner", max_length=LONGEST_SEARCH)
    ticket = filters.CharFilter(
        label="Ticket", field_name="ticket_title", lookup_expr="icontains", max_length=LONGEST_SEARCH
    )
    price = filters.ChoiceFilter(
        label="List price",
        method="by_price",
        choices=[("free", "Nothing to pay"), ("priced", "Has a price"), ("unknown", "Not known")],
        empty_label="Any",
    )
    tag = filters.CharFilter(label="Tag", method="by_tag", max_length=tags.LONGEST)
    club = filters.CharFilter(label="Club", method="by_club", max_length=LONGEST_SEARCH)
    missing = filters.ChoiceFilter(label="Missing", method="by_missing", choices=MISSING, empty_label="Not asked")
    ids = filters.CharFilter(label="Chosen", method="by_ids", max_length=10_000, widget=forms.HiddenInput)
    change = filters.ChoiceFilter(
        label="Change",
        method="by_change",
        choices=[
            ("waiting", "Under way"),
            ("attention", "Needs somebody"),
            *((state, look("push", state).word) for state in PushState.values),
        ],
        empty_label="Any",
    )
    entered_from = filters.DateFilter(label="Entered from", method="by_first_day", widget=DAY)
    entered_to = filters.DateFilter(label="Entered to", method="by_last_day", widget=DAY)

    def sources(self) -> list[tuple[str, str]]:
        return [*super().sources(), (HERE, "Added here, sent nowhere")]

    def by_first_day(self, queryset: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        return queryset.filter(entered_at__gte=self.midnight(value))

    def by_last_day(self, queryset: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        return queryset.filter(entered_at__lt=self.midnight(value) + timedelta(days=1))

    def midnight(self, day: date) -> datetime:
        """When this day begins where the organisation is: an instant, so that an index can find it."""
        sensible = min(max(day, EARLIEST), LATEST)
        return datetime.combine(sensible, time.min, tzinfo=ZoneInfo(self.organisation.time_zone))

    def by_status(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        if value == GONE:
            return queryset.exclude(gone_at=None)
        wanted = queryset.filter(status=value)
        return wanted.filter(gone_at=None) if value == EntryStatus.LIVE else wanted

    def by_partner(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        # The first says nothing new; it is what an index can be entered with.
        return queryset.exclude(orders.NO_PARTNER).filter(
            Q(own_partner__icontains=value) | Q(partner_group__icontains=value) | Q(partner_name__icontains=value)
        )

    def by_place(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        if value == "own":
            return queryset.filter(orders.NO_PARTNER)
        theirs = queryset.exclude(orders.NO_PARTNER)
        return theirs if value == "partner" else theirs.filter(self.of_kind(value))

    def of_kind(self, kind: str) -> Q:
        """Given to a partner of this kind by us, or else tied to one."""
        those = bringers(self.organisation, kind)
        return Q(own_partner__in=those.names) | Q(own_partner="") & those.brought

    def by_price(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        wanted: dict[str, dict[str, int | None]] = {
            "free": {"price_minor": 0},
            "priced": {"price_minor__gt": 0},
            "unknown": {"price_minor": None},
        }
        return queryset.filter(**wanted[value])

    def by_payment(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        if value == "paid":
            return queryset.exclude(own_tags="").filter(tags.IS_PAID)
        return queryset.exclude(tags.IS_PAID).exclude(price_minor=0)

    def by_tag(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        return queryset.exclude(own_tags="").filter(own_tags__contains=tags.wanted(value))

    def by_club(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        return queryset.exclude(orders.NO_CLUB).filter(club__iexact=value)

    def by_missing(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        return queryset.filter(**{value: None if value == "birth_date" else ""}, redacted=False)

    def by_ids(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """These and no others: the rows that somebody ticked."""
        return queryset.filter(pk__in=[int(pk) for pk in value.split(",") if pk.isdecimal() and len(pk) < 19])

    def by_change(self, queryset: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        groups = {"waiting": UNDER_WAY, "attention": MENDABLE}
        return queryset.exclude(orders.NO_CHANGE).filter(push_state__in=groups.get(value, (value,)))


class ApplicationFilter(PersonFilter):
    approval = filters.ChoiceFilter(label="Approval", choices=(), empty_label="Any")
    resolution = filters.ChoiceFilter(label="Resolution", choices=(), empty_label="Any")

    def choices(self) -> dict[str, Callable[[], list[tuple[str, str]]]]:
        own = {name: partial(self.said, name) for name in ("approval", "resolution")}
        return {**super().choices(), **own}

    def said(self, field: str) -> list[tuple[str, str]]:
        return [(word, in_words(word)) for word in words(self.organisation, field)]


def words(organisation: Organisation, field: str) -> list[str]:
    """The words the providers use in this column: an open set, so they are read from the rows, once a minute."""

    def read() -> list[str]:
        used = Application.objects.of(organisation).exclude(**{field: ""}).order_by()
        return sorted(used.values_list(field, flat=True).distinct()[:50])

    return list(cache.get_or_set(f"words:{organisation.pk}:{field}", read, 60) or [])
