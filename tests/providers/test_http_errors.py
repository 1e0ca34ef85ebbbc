"""The one table of statuses, and how long to wait."""

from datetime import UTC, datetime

import httpx
import pytest

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
)
from providers.http import Http
from providers.replies import Reply
from tests.providers.conftest import HandClock
from tests.providers.wire import Wire

READS = {
    400: UnexpectedReply,
    401: CredentialsRejected,
    403: AccessDenied,
    404: NotFound,
    405: UnexpectedReply,
    418: UnexpectedReply,
    422: UnexpectedReply,
    429: RateLimited,
    500: ProviderUnavailable,
    501: ProviderUnavailable,
    599: ProviderUnavailable,
}
WRITES = READS | {
    400: Refused,
    409: Refused,
    422: Refused,
    500: OutcomeUnknown,
    501: OutcomeUnknown,
    599: OutcomeUnknown,
    302: OutcomeUnknown,
    303: OutcomeUnknown,
}


def build(answer: httpx.Response, clock: HandClock | None = None, **options: object) -> Http:
    return Http(
        label="Example",
        base_url="https://api.example",
        headers={},
        transport=Wire(answer),
        clock=clock,
        sleep=lambda seconds: None,
        pace_per_second=0,
        **options,
    )


@pytest.mark.parametrize(("status", "kind"), READS.items())
def test_every_status_of_a_read_has_its_error(status: int, kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        build(httpx.Response(status, content=b"<p>whatever</p>")).get("/x")
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.request_id
    assert str(caught.value).startswith("Example")


@pytest.mark.parametrize(("status", "kind"), WRITES.items())
def test_every_status_of_a_write_has_its_error(status: int, kind: type[ProviderError]) -> None:
    with pytest.raises(kind) as caught:
        build(httpx.Response(status, content=b"<p>whatever</p>")).send("POST", "/x", json={})
    assert type(caught.value) is kind


def test_a_provider_adds_rows_of_its_own() -> None:
    def out_of_tea(reply: Reply) -> ProviderError:
        return AccessDenied(f"{reply.label} is a teapot.", status=reply.status)

    with pytest.raises(AccessDenied, match="teapot"):
        build(httpx.Response(418), statuses={418: out_of_tea}).get("/x")


def test_a_provider_may_tell_the_status_in_the_body() -> None:
    with pytest.raises(NotFound):
        build(httpx.Response(200, json={"code": 404}), status_of=lambda reply: 404).get("/x")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "Mon, 01 Mar 2027 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Mon, 01 Mar 2027 11:00:00 GMT"}, 0.0),
        # Their clock is an hour behind ours; only the difference between two of their own times counts.
        ({"Retry-After": "Mon, 01 Mar 2027 11:00:45 GMT", "Date": "Mon, 01 Mar 2027 11:00:00 GMT"}, 45.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 -1200"}, None),
        ({"Retry-After": f"Fri, 31 Dec {'9' * 20} 23:59:59 GMT"}, None),
        ({"Retry-After": "17", "Date": "Fri, 31 Dec 9999 23:59:59 -1200"}, 17.0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, 7 * 24 * 3600.0),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None, clock: HandClock) -> None:
    with pytest.raises(RateLimited) as caught:
        build(httpx.Response(429, headers=headers), clock).get("/x")
    assert caught.value.retry_after == seconds


def test_a_reply_tells_the_servers_own_time() -> None:
    reply = build(httpx.Response(200, json=[], headers={"Date": "Mon, 01 Mar 2027 11:00:00 GMT"})).get("/x")
    assert reply.date == datetime(2027, 3, 1, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_a_server_without_a_clock_has_no_time(date: str) -> None:
    assert build(httpx.Response(200, json=[], headers={"Date": date})).get("/x").date is None
