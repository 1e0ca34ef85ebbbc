"""What one may ask of the lists of runs and of changes on their way."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from organiser_portal.connections.gateway import connection_name, face
from organiser_portal.connections.models import UNDER_WAY, Connection, OutboundChange, PushState
from organiser_portal.core.list_filter import ListFilter
from organiser_portal.organisations.models import Organisation
from organiser_portal.sync.models import Outcome
from providers.port import Action

MOVING = "under-way"


class OfConnections(ListFilter):
    """By connection, and what the lists below it add."""

    q = None  # neither has a word to be searched for

    connection = filters.ChoiceFilter(label="Connection", field_name="connection_id", empty_label="All connections")

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Any], *, organisation: Organisation) -> None:
        self.connections = list(Connection.objects.of(organisation).defer("sealed_credentials"))
        super().__init__(data, queryset)

    def offer(self) -> None:
        self.filters["connection"].extra["choices"] = [(str(row.pk), connection_name(row)) for row in self.connections]


class RunFilter(OfConnections):
    outcome = filters.ChoiceFilter(label="How it ended", choices=Outcome.choices, empty_label="Any way")
    resource = filters.ChoiceFilter(label="What", empty_label="Anything")

    def offer(self) -> None:
        super().offer()
        faces = [face(key) for key in dict.fromkeys(row.provider for row in self.connections)]
        named = {resource.key: resource.label for each in faces for resource in each.resources}
        self.filters["resource"].extra["choices"] = sorted(named.items(), key=lambda pair: pair[1])


class ChangeFilter(OfConnections):
    state = filters.ChoiceFilter(
        label="State",
        choices=[(MOVING, "On their way"), *PushState.choices],
        method="by_state",
        empty_label="Any",
    )
    action = filters.ChoiceFilter(
        label="Change",
        choices=[(Action.ADD_ENTRY.value, "Added"), (Action.EDIT_ENTRY.value, "Edited")],
        empty_label="Either",
    )

    def by_state(self, queryset: QuerySet[OutboundChange], _name: str, value: str) -> QuerySet[OutboundChange]:
        return queryset.filter(state__in=UNDER_WAY) if value == MOVING else queryset.filter(state=value)
