"""The list of partners as a file: what the page shows, all of it, and nobody's name in it."""

from collections.abc import Generator, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import batched
from zoneinfo import ZoneInfo

from organiser_portal.connections.gateway import connection_name
from organiser_portal.core import csv
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.partners.by_race import ByRace, by_race
from organiser_portal.partners.figures import Figures, figures_of, money_of_all
from organiser_portal.partners.models import Partner
from organiser_portal.partners.selection import Selection

READ_AT_ONCE = 500
HEADINGS = ("Partner", "Type", "Source", "Status", "Held", "Used", "Left", "Last claim", "Results")


def file_name(organisation: Organisation, now: datetime) -> str:
    """ "fellgate-partners-2027-05-14.csv"."""
    return f"{organisation.slug}-partners-{now.astimezone(ZoneInfo(organisation.time_zone)).date()}.csv"


class ListDownload:
    """The file in chunks of text, to be gone through once. The audit line says how many rows went out.

    Each currency has its own columns; amounts are exact.
    """

    def __init__(self, selection: Selection, *, actor: User | None) -> None:
        self.selection = selection
        self.actor = actor
        self.rows = 0
        self._under_way = self._chunks()

    def __iter__(self) -> Iterator[str]:
        return self._under_way

    def close(self) -> None:
        """Called by the server when the response is over, whether or not all of it was taken."""
        self._under_way.close()

    def _chunks(self) -> Generator[str]:
        organisation, event = self.selection.organisation, self.selection.event
        races = by_race(self.selection.found, event) if event else ByRace()
        currencies = [money.currency for money in money_of_all(self.selection.found)]
        headings = [
            *HEADINGS,
            *(f"{title}: {what}" for title in races.titles for what in ("held", "used")),
            *(f"{what} {code or 'in a currency not told'}" for code in currencies for what in ("Earned", "Undecided")),
        ]
        finished = False
        try:
            yield from csv.write(headings, self._values(races, currencies), zone=ZoneInfo(organisation.time_zone))
            finished = True
        finally:
            audit.record(
                organisation=organisation,
                actor=self.actor,
                action="partners.listed",
                subject="",
                rows=self.rows,
                finished=finished,
                filters=self.selection.names(),
            )

    def _values(self, races: ByRace, currencies: list[str]) -> Iterator[list[object]]:
        keys = (row["id"] for row in self.selection.view.rows(self.selection.found).iterator(chunk_size=READ_AT_ONCE))
        for some in batched(keys, READ_AT_ONCE):
            partners = Partner.objects.select_related("connection").in_bulk(some)
            figures = figures_of(partners.values(), event=self.selection.event)
            for key in some:
                self.rows += 1
                yield _row(partners[key], figures[key], races, currencies)


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
