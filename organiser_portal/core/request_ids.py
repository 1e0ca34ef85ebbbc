"""Every request has an id: on each line it logs, in its answer, and on the page that says something broke."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from organiser_portal.core.logs import binding

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{7,63}")

type Respond = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """Middleware. An id that a proxy has given is kept where it looks like one; otherwise it is made here."""

    def __init__(self, get_response: Respond) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if SANE.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        with binding(request_id=request_id):
            response = self._respond(request)
        response[HEADER] = request_id
        return response


def request_id_of(request: HttpRequest) -> str:
    """ "" where the middleware did not see it."""
    return getattr(request, "request_id", "")


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """The page for a mistake of ours: it needs no database, and says the id under which the log has it."""
    page = loader.get_template("500.html").render({"request_id": request_id_of(request)})
    return HttpResponseServerError(page)
