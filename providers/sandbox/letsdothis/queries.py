"""Query parameters: read strictly, refused in the words of the framework the provider seems to use."""

from collections.abc import Mapping
from datetime import datetime

from providers.sandbox.clock import milliseconds
from providers.sandbox.letsdothis.listing import Query, SortBy
from providers.sandbox.messages import Reply, Request, json_reply

_REASONS = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}


class Refusal(Exception):
    """Ends a call with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def reply(self) -> Reply:
        body = {"statusCode": self.status, "error": _REASONS[self.status], "message": self.message}
        return json_reply(self.status, body, content_type="application/json; charset=utf-8")


def bad_query(name: str, problem: str) -> Refusal:
    return Refusal(400, f"querystring/{name} {problem}")


def parameters(request: Request) -> dict[str, str]:
    """The last value of each; unknown names do no harm."""
    return dict(request.query)


def read_query(asked: Mapping[str, str], scope: tuple[str, ...] = ()) -> Query:
    """Everything about a listing but its cursor. Raises Refusal."""
    by_updated, by_created = _direction(asked, "updatedAt"), _direction(asked, "createdAt")
    sort: SortBy = "updated" if by_updated else "created"
    return Query(
        sort=sort,
        descending=(by_updated or by_created) == -1,
        created_after=_instant(asked, "createdAt[after]"),
        created_before=_instant(asked, "createdAt[before]"),
        updated_after=_instant(asked, "updatedAt[after]"),
        updated_before=_instant(asked, "updatedAt[before]"),
        scope=scope,
        size=_size(asked),
    )


def read_cursors(asked: Mapping[str, str]) -> tuple[str, str]:
    """(after, before), at most one of them filled."""
    for name in ("page[after]", "page[before]"):
        if asked.get(name) in ("", "null"):
            raise bad_query(name, "is not a cursor")
    if "page[after]" in asked and "page[before]" in asked:
        raise Refusal(400, "querystring must not have both page[after] and page[before]")
    return asked.get("page[after]", ""), asked.get("page[before]", "")


def wants_extended(asked: Mapping[str, str]) -> bool:
    text = asked.get("extendMetadata", "false")
    if text not in ("true", "false"):
        raise bad_query("extendMetadata", "must be boolean")
    return text == "true"


def _direction(asked: Mapping[str, str], field: str) -> int:
    name = f"sort[{field}]"
    text = asked.get(name, "0")
    if name in asked and text not in ("1", "-1"):
        raise bad_query(name, "must be equal to one of the allowed values")
    return int(text)


def _size(asked: Mapping[str, str]) -> int:
    text = asked.get("page[size]", "100")
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit():
        raise bad_query("page[size]", "must be number")
    size = int(text)
    if size > 500:
        raise bad_query("page[size]", "must be <= 500")
    if size < 1:
        raise bad_query("page[size]", "must be >= 1")
    return size


def _instant(asked: Mapping[str, str], name: str) -> int | None:
    text = asked.get(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise bad_query(name, 'must match format "date-time"')
    return milliseconds(at)
