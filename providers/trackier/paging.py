"""Reading a log to its end, whatever the server makes of ``page``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from providers.announced import Announced
from providers.trackier.adapter import Batch, id_of
from providers.trackier.windows import Window

MOST_PAGES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """One answer. ``count``: matches over all pages, None if not told; ``limit``: rows to a page."""

    rows: tuple[object, ...]
    count: int | None
    limit: int


type Ask = Callable[[Window, int], LogPage]


def read_log(ask: Ask, window: Window, names: tuple[str, ...]) -> Iterator[Batch]:
    """Every row of the window. Where ``page`` turns out to be ignored, the window is halved, down to a day."""
    seen: set[str] = set()
    taken, announced = 0, Announced()
    for number in range(1, MOST_PAGES):
        page = ask(window, number)
        announced.note(page.count)
        fresh = [row for row in page.rows if _name(row, names) not in seen]
        seen.update(filter(None, (_name(row, names) for row in page.rows)))
        taken += len(fresh)
        if number > 1 and page.rows and not fresh:
            yield from _halved(ask, window, names, (page.count or 0) - taken)
            return
        is_end = _is_end(page, taken)
        missed = max(announced.fell, (page.count or 0) - taken) if is_end else 0
        yield Batch(found=tuple(fresh), promised=page.count, missed=missed)
        if is_end:
            return


def _halved(ask: Ask, window: Window, names: tuple[str, ...], missed: int) -> Iterator[Batch]:
    if window.is_one_day:
        yield Batch(missed=max(missed, 1))
        return
    for half in window.halves():
        yield from read_log(ask, half, names)


def _is_end(page: LogPage, taken: int) -> bool:
    if not page.rows:
        return True
    return len(page.rows) < page.limit if page.count is None else taken >= page.count


def _name(row: object, names: tuple[str, ...]) -> str:
    return id_of(row, names) if isinstance(row, dict) else ""
