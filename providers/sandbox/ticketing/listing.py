"""Lists: pages, filters and orders, as the real server does them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.sandbox.messages import Reply, Request, json_reply
from providers.sandbox.ticketing.objects import Body
from providers.sandbox.ticketing.refusals import bad_query, no_page
from providers.sandbox.ticketing.switches import Switches

USUAL_SIZE = 25
LARGEST_SIZE = 1000

type Sorts[T] = Mapping[str, Callable[[T], Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked for. ``page`` 0: none was named."""

    page: int
    size: int
    sort: str
    descending: bool


def asked(request: Request) -> dict[str, str]:
    """The query's last values; unknown names do no harm."""
    return dict(request.query)


def truth(text: str | None) -> bool | None:
    """A boolean filter; None when it is not there or not one."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text or "")


def contains(text: str, part: str | None) -> bool:
    """Whether a name matches a filter; no filter matches all."""
    return part is None or part.casefold() in text.casefold()


def listed[T](
    request: Request, rows: Sequence[T], shape: Callable[[T], Body], switches: Switches, sorts: Sorts[T] | None = None
) -> Reply:
    """One page of ``rows``, already filtered. Raises Refusal."""
    window = _window(asked(request), sorts or {})
    if window.sort and sorts:
        rows = sorted(rows, key=sorts[window.sort], reverse=window.descending)
    total = len(rows)
    last = -(-total // window.size)
    if _is_past(window, last, switches):
        raise no_page()
    start = (max(window.page, 1) - 1) * window.size
    number: Callable[[int], object] = str if switches.numbers_as_strings else int
    body = {
        "total": number(total),
        "page": number(max(window.page, 1)),
        "records": number(window.size),
        "entries": [shape(row) for row in rows[start : start + window.size]],
    }
    return json_reply(200, body)


def _is_past(window: Window, last: int, switches: Switches) -> bool:
    if last == 0 and window.page <= 1 and switches.empty_page != "explicit":
        return switches.empty_page == "always"
    return window.page > last


def _window(query: Mapping[str, str], sorts: Mapping[str, object]) -> Window:
    bad = [name for name in ("page", "records") if not _is_count(query.get(name, "0"))]
    if query.get("sort") and query["sort"] not in sorts:
        bad.append("sort")
    if query.get("order", "asc") not in ("asc", "desc"):
        bad.append("order")
    if bad:
        raise bad_query(bad)
    size = int(query.get("records", "0")) or USUAL_SIZE  # 0 counts as absent
    return Window(
        page=int(query.get("page", "0")),
        size=min(size, LARGEST_SIZE),
        sort=query.get("sort", ""),
        descending=query.get("order") == "desc",
    )


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()
