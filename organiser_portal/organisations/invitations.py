"""The way in: a link that is sent to a mailbox, works once, and for seven days. Only its hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Invitation, Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.services import AlreadyMember

LIFETIME = timedelta(days=7)


class InvitationGone(Exception):
    """Unknown, used, withdrawn or too old: whoever holds the link is told no more than that."""


class WrongAccount(Exception):
    """The invitation is for another address than this account's."""


class AccountExists(Exception):
    """Somebody has an account with the invited address by now: they sign in instead."""


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: Role, actor: User | None, now: datetime
) -> tuple[Invitation, str]:
    """The invitation and its token. An open one to the same address is renewed. Raises AlreadyMember."""
    address = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email=address).exists():
        raise AlreadyMember(address)
    token = _new_token()
    invitation, _ = Invitation.objects.update_or_create(
        organisation=organisation,
        email=address,
        accepted_at=None,
        defaults={"role": role, "invited_by": actor, "token_hash": _hash(token), "expires_at": now + LIFETIME},
    )
    _record(invitation, actor, "invited", role=role)
    return invitation, token


@transaction.atomic
def renew(*, invitation: Invitation, actor: User | None, now: datetime) -> str:
    """A new token for seven more days; the old link is dead."""
    token = _new_token()
    invitation.token_hash, invitation.expires_at = _hash(token), now + LIFETIME
    invitation.save(update_fields=["token_hash", "expires_at"])
    _record(invitation, actor, "invitation_resent")
    return token


@transaction.atomic
def revoke(*, invitation: Invitation, actor: User | None) -> None:
    _record(invitation, actor, "invitation_revoked")
    invitation.delete()


def link(token: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{reverse('organisations:invitation-open', args=[token])}"


def send(invitation: Invitation, token: str) -> None:
    """Raises OSError when the mail server does not take it."""
    context = {"invitation": invitation, "organisation": invitation.organisation, "link": link(token)}
    send_mail(
        subject=f"You are invited to {' '.join(invitation.organisation.name.split())}",
        message=render_to_string("organisations/email/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )


def find_open(token: str, *, now: datetime) -> Invitation:
    """Raises InvitationGone."""
    invitations = Invitation.objects.select_related("organisation", "invited_by")
    found = invitations.filter(token_hash=_hash(token), accepted_at=None, expires_at__gt=now).first()
    if found is None:
        raise InvitationGone
    return found


def has_account(invitation: Invitation) -> bool:
    return User.objects.filter(email=invitation.email).exists()


@transaction.atomic
def accept(*, invitation: Invitation, user: User, now: datetime) -> Membership:
    """The invited person joins, once. One who is in already keeps the role they have.

    Raises WrongAccount, InvitationGone.
    """
    if user.email.lower() != invitation.email:
        raise WrongAccount
    claimed = Invitation.objects.filter(pk=invitation.pk, token_hash=invitation.token_hash, accepted_at=None)
    if not claimed.filter(expires_at__gt=now).update(accepted_at=now):
        raise InvitationGone
    membership, _ = Membership.objects.get_or_create(
        organisation=invitation.organisation, user=user, defaults={"role": invitation.role}
    )
    _record(invitation, user, "joined", role=membership.role)
    return membership


@transaction.atomic
def accept_as_new(
    *, invitation: Invitation, first_name: str, last_name: str, password: str, now: datetime
) -> Membership:
    """A person without an account gets one; the invitation has proved the mailbox. Raises as ``accept`` does."""
    if has_account(invitation):
        raise AccountExists
    user = User.objects.create_user(invitation.email, password, first_name=first_name, last_name=last_name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept(invitation=invitation, user=user, now=now)


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(invitation: Invitation, actor: User | None, verb: str, **detail: object) -> None:
    audit.record(
        organisation=invitation.organisation,
        actor=actor,
        action=f"person.{verb}",
        subject=invitation.email,
        **detail,
    )
