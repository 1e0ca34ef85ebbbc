"""What of an address makes a view: the question, without the place in the answer."""

from django.http import QueryDict

VIEW = "view"
PASSING = frozenset({VIEW, "after", "before", "open"})
"""Where one is in the answer, and what stands beside it."""
LONGEST = 2000


def kept(query: QueryDict) -> str:
    """The address as a view keeps it, the same whatever order its parts came in. Blank parts go."""
    parts = QueryDict(mutable=True)
    for name in sorted(query):
        values = [value for value in query.getlist(name) if value.strip()]
        if name not in PASSING and values:
            parts.setlist(name, [",".join(values)] if name == "columns" else values)
    return parts.urlencode(safe=",")


def kept_text(text: str) -> str:
    """The same of an address that comes as text."""
    return kept(QueryDict(text))


def opened(query: str, pk: int) -> str:
    """The address by which a list opens as this view has it."""
    return f"?{query}&{VIEW}={pk}" if query else f"?{VIEW}={pk}"
