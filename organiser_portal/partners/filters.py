"""What one may ask of the list of partners."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.core.form_fields import dress
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Partner
from organiser_portal.partners.models.partner import KINDS


class PartnerFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """By words of the name, type and source."""

    q = filters.CharFilter(label="Search", method="by_words")
    kind = filters.ChoiceFilter(
        label="Type", choices=[(kind.value, label) for kind, label in KINDS.items()], empty_label="Any type"
    )
    provider = filters.ChoiceFilter(label="Source", field_name="connection__provider", empty_label="Any source")

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Partner], *, organisation: Organisation) -> None:
        super().__init__(data, queryset)
        keys = Connection.objects.of(organisation).order_by("provider").values_list("provider", flat=True).distinct()
        self.filters["provider"].extra["choices"] = [(key, face(key).label) for key in keys]
        for bound in self.form:
            dress(bound)

    def found(self) -> QuerySet[Partner]:
        """What matches; nothing when the question makes no sense."""
        found: QuerySet[Partner] = self.qs if self.is_valid() else self.queryset.none()
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("q", "kind", "provider"))

    def by_words(self, queryset: QuerySet[Partner], _name: str, value: str) -> QuerySet[Partner]:
        for word in value.split():
            queryset = queryset.filter(name__icontains=word)
        return queryset
