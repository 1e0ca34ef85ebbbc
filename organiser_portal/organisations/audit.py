"""The audit trail: one line for everything that must be answerable later."""

from organiser_portal.organisations.models import AuditRecord, Membership, Organisation, User


def record(
    *, organisation: Organisation, actor: User | None, action: str, subject: str = "", **detail: object
) -> AuditRecord:
    """Write one line. ``subject`` and ``detail`` must hold no personal data of entrants and no secret.

    ``actor`` None is the portal itself or a command run by an operator.
    """
    return AuditRecord.objects.create(
        organisation=organisation,
        actor=actor,
        actor_label=actor.email if actor else "command line",
        action=action,
        subject=subject[:200],
        detail=detail,
    )


def record_of_member(membership: Membership, actor: User | None, verb: str, **detail: object) -> AuditRecord:
    """The line for what was done to somebody here."""
    return record(
        organisation=membership.organisation,
        actor=actor,
        action=f"person.{verb}",
        subject=membership.user.email,
        **detail,
    )
