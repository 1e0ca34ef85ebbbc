"""No NUL character gets in: no person types one, and PostgreSQL can neither store it nor look for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, QueryDict

NUL = "\x00"


class WithoutNul:
    """Middleware: takes it out of the address and of a form that is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.GET = without(request.GET)  # type: ignore[assignment]  # nobody writes to it
        if request.method == "POST":
            request.POST = without(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


def without(query: QueryDict) -> QueryDict:
    """The same; a copy if there was any."""
    if not any(NUL in text for name, values in query.lists() for text in (name, *values)):
        return query
    clean = QueryDict(mutable=True, encoding=query.encoding)
    for name, values in query.lists():
        clean.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    return clean
