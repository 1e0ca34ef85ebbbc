"""How people come to have an account: by invitation only. And how they come back to it without their password."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest

from organiser_portal.core.rendering import render_page

log = logging.getLogger(__name__)

NO_MAIL = "The mail server does not take our letter. Try again later, or ask whoever runs this portal."


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is allauth's
        return False


class ForgottenForm(ResetPasswordForm):
    """Whoever has no account is written to as well, so that nobody learns from it who has one."""

    def save(self, request: HttpRequest, **more: Any) -> str:
        try:
            return str(super().save(request, **more))
        except OSError as error:  # of a mail server it quotes the address, which belongs in no log
            log.warning("a link for a new password could not be sent (%s)", type(error).__name__)
            self.add_error(None, NO_MAIL)
            page = render_page(request, "account/password_reset.html", {"form": self}, status=503)
            raise ImmediateHttpResponse(page) from None
