"""How a walk goes from page to page, and where it ends."""

import httpx
import pytest

from providers.errors import UnexpectedReply
from tests.providers.letsdothis.world import Remote, client, named, nothing_known, row, walk

SEVEN = [row(f"p{number}", number) for number in range(7)]


def remote_of_seven(**how: object) -> Remote:
    return Remote(rows=[dict(found) for found in SEVEN], **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("cursors", ["position", "row"])
@pytest.mark.parametrize("inclusive", [False, True])
@pytest.mark.parametrize("end", ["null", "missing", "empty", "echo"])
def test_every_row_comes_once_whatever_the_cursors_are_like(cursors: str, inclusive: bool, end: str):
    pages = walk(remote_of_seven(cursors=cursors, inclusive=inclusive, end=end))
    assert named(pages) == [f"p{number}" for number in range(7)]
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[-1].complete
    assert not pages[-1].short


def test_brackets_are_percent_encoded():
    remote = remote_of_seven()
    walk(remote)
    query = remote.asked[0].url.query
    assert b"page%5Bsize%5D=3" in query
    assert b"sort%5BupdatedAt%5D=1" in query
    assert b"[" not in query
    assert b"%3F" not in query


def test_size_sort_metadata_and_filter_are_repeated_on_every_page():
    remote = remote_of_seven()
    cursor = walk(remote)[-1].cursor
    remote.asked.clear()
    walk(remote, cursor, overlap_seconds="100000")
    assert len(remote.asked) == 3
    for number in range(3):
        params = remote.params(number)
        assert params["page[size]"] == "3"
        assert params["sort[updatedAt]"] == "1"
        assert params["extendMetadata"] == "true"
        assert params["updatedAt[after]"].endswith("Z")
        assert ("page[after]" in params) == (number > 0)
        assert "page[before]" not in params
        assert "null" not in params.values()
        assert "" not in params.values()


def test_a_first_run_sends_no_filter():
    remote = remote_of_seven()
    walk(remote)
    assert all("updatedAt[after]" not in remote.params(number) for number in range(len(remote.asked)))


def test_a_short_page_is_not_the_end():
    short = {"data": [SEVEN[0]], "page": {"totalResults": 7, "next": "c:2027-05-01T12:00:00.000Z|p0"}}
    remote = remote_of_seven(answers={0: httpx.Response(200, json=short)})
    assert named(walk(remote)) == [f"p{number}" for number in range(7)]


def test_one_announced_result_with_a_next_cursor_ends_after_an_empty_page():
    page = {"totalResults": 1, "first": "a1", "last": "b2", "prev": "c3", "next": "d4"}
    remote = Remote(
        answers={
            0: httpx.Response(200, json={"data": [SEVEN[0]], "page": page}),
            1: httpx.Response(200, json={"data": [], "page": page}),
        }
    )
    pages = walk(remote)
    assert named(pages) == ["p0"]
    assert pages[-1].complete
    assert remote.params(1)["page[after]"] == "d4"


def answers(*pages: tuple[dict[str, object], str]) -> dict[int, httpx.Response]:
    bodies = [{"data": [found], "page": {"next": cursor}} for found, cursor in pages]
    return {number: httpx.Response(200, json=body) for number, body in enumerate(bodies)}


def test_a_cursor_that_was_used_before_ends_the_walk():
    remote = Remote(answers=answers((SEVEN[0], "x"), (SEVEN[1], "y"), (SEVEN[2], "x")))
    pages = walk(remote)
    assert named(pages) == ["p0", "p1", "p2"]
    assert pages[-1].last
    assert len(remote.asked) == 3


def test_a_page_that_holds_only_an_edited_row_does_not_end_the_walk():
    remote = Remote(answers=answers((SEVEN[0], "x"), (row("p0", 9), "y"), (SEVEN[1], "")))
    assert named(walk(remote)) == ["p0", "p0", "p1"]


def test_a_page_that_brings_nothing_new_ends_the_walk():
    asked: list[httpx.Request] = []

    def same(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"data": [SEVEN[0]], "page": {"next": f"fresh-{len(asked)}"}})

    with client(same) as provider:
        pages = list(provider.pull("entries", known=nothing_known))
    assert named(pages) == ["p0"]
    assert len(asked) == 2


def test_an_edited_row_that_comes_again_is_news_and_does_not_end_the_walk():
    remote = remote_of_seven(moments={1: lambda world: world.touch("p0", bibNumber="7")})
    pages = walk(remote)
    assert named(pages).count("p0") == 2
    assert set(named(pages)) == {f"p{number}" for number in range(7)}


def test_the_newest_of_two_states_in_one_page_wins():
    old, new = row("p1", 1, bibNumber="1"), row("p1", 2, bibNumber="2")
    answer = httpx.Response(200, json={"data": [new, old], "page": {"next": None}})
    (page,) = walk(Remote(answers={0: answer}))
    (item,) = page.items
    assert b'"2"' in item.payload


def test_the_announced_total_is_for_progress_and_never_the_loop_condition():
    remote = remote_of_seven(totals=False)
    pages = walk(remote)
    assert len(named(pages)) == 7
    assert pages[-1].promised is None
    assert walk(remote_of_seven())[0].promised == 7


@pytest.mark.parametrize("sign", ["c", "é", "👟"])
def test_a_cursor_that_fits_in_no_address_is_no_answer(sign: str):
    answer = httpx.Response(200, json={"data": SEVEN[:2], "page": {"next": sign * 70_000}})
    with pytest.raises(UnexpectedReply):
        walk(Remote(answers={0: answer}))


@pytest.mark.parametrize("odd", [-5, 2**31, "many", [7]])
def test_an_announcement_that_is_no_count_is_none(odd: object):
    answer = httpx.Response(200, json={"data": SEVEN[:2], "page": {"totalResults": odd}})
    (page,) = walk(Remote(answers={0: answer}))
    assert (page.promised, page.complete) == (None, True)


def test_each_page_says_what_it_cost():
    remote = remote_of_seven()
    pages = walk(remote)
    assert [page.requests for page in pages] == [1, 1, 1]
    assert all(page.bytes > 100 for page in pages)


def test_a_listing_may_be_a_bare_list_or_one_object():
    bare = httpx.Response(200, json=[SEVEN[0], SEVEN[1]])
    single = httpx.Response(200, json={"data": SEVEN[0]})
    assert named(walk(Remote(answers={0: bare}))) == ["p0", "p1"]
    assert named(walk(Remote(answers={0: single}))) == ["p0"]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data": null}', b'{"data": 3}', b"null", b"<html>", b'{"data": [{'])
def test_an_answer_without_a_list_is_never_taken_for_an_empty_one(body: bytes):
    with pytest.raises(UnexpectedReply):
        walk(Remote(answers={0: httpx.Response(200, content=body)}))


def test_an_empty_account_is_a_complete_walk_of_nothing():
    (page,) = walk(Remote())
    assert page.last
    assert page.complete
    assert page.items == ()
    assert page.promised == 0
