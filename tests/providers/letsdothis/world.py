"""A Let's Do This in memory, small enough to read: listings, a clock of its own, and cursors of every kind.

`Remote` is the handler of an httpx transport. Rows are plain dictionaries; ``moments`` are what happens between two
pages, by the number of the request that is to be answered next.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from providers.letsdothis.client import LetsDoThis
from providers.port import Page
from providers.records import Kind

START = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)


def nothing_known(kind: Kind) -> tuple[str, ...]:
    return ()


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def row(name: str, minute: float = 0, **more: Any) -> dict[str, Any]:
    """A participant, last changed so many minutes after the start."""
    at = iso(START + timedelta(minutes=minute))
    return {"id": name, "eventId": "48", "raceId": "90", "eventOccurrenceId": "70", "updatedAt": at, **more}


@dataclass
class Remote:
    """``cursors``: "position" (the place in the order at the time), "row" (wherever the row is now).

    ``too_many``: rows announced beyond those there are.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = START + timedelta(hours=10)
    cursors: str = "position"
    inclusive: bool = False
    end: str = "null"
    totals: bool = True
    too_many: int = 0
    dated: bool = True
    moments: dict[int, Callable[["Remote"], object]] = field(default_factory=dict)
    answers: dict[int, httpx.Response] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    handed_out: str = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number = len(self.asked)
        self.asked.append(request)
        self.moments.pop(number, lambda remote: None)(self)
        response = self.answers.pop(number, None) or self._listing(request.url.params)
        if self.dated:
            response.headers["Date"] = format_datetime(self.now, usegmt=True)
        return response

    def touch(self, name: str, **changes: Any) -> None:
        """Change a row now, or add it."""
        found = next((row for row in self.rows if row["id"] == name), None)
        if found is None:
            self.rows.append(row(name) | changes | {"updatedAt": iso(self.now)})
        else:
            found |= changes | {"updatedAt": iso(self.now)}

    def remove(self, name: str) -> None:
        self.rows = [row for row in self.rows if row["id"] != name]

    def params(self, number: int) -> dict[str, str]:
        return dict(self.asked[number].url.params)

    def _listing(self, params: Mapping[str, str]) -> httpx.Response:
        after = params.get("updatedAt[after]", "")
        rows = sorted(
            (row for row in self.rows if row.get("updatedAt", "") > after or not after),
            key=lambda row: (row.get("updatedAt") or "", row["id"]),
        )
        begin = self._place(rows, params.get("page[after]", ""))
        if begin is None:
            return httpx.Response(404, json={"statusCode": 404, "error": "Not Found", "message": "no such cursor"})
        size = int(params["page[size]"])
        page = rows[begin : begin + size]
        return httpx.Response(200, json={"data": page, "page": self._page(rows, page, begin + size)})

    def _place(self, rows: list[dict[str, Any]], cursor: str) -> int | None:
        if not cursor:
            return 0
        if self.cursors == "row":
            places = [place for place, row in enumerate(rows) if row["id"] == cursor]
            return places[0] + (0 if self.inclusive else 1) if places else None
        at, _, name = cursor.removeprefix("c:").partition("|")
        return sum((row["updatedAt"], row["id"]) < (at, name) for row in rows) + (
            0 if self.inclusive or (at, name) not in {(row["updatedAt"], row["id"]) for row in rows} else 1
        )

    def _page(self, rows: list[dict[str, Any]], page: list[dict[str, Any]], reached: int) -> dict[str, Any]:
        more = reached < len(rows) or self.end == "echo"
        cursor = self._cursor(page[-1]) if page and more else None
        if cursor is None and self.end != "null":
            cursor = {"empty": "", "echo": None}.get(self.end)
        found = {"first": None, "last": None, "prev": None, "next": cursor}
        if cursor is None and self.end == "missing":
            del found["next"]
        return found | ({"totalResults": len(rows) + self.too_many} if self.totals else {})

    def _cursor(self, last: dict[str, Any]) -> str:
        self.handed_out = last["id"]
        return str(last["id"]) if self.cursors == "row" else f"c:{last['updatedAt']}|{last['id']}"


def client(
    handler: Callable[[httpx.Request], httpx.Response],
    *,
    api_key: str = "a-key",
    mapping: Mapping[str, str] | None = None,
    **settings: str,
) -> LetsDoThis:
    """The client on this remote. Its own clock stands two years off: nothing may depend on it."""
    return LetsDoThis(
        settings={"page_size": "3", "pace": "0"} | settings,
        credentials={"api_key": api_key},
        mapping=mapping,
        transport=httpx.MockTransport(handler),
        clock=lambda: datetime(2029, 1, 1, tzinfo=UTC),
        sleep=lambda seconds: None,
    )


def walk(remote: Remote, cursor: str = "", *, full: bool = False, **settings: str) -> list[Page]:
    """One whole walk over the entries."""
    with client(remote, **settings) as provider:
        return list(provider.pull("entries", cursor, full=full, known=nothing_known))


def named(pages: list[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


def apply(pages: list[Page], store: dict[str, dict[str, Any]]) -> None:
    """What the portal does with pages, as far as these tests care."""
    for page in pages:
        for item in page.items:
            payload = json.loads(item.payload)
            if payload.get("updatedAt", "") >= store.get(item.external_id, {}).get("updatedAt", ""):
                store[item.external_id] = payload
