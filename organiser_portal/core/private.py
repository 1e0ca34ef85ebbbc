"""What a page says is for whoever asked, and for now: no cache on the way keeps it, nor the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class Private:
    """Middleware: said of every answer of a view that says nothing of it itself. Files of ours are served before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
