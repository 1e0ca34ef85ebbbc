"""The heading of a column, which sorts by it. Drawn in Python like the rows: a list has a dozen."""

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import slugify

from organiser_portal.core.markup import filled
from organiser_portal.core.templatetags.portal import icon

NONE = SafeString("")
# What says where in a list one is, and how it is sorted: a new order starts at the top.
LEFT_BEHIND = frozenset({"page", "after", "before", "cursor", "sort"})
LINK = '<a class="sort" id="sort-%s" href="%s"%s>%s%s</a>'
FETCHED = ' hx-get="%s" hx-target="%s" hx-swap="outerHTML" hx-push-url="true"'


def heading(text: str, key: str, *, sort: str, query: QueryDict, target: str, css: str) -> SafeString:
    """A ``<th>``. ``key``: what it sorts by, "" if nothing; ``sort``: how the list is sorted; ``query``: its address;
    ``target``: what of the page HTMX replaces, "" for all of it.
    """
    direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "") if key else ""
    return filled(
        '<th scope="col"%s%s>%s</th>',
        filled(' class="%s"', css) if css else NONE,
        filled(' aria-sort="%s"', direction) if direction else NONE,
        _link(text, f"-{key}" if sort == key else key, direction, query, target) if key else text,
    )


def _link(text: str, press: str, direction: str, query: QueryDict, target: str) -> SafeString:
    """``press``: the order that pressing it asks for."""
    kept = [(name, values) for name, values in query.lists() if name not in LEFT_BEHIND]
    address = f"?{urlencode([*kept, ('sort', press)], doseq=True)}"
    fetched = filled(FETCHED, address, target) if target else NONE
    return filled(LINK, slugify(text), address, fetched, text, _arrow(direction))


def _arrow(direction: str) -> SafeString:
    if not direction:
        return NONE
    return filled(" %s", icon("chevron-up" if direction == "ascending" else "chevron-down", "s"))
