"""Error replies: the body is not documented, and nothing in it may leak."""

import httpx
import pytest

from providers.errors import AccessDenied, NotFound, ProviderUnavailable, RateLimited, UnexpectedReply
from providers.letsdothis.faults import error_text
from tests.providers.letsdothis.world import Remote, walk


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"statusCode": 400, "error": "Bad Request", "message": "size must be <= 500"}', "size must be <= 500"),
        (b'{"error": "Bad Request"}', "Bad Request"),
        (b'{"error": {"message": "inner"}}', "message: inner"),
        (b'{"errors": ["one", {"message": "two"}]}', "one; two"),
        (b'"just text"', "just text"),
        (b"plain words", "plain words"),
        (b"<html><h1>502</h1></html>", ""),
        (b"", ""),
        (b"{}", ""),
        (b"\xff\xfe", "��"),
    ],
)
def test_a_message_is_found_wherever_it_is(body: bytes, said: str):
    assert error_text(body) == said


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((400, UnexpectedReply), (422, UnexpectedReply), (403, AccessDenied), (404, NotFound)),
        *((409, UnexpectedReply), (429, RateLimited), (500, ProviderUnavailable)),
    ],
)
def test_each_status_is_the_error_that_says_what_to_do_next(status: int, error: type[Exception]):
    with pytest.raises(error):
        walk(Remote(answers={0: httpx.Response(status, json={"message": "no"})}))


def test_what_the_provider_says_is_shown():
    answer = httpx.Response(400, json={"error": "Bad Request", "message": "querystring/page[size] must be <= 500"})
    with pytest.raises(UnexpectedReply, match=r"page\[size\] must be <= 500\.$"):
        walk(Remote(answers={0: answer}))


def test_neither_keys_nor_addresses_nor_a_novel_are_repeated():
    text = "key a-key and eyJhbGciOi.eyJvcmdhbmlz.c2lnbmF0 of ana@mail.example " + "so " * 200
    with pytest.raises(NotFound) as caught:
        walk(Remote(answers={0: httpx.Response(404, json={"message": text})}))
    sentence = str(caught.value)
    assert "a-key" not in sentence
    assert "eyJ" not in sentence
    assert "ana@" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b'{"message": null}'])
def test_an_odd_error_body_is_still_the_error(body: bytes):
    with pytest.raises(NotFound):
        walk(Remote(answers={0: httpx.Response(404, content=body)}))


def test_a_gateway_that_is_down_is_asked_again():
    remote = Remote(answers={number: httpx.Response(503) for number in range(2)})
    assert walk(remote)[-1].last
    assert len(remote.asked) == 3
