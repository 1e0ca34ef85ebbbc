"""The audit trail as an address asks for it, and whom it may be asked about."""

from collections.abc import Mapping
from typing import Any

from organiser_portal.core.selection import Selection
from organiser_portal.organisations.filters import AuditFilter
from organiser_portal.organisations.models import AuditRecord, Membership, Organisation
from organiser_portal.organisations.roles import Role
from organiser_portal.organisations.tables import AUDIT


def members_of(organisation: Organisation) -> list[Membership]:
    """The people of this organisation, owners first."""
    members = Membership.objects.filter(organisation=organisation).select_related("user")
    order = list(Role)
    return sorted(members, key=lambda member: (-order.index(Role(member.role)), str(member.user).casefold()))


def select_audit(organisation: Organisation, address: Mapping[str, Any]) -> Selection[AuditRecord]:
    records = AuditRecord.objects.filter(organisation=organisation)
    asked = AuditFilter(address, records, members=members_of(organisation))
    return Selection(filter=asked, view=AUDIT.read(address), everything=records, found=asked.found())
