"""Each request has an id: in its answer, in the log, on the page that says something broke."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from organiser_portal.core.logs import bound
from organiser_portal.core.request_ids import RequestIds, server_error


def test_an_id_is_made_and_echoed(db) -> None:
    first, second = (Client().get("/accounts/login/")["X-Request-ID"] for _ in range(2))
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first != second


def test_the_id_of_a_proxy_is_kept(db) -> None:
    given = "req-01HZX.4_b"
    assert Client().get("/accounts/login/", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "has space", "new\nline", "<script>alert", "", "ünïcode-id"])
def test_what_is_no_id_is_not_kept(db, given: str) -> None:
    response = RequestIds(lambda _: HttpResponse())(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def test_lines_written_meanwhile_bear_it() -> None:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(str(bound()["request_id"]))

    response = RequestIds(view)(RequestFactory().get("/"))
    assert response.content.decode() == response["X-Request-ID"]
    assert bound() == {}


def test_the_page_of_a_mistake_says_it() -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        return server_error(request)

    response = RequestIds(broken)(RequestFactory().get("/"))
    assert response.status_code == 500
    assert response["X-Request-ID"] in response.content.decode()
