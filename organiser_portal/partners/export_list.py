"""The list of partners as a file: what the page shows, all of it, and nobody's name in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from organiser_portal.connections.gateway import connection_name
from organiser_portal.organisations.download import Download
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.partners.by_race import ByRace
from organiser_portal.partners.figures import Figures, figures_of, money_of_all
from organiser_portal.partners.models import Partner
from organiser_portal.partners.selection import PartnerSelection

READ_AT_ONCE = 500
HEADINGS = ("Partner", "Type", "Source", "Status", "Held", "Used", "Left", "Last claim", "Results")


def file_name(organisation: Organisation, now: datetime) -> str:
    """ "fellgate-partners-2027-05-14.csv"."""
    return f"{organisation.slug}-partners-{now.astimezone(ZoneInfo(organisation.time_zone)).date()}.csv"


class PartnerList(Download):
    """The file, to be gone through once. Each currency has its own columns; amounts are exact."""

    def __init__(self, selection: PartnerSelection, *, actor: User | None) -> None:
        super().__init__(selection.organisation, actor=actor)
        self.selection = selection
        self.races = selection.races
        self.currencies = [money.currency for money in money_of_all(selection.found)]

    def headings(self) -> Sequence[str]:
        return [
            *HEADINGS,
            *(f"{title}: {what}" for title in self.races.titles for what in ("held", "used")),
            *(
                f"{what} {code or 'in a currency not told'}"
                for code in self.currencies
                for what in ("Earned", "Undecided")
            ),
        ]

    def values(self) -> Iterator[Sequence[object]]:
        keys = (row["id"] for row in self.selection.view.rows(self.selection.found).iterator(chunk_size=READ_AT_ONCE))
        for some in batched(keys, READ_AT_ONCE):
            partners = Partner.objects.select_related("connection").in_bulk(some)
            figures = figures_of(partners.values(), event=self.selection.event)
            for key in some:
                yield _row(partners[key], figures[key], self.races, self.currencies)

    def told(self) -> dict[str, Any]:
        return {"action": "partners.listed", "subject": "", "filters": self.selection.names()}


def _row(partner: Partner, figures: Figures, races: ByRace, currencies: list[str]) -> list[object]:
    places, money = figures.places, {each.currency: each for each in figures.money}
    return [
        *(str(partner), partner.get_kind_display(), connection_name(partner.connection), partner.status_text),
        *(places.held, places.used, places.left, figures.claimed, sum(each.results for each in figures.money)),
        *(number for each in races.of(partner) for number in (each.held, each.used)),
        *(_plain(getattr(money.get(code), of, None)) for code in currencies for of in ("earned", "pending")),
    ]


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else format(amount.normalize(), "f")
