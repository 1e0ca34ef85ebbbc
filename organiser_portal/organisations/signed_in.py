"""Where people are signed in, and when they were last seen there."""

from datetime import timedelta

from allauth.usersessions.middleware import UserSessionsMiddleware
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

EVERY = timedelta(minutes=5)


class LastSeen(UserSessionsMiddleware):
    """Notes it now and then: a page that is only read, or looks again by itself, need not wait to write."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lately = UserSession.objects.filter(
            session_key=request.session.session_key or "", last_seen_at__gt=timezone.now() - EVERY
        )
        respond = self.get_response if lately.exists() else super().__call__
        response: HttpResponse = respond(request)
        return response
