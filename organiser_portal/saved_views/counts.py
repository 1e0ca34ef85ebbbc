"""How many rows a view holds, as counted a moment ago. Rooms above count; the tabs above a list show what is known."""

from collections.abc import Iterable, Mapping

from django.core.cache import cache

from organiser_portal.core.keyset import Count
from organiser_portal.saved_views.models import SavedView

SECONDS = 60
"""A figure beside a name may be so old; the list itself always counts anew."""


def known(views: Iterable[SavedView]) -> Mapping[int, Count]:
    """View's key → its count, where one is known."""
    keys = {_key(view): view.pk for view in views}
    return {keys[key]: Count(*told) for key, told in cache.get_many(keys).items()}


def remember(view: SavedView, count: Count) -> None:
    cache.set(_key(view), (count.number, count.capped), SECONDS)


def _key(view: SavedView) -> str:
    """Another one once the view asks something else."""
    return f"view-count:{view.pk}:{view.changed_at.timestamp()}"
