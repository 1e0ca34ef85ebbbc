"""Lists counted off page by page: what moved onto a page already read is looked for again, at little cost."""

import httpx

from providers.port import Page
from providers.trackier.client import Trackier
from tests.providers.trackier.conftest import Build, account, ids, knowing


class Moving:
    """A network whose first campaign vanishes, and another is appended, as soon as the first page has been read."""

    def __init__(self) -> None:
        self.active = [{"_id": f"{number:024x}", "title": f"Race {number}"} for number in range(1, 5)]
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, asked = request.url.path.removeprefix("/api"), request.url.params
        self.paths.append(path)
        if path == "/network/account":
            return httpx.Response(200, json=account())
        if path != "/campaign":
            return httpx.Response(200, json={"success": True, "data": {"caps": [], "records": []}})
        rows, page = self.active if asked["active"] == "1" else [], int(asked["page"])
        told = {"campaigns": rows[page * 2 - 2 : page * 2], "total": len(rows), "page": page, "limit": 2}
        if len(self.active) == 4 and self.active[0]["title"] == "Race 1" and rows:
            self.active = [*self.active[1:], {"_id": f"{5:024x}", "title": "Race 5"}]
        return httpx.Response(200, json={"data": told})


def look_again(provider: Trackier, *numbers: int) -> list[Page]:
    return list(provider.look_again("campaigns", {f"{number:024x}" for number in numbers}, known=knowing()))


def numbers(pages: list[Page]) -> list[int]:
    return [int(each, 16) for each in ids(pages)]


def test_a_campaign_that_slipped_by_unseen_is_found_again(build: Build) -> None:
    far = Moving()
    trackier = build(httpx.MockTransport(far))
    pages = list(trackier.pull("campaigns", known=knowing()))
    assert numbers(pages) == [1, 2, 4, 5]
    assert pages[-1].complete, "nothing tells that a row was missed"
    far.paths.clear()
    again = look_again(trackier, 1, 3)
    assert numbers(again) == [3]
    assert next(item.payload for page in again for item in page.items).count(b'"active":true') == 1
    assert [path for path in far.paths if "/caps/" in path] == [f"/caps/{3:024x}"], "nobody asks about the others"
