"""The wire: what is tried again, what is not, how fast, and where it may lead."""

import gzip
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from providers.errors import (
    AddressRefused,
    CredentialsRejected,
    HostUnreachable,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    UnexpectedReply,
)
from providers.http import Http
from providers.turns import pace
from tests.providers.conftest import HandClock
from tests.providers.wire import Wire

OK = httpx.Response(200, json={"fine": True})


@pytest.fixture
def http(clock: HandClock, naps: list[float]) -> Callable[..., Http]:
    def build(transport: httpx.BaseTransport, **options: Any) -> Http:
        given = {"base_url": "https://api.example/v3", "headers": {"Authorization": "k-123"}, "pace_per_second": 0}
        return Http(label="Example", transport=transport, clock=clock, sleep=naps.append, **(given | options))

    return build


def test_paths_hang_below_the_base_url(http: Callable[..., Http]) -> None:
    wire = Wire(OK)
    http(wire).get("/races/7", {"page": 2})
    assert str(wire.requests[0].url) == "https://api.example/v3/races/7?page=2"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_is_tried_three_times_when_a_gateway_is_down(
    http: Callable[..., Http], naps: list[float], status: int
) -> None:
    wire = Wire(httpx.Response(status))
    with pytest.raises(ProviderUnavailable) as caught:
        http(wire).get("/x")
    assert caught.value.status == status
    assert len(wire.requests) == 3
    assert sum(naps) < 5


def test_a_read_recovers_from_a_dropped_line(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.RemoteProtocolError("gone"), OK)
    client = http(wire)
    assert client.get("/x").status == 200
    assert client.cost.requests == 2


def test_a_plain_500_is_not_tried_again(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.Response(500))
    with pytest.raises(ProviderUnavailable):
        http(wire).get("/x")
    assert len(wire.requests) == 1


def test_a_503_that_names_a_later_time_is_not_tried_before(http: Callable[..., Http], naps: list[float]) -> None:
    wire = Wire(httpx.Response(503, headers={"Retry-After": "120"}))
    with pytest.raises(RateLimited) as caught:
        http(wire).get("/x")
    assert caught.value.retry_after == 120
    assert naps == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("gone"),
        httpx.Response(500),
        httpx.Response(503, headers={"Retry-After": "1"}),
        httpx.Response(200, content=b'{"id": 5, "na'),
        httpx.Response(200, content=b"<html>Welcome</html>"),
    ],
)
def test_a_write_is_sent_once_and_may_end_open(http: Callable[..., Http], answer: httpx.Response) -> None:
    wire = Wire(answer)
    with pytest.raises(OutcomeUnknown):
        http(wire).send("POST", "/x", json={"a": 1})
    assert len(wire.requests) == 1


def test_a_write_that_may_be_done_says_when_to_ask(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.Response(503, headers={"Retry-After": "30"}))
    with pytest.raises(OutcomeUnknown) as caught:
        http(wire).send("POST", "/x", json={})
    assert caught.value.retry_after == 30


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")])
def test_a_write_that_was_never_sent_says_so(http: Callable[..., Http], error: Exception) -> None:
    with pytest.raises(HostUnreachable):
        http(Wire(error)).send("POST", "/x", json={})


def test_a_write_may_be_answered_with_nothing(http: Callable[..., Http]) -> None:
    assert http(Wire(httpx.Response(204))).send("DELETE", "/x").status == 204


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", b'[{"id": 1}, {"i', b"", b"\xff\xfe"])
def test_a_read_that_is_not_json_is_unexpected(http: Callable[..., Http], body: bytes) -> None:
    wire = Wire(httpx.Response(200, content=body))
    with pytest.raises(UnexpectedReply):
        http(wire).get("/x")
    assert len(wire.requests) == 1


def test_a_body_that_is_packed_twice_is_not_unpacked(http: Callable[..., Http]) -> None:
    """Each time a kB becomes a MB."""
    body = gzip.compress(gzip.compress(b'{"fine": true}'))
    wire = Wire(lambda _request: httpx.Response(200, content=body, headers={"Content-Encoding": "gzip, gzip"}))
    with pytest.raises(UnexpectedReply, match="cannot be read"):
        http(wire).get("/x")


def test_a_body_without_end_is_not_read_to_its_end(http: Callable[..., Http], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("providers.http.LARGEST_BODY", 1000)
    with pytest.raises(UnexpectedReply):
        http(Wire(httpx.Response(200, json=["x" * 2000]))).get("/x")


def test_half_an_emoji_does_not_make_a_page_unreadable(http: Callable[..., Http]) -> None:
    body = rb'["cut \ud83d", "whole \ud83d\ude00", "a \\ud83d backslash"]'
    read = http(Wire(httpx.Response(200, content=body))).get("/x").read(list[str])
    assert read == ["cut \ufffd", "whole \U0001f600", r"a \ud83d backslash"]


def test_a_name_in_another_encoding_does_not_make_a_page_unreadable(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.Response(200, content=b'["Zo\xeb", "Zo\xc3\xab", "half \xed\xa0\xbd"]'))
    read = http(wire).get("/x").read(list[str])
    assert read[:2] == ["Zo\ufffd", "Zo\xeb"]
    assert read[2].strip("\ufffd") == "half "


@pytest.mark.parametrize("before", range(8_184, 8_194))
def test_a_long_page_in_another_encoding_is_told_wherever_it_is_cut(http: Callable[..., Http], before: int) -> None:
    fill = "x" * before
    good = f'["{fill}\U0001f600é\U0001f600"]'.encode()
    wire = Wire(httpx.Response(200, content=good), httpx.Response(200, content=good[:-3] + b'\xeb"]'))
    client = http(wire)
    assert client.get("/x").read(list[str]) == [f"{fill}\U0001f600é\U0001f600"]
    assert client.get("/x").read(list[str])[0].startswith(f"{fill}\U0001f600é\ufffd")


def test_a_byte_order_mark_is_no_part_of_the_answer(http: Callable[..., Http]) -> None:
    """Some files of PHP begin with one, and so does whatever they send."""
    wire = Wire(httpx.Response(200, content=b'\xef\xbb\xbf["a"]'))
    assert http(wire).get("/x").read(list[str]) == ["a"]


def test_calls_keep_their_distance(http: Callable[..., Http], clock: HandClock, naps: list[float]) -> None:
    client = http(Wire(OK), pace_per_second=4)
    client.get("/x")
    client.get("/x")
    clock.forward(seconds=60)
    client.get("/x")
    assert naps == [0.25]


def test_a_clock_that_stands_still_does_not_pile_up_pauses(http: Callable[..., Http], naps: list[float]) -> None:
    client = http(Wire(OK), pace_per_second=2)
    for _ in range(6):
        client.get("/x")
    assert set(naps) == {0.5}


@pytest.mark.parametrize(
    ("value", "rate"), [("5", 5.0), ("0.5", 0.5), ("0", 0.0), ("", 2.0), ("fast", 2.0), ("-1", 2.0), ("inf", 2.0)]
)
def test_the_pace_is_a_number_and_nought_is_no_limit(value: str, rate: float) -> None:
    assert pace(value, 2.0) == rate


def test_a_redirect_on_the_same_host_is_followed(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.Response(301, headers={"Location": "/v4/x"}), OK)
    assert http(wire).get("/x").status == 200
    assert wire.requests[1].url.path == "/v4/x"


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/x", "http://api.example/v3/x", "https://api.example:8443/x", "file:///etc/x"]
)
def test_a_redirect_to_another_place_is_refused(http: Callable[..., Http], place: str) -> None:
    wire = Wire(httpx.Response(302, headers={"Location": place}), OK)
    with pytest.raises(UnexpectedReply, match="base URL"):
        http(wire).get("/x")
    assert len(wire.requests) == 1


def test_redirects_in_circles_end(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.Response(302, headers={"Location": "/v3/x"}))
    with pytest.raises(UnexpectedReply, match="circles"):
        http(wire).get("/x")
    assert len(wire.requests) == 4


def test_a_write_is_never_sent_on(http: Callable[..., Http]) -> None:
    wire = Wire(httpx.Response(307, headers={"Location": "/v4/x"}))
    with pytest.raises(UnexpectedReply):
        http(wire).send("POST", "/x", json={})
    assert len(wire.requests) == 1


def test_what_went_over_the_wire_is_counted(http: Callable[..., Http]) -> None:
    client = http(Wire(OK))
    client.get("/x")
    client.send("POST", "/x", json={})
    assert client.cost == (2, 2 * len(OK.content))


@pytest.mark.parametrize(
    "address", ["", "api.example/v3", "ftp://api.example", "https://", "https://me:secret@api.example"]
)
def test_a_base_url_that_is_none_is_refused(http: Callable[..., Http], address: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        http(Wire(OK), base_url=address)
    assert "secret" not in str(caught.value)


def test_a_key_with_a_line_break_is_refused_without_being_repeated(http: Callable[..., Http]) -> None:
    wire = Wire(OK)
    with pytest.raises(CredentialsRejected) as caught:
        http(wire, headers={"Authorization": "half\nkey"}).get("/x")
    assert "half" not in f"{caught.value!r}{caught.value.detail}"
    assert wire.requests == []
