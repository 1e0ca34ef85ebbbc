"""The list of partners as a file: what the page shows, all of it, in its columns and its order; nobody's name in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from organiser_portal.connections.gateway import connection_name
from organiser_portal.core.columns import Column
from organiser_portal.organisations.download import Download
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.partners.figures import Figures, Money, Places, figures_of, money_of_all
from organiser_portal.partners.models import Partner
from organiser_portal.partners.selection import PartnerSelection
from organiser_portal.partners.tables import RACE

READ_AT_ONCE = 500


def file_name(organisation: Organisation, now: datetime) -> str:
    """ "fellgate-partners-2027-05-14.csv"."""
    return f"{organisation.slug}-partners-{now.astimezone(ZoneInfo(organisation.time_zone)).date()}.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One partner. ``places`` of each race that the list has a column of."""

    partner: Partner
    figures: Figures
    places: Sequence[Places]


@dataclass(frozen=True, slots=True)
class Part:
    """One column of the file; a column of the page may be several."""

    heading: str
    value: Callable[[Row], object]


PARTS = {
    "name": (
        Part("Partner", lambda row: str(row.partner)),
        Part("Type", lambda row: row.partner.get_kind_display()),
        Part("Status", lambda row: row.partner.status_text),
    ),
    "source": (Part("Source", lambda row: connection_name(row.partner.connection)),),
    "held": (Part("Held", lambda row: row.figures.places.held),),
    "used": (Part("Used", lambda row: row.figures.places.used),),
    "fill": (Part("Fill %", lambda row: row.figures.places.percent),),
    "left": (Part("Left", lambda row: row.figures.places.left),),
    "claim": (Part("Last claim", lambda row: row.figures.claimed),),
    "results": (Part("Results", lambda row: sum(each.results for each in row.figures.money)),),
}
MONEY: dict[str, tuple[str, Callable[[Money], Decimal]]] = {
    "earned": ("Earned", lambda money: money.earned),
    "undecided": ("Not yet decided", lambda money: money.pending),
}


class PartnerList(Download):
    """The file, to be gone through once. Each currency has its own columns; amounts are exact."""

    def __init__(self, selection: PartnerSelection, *, actor: User | None) -> None:
        super().__init__(selection.organisation, actor=actor)
        self.selection = selection
        self.currencies = [money.currency for money in money_of_all(selection.found)]
        self.parts = [part for column in selection.view.chosen for part in self._parts(column)]

    def headings(self) -> Sequence[str]:
        return [part.heading for part in self.parts]

    def values(self) -> Iterator[Sequence[object]]:
        keys = (row["id"] for row in self.selection.view.rows(self.selection.found).iterator(chunk_size=READ_AT_ONCE))
        for some in batched(keys, READ_AT_ONCE):
            partners = Partner.objects.select_related("connection").in_bulk(some)
            figures = figures_of(partners.values(), event=self.selection.event)
            for key in some:
                places = self.selection.races.of(partners[key])
                row = Row(partner=partners[key], figures=figures[key], places=places)
                yield [part.value(row) for part in self.parts]

    def told(self) -> dict[str, Any]:
        return {"action": "partners.listed", "subject": "", "filters": self.selection.names()}

    def _parts(self, column: Column) -> Sequence[Part]:
        """What is to be done about a partner is for the page alone."""
        if column.key in MONEY:
            return [_money(column.key, currency) for currency in self.currencies]
        if column.key.startswith(RACE):
            return _race(column.heading, int(column.key.removeprefix(RACE)))
        return PARTS.get(column.key, ())


def _race(title: str, at: int) -> Sequence[Part]:
    return (
        Part(f"{title}: held", lambda row: row.places[at].held),
        Part(f"{title}: used", lambda row: row.places[at].used),
    )


def _money(key: str, currency: str) -> Part:
    what, amount = MONEY[key]

    def value(row: Row) -> str:
        money = next((each for each in row.figures.money if each.currency == currency), None)
        return "" if money is None else format(amount(money).normalize(), "f")

    return Part(f"{what} {currency or 'in a currency not told'}", value)
