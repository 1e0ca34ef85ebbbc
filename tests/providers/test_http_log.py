"""The log names the call and nothing of what it carried."""

import logging
from collections.abc import Iterator

import httpx
import pytest

from providers.errors import ProviderError
from providers.http import Http
from tests.providers.wire import Wire


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def build(answer: httpx.Response) -> Http:
    headers = {"Authorization": "key-of-gold"}
    return Http(
        label="Example", base_url="https://api.example", headers=headers, transport=Wire(answer), pace_per_second=0
    )


def test_one_line_per_call(everything: pytest.LogCaptureFixture) -> None:
    reply = build(httpx.Response(200, json=[])).get("/races/7")
    [line] = [each.getMessage() for each in everything.records if each.name == "providers.http"]
    assert line.startswith("GET api.example /races/7 200 ")
    assert line.endswith(f" ms {reply.request_id}")


def test_neither_key_nor_query_nor_reference_nor_body_is_logged(everything: pytest.LogCaptureFixture) -> None:
    http = build(httpx.Response(422, json={"message": "mina@mail.example is odd"}))
    with pytest.raises(ProviderError) as caught:
        http.send(
            "POST", "/people/mina-okafor", {"email": "mina@mail.example"}, {"q": "okafor"}, template="/people/{id}"
        )
    told = everything.text + str(caught.value) + caught.value.detail + repr(http)
    assert "/people/{id}" in told
    for secret in ("key-of-gold", "okafor", "mina"):
        assert secret not in told


def test_a_call_that_fails_is_logged_too(everything: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ProviderError):
        build(httpx.ReadError("gone")).send("POST", "/x")
    assert "POST api.example /x failed" in everything.text
