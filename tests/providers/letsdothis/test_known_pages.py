"""A whole walk over pages that are as they were: their rows are not read again."""

import httpx
import pytest

from providers.pages import PageMemory
from providers.port import Page
from tests.providers.letsdothis.world import Remote, client, named, nothing_known, row

PLACEHOLDER, NAME = b"NAME", "Zoë"


@pytest.mark.parametrize("written", [NAME.encode(), NAME.encode("latin-1"), rb"cut \ud83d"])
def test_pages_are_known_again_however_a_name_is_written(written: bytes) -> None:
    remote = Remote([row(f"p{number}", number, firstName=PLACEHOLDER.decode()) for number in range(7)])

    def answer(request: httpx.Request) -> httpx.Response:
        reply = remote(request)
        return httpx.Response(
            200, content=reply.content.replace(PLACEHOLDER, written), headers={"Date": reply.headers["Date"]}
        )

    def whole() -> list[Page]:
        return list(provider.pull("entries", full=True, known=nothing_known))

    with client(answer) as provider:
        provider.pages = PageMemory()
        assert len(named(whole())) == 7
        provider.pages = PageMemory(provider.pages.kept(()))
        known = whole()
    assert named(known) == []
    assert [len(each) for page in known for each in page.known] == [3, 3, 1]
    assert known[-1].complete
