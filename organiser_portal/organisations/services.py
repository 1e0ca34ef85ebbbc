"""What is done to organisations and to the people in them. Each leaves a line in the audit trail."""

from datetime import datetime

from django.db import transaction

from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role


class LastOwner(Exception):
    """An organisation keeps at least one owner who can sign in. ``str()`` is a sentence."""

    def __init__(self) -> None:
        super().__init__("This is the last owner. Make somebody else an owner first.")


class AlreadyMember(Exception):
    """``str()`` is a sentence."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is in this organisation already.")


@transaction.atomic
def create_organisation(*, name: str, slug: str, actor: User | None, time_zone: str = "Europe/London") -> Organisation:
    """An organisation without anybody in it. Raises IntegrityError for a short name that is taken."""
    organisation = Organisation.objects.create(name=name, slug=slug, time_zone=time_zone)
    audit.record(organisation=organisation, actor=actor, action="organisation.created", subject=name)
    return organisation


@transaction.atomic
def add_member(*, organisation: Organisation, user: User, role: Role, actor: User | None) -> Membership:
    """Raises AlreadyMember."""
    membership, is_new = Membership.objects.get_or_create(organisation=organisation, user=user, defaults={"role": role})
    if not is_new:
        raise AlreadyMember(user.email)
    audit.record_of_member(membership, actor, "added", role=role)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role, actor: User | None) -> None:
    """Raises LastOwner."""
    held = _held(membership)
    if held.role == role:
        return
    if role != Role.OWNER:
        _keep_an_owner(held)
    before, held.role = held.role, role
    held.save(update_fields=["role"])
    membership.role = role
    audit.record_of_member(held, actor, "role_changed", before=before, role=role)


@transaction.atomic
def remove_member(*, membership: Membership, actor: User | None) -> None:
    """Their account stays, and so does what they did. Raises LastOwner."""
    held = _held(membership)
    _keep_an_owner(held)
    audit.record_of_member(held, actor, "removed", role=held.role)
    held.delete()


@transaction.atomic
def grant_sensitive(*, membership: Membership, until: datetime, actor: User | None) -> None:
    """Open medical and emergency data to them until then. Each of their looks is logged."""
    membership.sensitive_until = until
    membership.save(update_fields=["sensitive_until"])
    audit.record_of_member(membership, actor, "sensitive_granted", until=until.isoformat())


@transaction.atomic
def withdraw_sensitive(*, membership: Membership, actor: User | None) -> None:
    membership.sensitive_until = None
    membership.save(update_fields=["sensitive_until"])
    audit.record_of_member(membership, actor, "sensitive_withdrawn")


def _held(membership: Membership) -> Membership:
    """The membership as it is now. Whoever changes owners holds the organisation, so that two cannot both leave."""
    Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def _keep_an_owner(leaving: Membership) -> None:
    others = Membership.objects.filter(organisation=leaving.organisation, role=Role.OWNER, user__is_active=True)
    if leaving.role == Role.OWNER and not others.exclude(pk=leaving.pk).exists():
        raise LastOwner
