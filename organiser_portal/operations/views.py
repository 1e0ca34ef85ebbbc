"""The page that nobody looks at: figures for a Prometheus."""

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from organiser_portal.operations.database import answering_within
from organiser_portal.operations.metrics import exposition

PATIENCE = 8  # seconds; a Prometheus waits ten


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Only for who brings the token; without one in the settings there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token, settings.METRICS_TOKEN):
        return HttpResponse("A token is needed.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        with answering_within(PATIENCE):
            page = exposition(now=timezone.now())
    except Error:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)
