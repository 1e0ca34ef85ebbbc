"""The conversions log of v1: a filter counts only if ``query[]`` names it, and was heard only if it is said back."""

from collections.abc import Iterator, Mapping, Sequence

from providers.errors import UnexpectedReply
from providers.trackier.adapter import Batch
from providers.trackier.calls import Calls
from providers.trackier.envelopes import held
from providers.trackier.paging import LogPage, read_log
from providers.trackier.quirks import as_list, as_map, counted, words
from providers.trackier.windows import Window

PER_PAGE = 500
# Nothing about people: addresses and devices of entrants are not asked for.
COLUMNS = (
    *("_id", "cid", "created", "status", "method", "payout", "revenue", "sale", "txnId", "sub1"),
    *("goal_id", "goal_name", "campaign_id", "campaign_long_id", "campaign_name"),
    *("publisher_id", "publisher_long_id", "publisher_name"),
)


class Log:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def read(self, window: Window, *, partner: str = "", filters: Mapping[str, str] | None = None) -> Iterator[Batch]:
        """``partner``: only its results. ``filters``: further columns with the value they must have."""
        return read_log(lambda asked, page: self._page(asked, page, partner, filters or {}), window, ("_id",))

    def _page(self, window: Window, number: int, partner: str, filters: Mapping[str, str]) -> LogPage:
        wanted: dict[str, str] = {**window.params(), **filters}
        named = [*wanted, "fields", *(["pid"] if partner else [])]
        asked: dict[str, str | int | Sequence[str]] = {
            "query[]": named,
            **wanted,
            "fields[]": list(COLUMNS),
            "limit": PER_PAGE,
            "page": number,
        }
        answer = self._calls.get("/network/conversions", asked | ({"pid[]": [partner]} if partner else {}))
        echo = as_map(held(answer, "query"))
        heard = {name: words(echo.get(name)) if not isinstance(echo.get(name), list) else "" for name in wanted}
        if any(heard[name][:10] != value for name, value in window.params().items()):
            raise UnexpectedReply("Trackier ignored the dates we asked for, so its answer cannot be used.")
        if (partner and not echo.get("pid")) or any(not echo.get(name) for name in filters):
            raise UnexpectedReply("Trackier ignored what we asked for, so its answer cannot be used.")
        told = held(answer, "count")
        return LogPage(
            rows=tuple(as_list(held(answer, "records"))),
            count=None if told is None else counted(told),
            limit=counted(held(answer, "limit")) or PER_PAGE,
        )
