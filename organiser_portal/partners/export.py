"""One partner's people as a file, for the partner: nobody else's are in it."""

from collections.abc import Generator, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from organiser_portal.core import csv
from organiser_portal.organisations import audit
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


class Download:
    """The file in chunks of text, to be gone through once. The audit line says how many rows went out."""

    def __init__(self, partner: Partner, *, actor: User | None) -> None:
        self.partner = partner
        self.actor = actor
        self.rows = 0
        self._under_way = self._chunks()

    def __iter__(self) -> Iterator[str]:
        return self._under_way

    def close(self) -> None:
        """Called by the server when the response is over, whether or not all of it was taken."""
        self._under_way.close()

    def _chunks(self) -> Generator[str]:
        finished = False
        try:
            yield from csv.write(HEADINGS, self._values(), zone=ZoneInfo(self.partner.organisation.time_zone))
            finished = True
        finally:
            audit.record(
                organisation=self.partner.organisation,
                actor=self.actor,
                action="partners.exported",
                subject=str(self.partner),
                rows=self.rows,
                finished=finished,
            )

    def _values(self) -> Iterator[tuple[object, ...]]:
        entries = entries_through(self.partner).order_by("tie__group__name", "sort_name", "pk")
        for entry in entries.iterator(chunk_size=READ_AT_ONCE):
            self.rows += 1
            group = entry.tie.group or entry.partner_group
            yield (
                *(str(group or ""), entry.first_name, entry.last_name, entry.email, entry.get_status_display()),
                *(entry.entered_at, entry.race.name, entry.wave or entry.provider_wave),
            )
