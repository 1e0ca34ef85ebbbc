"""What one may ask of the audit trail."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from organiser_portal.core.list_filter import ListFilter
from organiser_portal.organisations import trail
from organiser_portal.organisations.models import AuditRecord, Membership

PORTAL, OTHERS = "portal", "others"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditFilter(ListFilter):
    """By words of what it was about, the kind of act, who did it, and the days it was done on."""

    searched = ("subject", "actor_label")

    about = filters.ChoiceFilter(label="Kind", field_name="action", empty_label="Everything")
    who = filters.ChoiceFilter(label="Who", method="by_person", empty_label="Everybody")
    since = filters.DateFilter(label="From", method="by_first_day", widget=DAY)
    until = filters.DateFilter(label="To", method="by_last_day", widget=DAY)

    def __init__(
        self, data: Mapping[str, Any], queryset: QuerySet[AuditRecord], *, members: Sequence[Membership]
    ) -> None:
        self.members = members
        super().__init__(data, queryset)

    def offer(self) -> None:
        people = [(str(member.user_id), str(member.user)) for member in self.members]
        others = [(PORTAL, "The portal and its commands"), (OTHERS, "People not in this list")]
        self.filters["about"].extra["choices"] = trail.choices()
        self.filters["who"].extra["choices"] = [*people, *others]

    def by_person(self, queryset: QuerySet[AuditRecord], _name: str, value: str) -> QuerySet[AuditRecord]:
        if value == PORTAL:
            return queryset.filter(actor=None, actor_label=trail.NOBODY)
        if value == OTHERS:
            here = [member.user_id for member in self.members]
            return queryset.exclude(actor_label=trail.NOBODY).exclude(actor__in=here)
        return queryset.filter(actor=int(value))

    def by_first_day(self, queryset: QuerySet[AuditRecord], _name: str, value: date) -> QuerySet[AuditRecord]:
        return queryset.filter(at__gte=_midnight(value))

    def by_last_day(self, queryset: QuerySet[AuditRecord], _name: str, value: date) -> QuerySet[AuditRecord]:
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    """The day's beginning by the clock of the organisation."""
    return timezone.make_aware(datetime.combine(day, time()))
