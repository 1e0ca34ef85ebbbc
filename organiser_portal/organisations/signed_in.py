"""Where people are signed in, and when they were last seen there."""

from datetime import timedelta

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

EVERY = timedelta(minutes=5)


class LastSeen(UserSessionsMiddleware):
    """Notes it now and then: a page that is only read, or looks again by itself, need not wait to write."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        respond = super().__call__ if self._is_due(request.session.session_key) else self.get_response
        response: HttpResponse = respond(request)
        return response

    @staticmethod
    def _is_due(session_key: str | None) -> bool:
        return not session_key or caches["process"].add(f"seen:{session_key}", True, EVERY.total_seconds())
