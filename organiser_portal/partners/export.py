"""One partner's people as a file, for the partner: nobody else's are in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from organiser_portal.organisations.download import Download
from organiser_portal.organisations.models import User
from organiser_portal.partners.models import Partner
from organiser_portal.partners.picture import entries_through

HEADINGS = ("Reserved group", "First name", "Last name", "Email", "Status", "Claimed at", "Race", "Wave")
READ_AT_ONCE = 2_000


def file_name(partner: Partner, now: datetime) -> str:
    """ "fellgate-harbour-hospice-runners-2027-05-14.csv"."""
    day = now.astimezone(ZoneInfo(partner.organisation.time_zone)).date()
    name = slugify(partner.name)[:60] or f"partner-{partner.pk}"
    return f"{partner.organisation.slug}-{name}-runners-{day}.csv"


class Runners(Download):
    """The file, to be gone through once."""

    def __init__(self, partner: Partner, *, actor: User | None) -> None:
        super().__init__(partner.organisation, actor=actor)
        self.partner = partner

    def headings(self) -> Sequence[str]:
        return HEADINGS

    def values(self) -> Iterator[Sequence[object]]:
        entries = entries_through(self.partner).order_by("tie__group__name", "sort_name", "pk")
        for entry in entries.iterator(chunk_size=READ_AT_ONCE):
            group = entry.tie.group or entry.partner_group
            yield (
                *(str(group or ""), entry.first_name, entry.last_name, entry.email, entry.get_status_display()),
                *(entry.entered_at, entry.race.name, entry.wave or entry.provider_wave),
            )

    def told(self) -> dict[str, Any]:
        return {"action": "partners.exported", "subject": str(self.partner)}
