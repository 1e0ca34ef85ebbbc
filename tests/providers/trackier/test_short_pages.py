"""A server may give fewer to a page than it was asked for, and need not say how many there are in all."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from providers.trackier.client import Trackier
from tests.providers.trackier.conftest import Build, account, ids, walk

EVERYONE = [{"id": number, "name": f"Club {number}", "title": f"Race {number}"} for number in range(1, 251)]
MOST = 100


def far(
    rows: list[dict[str, Any]], name: str, *, heeds_page: bool = True, most: int = MOST, **told: int
) -> httpx.MockTransport:
    """Gives at most so many at once, and tells neither total nor limit unless it is ``told``."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/network/account"):
            return httpx.Response(200, json=account())
        page = int(request.url.params.get("page", "1")) if heeds_page else 1
        held = rows[(page - 1) * most : page * most] if request.url.params.get("active") != "0" else []
        return httpx.Response(200, json={name: held, **told})

    return httpx.MockTransport(answer)


@pytest.fixture
def second(build: Build) -> Callable[[httpx.MockTransport], Trackier]:
    settings = {"version": "v2", "endpoint_overrides": "conversions=/conversions"}
    return lambda transport: build(transport, settings=settings)


@pytest.mark.parametrize(("resource", "name"), [("partners", "publishers"), ("campaigns", "campaigns")])
def test_a_short_page_is_no_end(second: Callable[..., Trackier], resource: str, name: str) -> None:
    pages = walk(second(far(EVERYONE, name)), resource)
    assert len(ids(pages)) == 250
    assert pages[-1].last


def test_nor_is_it_in_the_log(second: Callable[..., Trackier]) -> None:
    rows = [{"_id": f"{number:024x}", "status": "approved"} for number in range(1, 251)]
    assert len(set(ids(walk(second(far(rows, "conversions")), "conversions")))) == 250


def test_nor_among_the_campaigns_of_v1(build: Build) -> None:
    rows = [{"_id": f"{number:024x}", "title": f"Race {number}"} for number in range(1, 151)]
    assert len(ids(walk(build(far(rows, "campaigns", most=20)), "campaigns"))) == 150


def test_a_walk_that_was_cut_short_reads_the_rest_of_small_pages(second: Callable[..., Trackier]) -> None:
    short = far(EVERYONE, "campaigns", most=50, count=250)
    first = walk(second(short), "campaigns")
    rest = walk(second(short), "campaigns", first[1].cursor)
    assert ids(rest) == [str(number) for number in range(101, 251)]
    assert not rest[-1].short


def test_a_list_without_pages_ends_when_it_comes_again(second: Callable[..., Trackier]) -> None:
    pages = walk(second(far(EVERYONE[:3], "publishers", heeds_page=False)), "partners")
    assert ids(pages) == ["1", "2", "3"]
    assert pages[-1].last


def test_a_total_without_a_limit_is_read_up_to(build: Build) -> None:
    rows = [{"_id": f"{number:024x}", "title": f"Race {number}"} for number in range(1, 51)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/network/account"):
            return httpx.Response(200, json=account())
        page, active = int(request.url.params.get("page", "1")), request.url.params.get("active") != "0"
        held = {"campaigns": rows[(page - 1) * 20 : page * 20] if active else [], "total": 50 if active else 0}
        return httpx.Response(200, json={"data": held})

    assert len(ids(walk(build(httpx.MockTransport(answer)), "campaigns"))) == 50


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_rows_without_an_id_are_not_asked_for_for_ever(build: Build, version: str) -> None:
    nameless = far([{"title": "Race"}] * 3, "campaigns", heeds_page=False)
    pages = walk(build(nameless, settings={"version": version}), "campaigns")
    assert ids(pages) == []
    assert pages[-1].last
