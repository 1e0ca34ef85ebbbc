"""What one may ask of a list: the part that the questions of all lists have in common."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Q, QuerySet

from organiser_portal.core.form_fields import LONGEST_SEARCH, dress


class ListFilter(filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Search by words, and whatever a list adds.

    ``searched``: the columns of which one has to contain a word. ``always``: filters that hold whether one asks or
    not, so that they narrow nothing.
    """

    searched: ClassVar[tuple[str, ...]] = ("name",)
    always: ClassVar[frozenset[str]] = frozenset()

    q = filters.CharFilter(label="Search", method="by_words", max_length=LONGEST_SEARCH)

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet[Any], **more: Any) -> None:
        super().__init__(data, queryset, **more)
        self.offer()
        self.form.auto_id = "filter-%s"  # a form beside the list may have fields of the same names
        for bound in self.form:
            dress(bound)

    def offer(self) -> None:
        """Put in what this tenant has to choose from, before the form is made."""

    def found(self) -> QuerySet[Any]:
        """What matches; nothing when the question makes no sense, so that no download is wider than asked."""
        found: QuerySet[Any] = self.by_default(self.qs) if self.is_valid() else self.queryset.none()
        return found

    def by_default(self, found: QuerySet[Any]) -> QuerySet[Any]:
        """What of it is meant when one does not say."""
        return found

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.filters if name not in self.always)

    def by_words(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        for word in value.split():
            queryset = queryset.filter(reduce(or_, (Q((f"{column}__icontains", word)) for column in self.searched)))
        return queryset
