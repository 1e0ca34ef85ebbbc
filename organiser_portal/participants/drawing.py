"""The rows of the list of entries as the page has them: four hundred cells, each drawn by the kind of its column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from organiser_portal.connections import gateway
from organiser_portal.core import display
from organiser_portal.core.columns import Cell, Row
from organiser_portal.core.markup import filled, joined
from organiser_portal.core.tables import Line
from organiser_portal.core.templatetags.portal import badge, icon, mark, state
from organiser_portal.organisations.models import Organisation
from providers.records import EntryStatus

NONE = SafeString("")
NOTHING = SafeString('<span class="text-secondary">–</span>')
NO_BIB = SafeString('<span class="text-secondary" aria-label="no bib">–</span>')
NO_NAME = SafeString('<span class="text-secondary">No name given</span>')
NO_BIRTH_DATE = SafeString('<span class="on is-wait">missing</span>')
HERE = SafeString('<span class="text-secondary">here</span>')
LIVE = SafeString('<span class="text-secondary">Live</span>')
TICK = (
    '<td><input class="form-check-input m-0 pick" type="checkbox" name="pick" value="%s" form="bulk"'
    ' aria-label="Choose %s %s"></td>'
)
PERSON = (
    '<td class="who"><a class="person" data-panel href="%s">%s</a> %s'
    '<span class="d-flex d-lg-none gap-2 align-items-center mt-1 fs-5 text-secondary">%s<span>%s</span></span></td>'
)
LONG = 30  # letters that may go over several lines


class Marks(dict[str, SafeString]):
    """The mark of each provider, drawn once for a page."""

    def __missing__(self, key: str) -> SafeString:
        self[key] = drawn = mark(gateway.face(key)) if key else NONE
        return drawn


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rows of a page share. An entry's address is its id between ``address`` and ``place``."""

    address: str
    place: str
    zone: str
    picks: bool
    marks: Marks = field(default_factory=Marks)


type Draw = Callable[[Sheet, Row, Any], SafeString]
"""A cell of this row, of the value in it."""


def draw(lines: Sequence[Line], organisation: Organisation, *, asked: str, picks: bool) -> SafeString:
    """A ``<tr>`` for each line. ``asked``: the address of the list they stand in; ``picks``: they can be ticked."""
    some = reverse("participants:entry-detail", kwargs={"organisation": organisation.slug, "pk": 0})
    place = f"/?in=entries&{asked}" if asked else "/?in=entries"
    sheet = Sheet(some.removesuffix("0/"), place, organisation.time_zone, picks)
    return joined([_row(sheet, line.row, line.cells) for line in lines])


def _row(sheet: Sheet, row: Row, cells: Sequence[Cell]) -> SafeString:
    tick = filled(TICK, row["id"], row["first_name"], row["last_name"]) if sheet.picks else NONE
    return filled("<tr>%s%s</tr>\n", tick, joined([_cell(sheet, row, cell) for cell in cells]))


def _cell(sheet: Sheet, row: Row, cell: Cell) -> SafeString:
    drawn = KINDS.get(cell.column.kind)
    return drawn(sheet, row, cell.value) if drawn else _text(cell.value, numeric=cell.column.numeric)


def _person(sheet: Sheet, row: Row, value: str) -> SafeString:
    """The name, which leads to the entry; on a phone also what has no column there."""
    wave = row["wave"] or row["provider_wave"]
    said = [row["bib"] or row["provider_bib"] or "no bib", row.get("race__name"), wave and wave_name(wave)]
    return filled(
        PERSON,
        f"{sheet.address}{row['id']}{sheet.place}",
        filled("%s <b>%s</b>", row["first_name"], row["last_name"]) if value else NO_NAME,
        joined(_signs(row)),
        sheet.marks[row["connection__provider"]],
        " · ".join(filter(None, said)),
    )


def _signs(row: Row) -> list[SafeString]:
    signs = []
    if not row["birth_date"]:
        signs.append(icon("calendar-question", "s", label="no birth date", css="on is-wait"))
    if row["overrides"]:
        signs.append(icon("ballpen", "s", label="holds a value of ours", css="pen"))
    if row["conflicts"]:
        signs.append(icon("git-compare", "s", label="conflict to settle", css="pen"))
    return signs


def _status(_: Sheet, row: Row, _value: str) -> SafeString:
    if row["gone_at"]:
        return _wide(badge("wait", "alert-triangle", "Gone", title="The provider no longer lists it."))
    return _wide(LIVE if row["status"] == EntryStatus.LIVE else state("entry", row["status"]))


def _push(_: Sheet, row: Row, _value: str) -> SafeString:
    return filled('<td class="num">%s</td>', state("push", row["push_state"], fold=True))


def _bib(_: Sheet, _row: Row, value: str) -> SafeString:
    return filled('<td class="d-none d-lg-table-cell t text-nowrap">%s</td>', value or NO_BIB)


def _source(sheet: Sheet, row: Row, _value: str) -> SafeString:
    return _wide(sheet.marks[row["connection__provider"]] or HERE)


def _born(_: Sheet, _row: Row, value: date | None) -> SafeString:
    return _wide(display.day(value) if value else NO_BIRTH_DATE)


def _moment(sheet: Sheet, _row: Row, value: datetime | None) -> SafeString:
    return _wide(display.moment(value, sheet.zone))


def _code(_: Sheet, _row: Row, value: str | None) -> SafeString:
    return filled('<td class="d-none d-lg-table-cell"><code>%s</code></td>', value or "")


def _text(value: Any, *, numeric: bool) -> SafeString:
    css = " num" if numeric else " text-nowrap" if len(value) < LONG else ""
    return filled('<td class="d-none d-lg-table-cell%s">%s</td>', css, value or NOTHING)


def _wide(value: object) -> SafeString:
    """A cell that is there where there is room."""
    return filled('<td class="d-none d-lg-table-cell text-nowrap">%s</td>', value)


def wave_name(wave: str) -> str:
    """ "C" is "Wave C"; "Wave C" and "Blue start" already say what they are."""
    return f"Wave {wave}" if len(wave) <= 2 else wave


KINDS: Mapping[str, Draw] = {
    "person": _person,
    "push": _push,
    "bib": _bib,
    "source": _source,
    "status": _status,
    "born": _born,
    "moment": _moment,
    "code": _code,
}
