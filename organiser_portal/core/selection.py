"""A list as an address asks for it: which rows, in which order and columns. The page of a list, its file and the
record that was opened from it ask the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django_filters import FilterSet

from organiser_portal.core.keyset import KeysetPage, Place, place_in
from organiser_portal.core.tables import PAGE_SIZE, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection[M: Model]:
    """``everything`` is what the organisation has, ``filter`` says what is asked of it, ``found`` matches it, and
    ``view`` is how that is shown.
    """

    filter: FilterSet
    view: View
    everything: QuerySet[M, M]
    found: QuerySet[M, M]

    def page[R](self, shape: Callable[[QuerySet[M, M]], QuerySet[M, R]], size: int = PAGE_SIZE) -> KeysetPage[R]:
        """``shape`` makes rows of the few chosen."""
        return self.view.objects(self.found, everything=self.everything, shape=shape, size=size)

    def place_of(self, pk: int) -> Place | None:
        """Where this row stands; None when it is not in the list."""
        return place_in(self.view.sortable(self.found), self.view.order, pk)

    def context(self) -> dict[str, Any]:
        """What the tags of a list are given."""
        return {"filter": self.filter, "view": self.view}
