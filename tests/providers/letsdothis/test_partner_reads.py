"""Partners are walked like participants; reserved groups are read whole, event by event."""

import json

import httpx
import pytest

from providers.errors import NotFound, ProviderUnavailable
from providers.port import Page
from providers.records import Kind
from tests.providers.letsdothis.samples import GROUP, PARTNER
from tests.providers.letsdothis.test_tickets import Handler
from tests.providers.letsdothis.world import Remote, client, named, nothing_known, row


def test_partners_are_walked_oldest_change_first_and_then_only_what_changed():
    remote = Remote(rows=[row(f"p_{number}", number) for number in range(5)])
    with client(remote) as provider:
        pages = list(provider.pull("partners", known=nothing_known))
        assert named(pages) == [f"p_{number}" for number in range(5)]
        assert pages[-1].complete
        assert pages[0].items[0].kind is Kind.PARTNER
        later = list(provider.pull("partners", pages[-1].cursor, known=nothing_known))
    assert remote.asked[0].url.path == "/v0/partners"
    assert remote.params(0) == {"sort[updatedAt]": "1", "page[size]": "3"}
    assert "updatedAt[after]" in remote.params(len(pages))
    assert not later[-1].complete


def test_partners_are_searched_by_name_and_say_nothing_of_what_is_gone():
    remote = Remote(rows=[row("p_1", 1)])
    with client(remote) as provider:
        pages = list(provider.search_partners("stri"))
    assert remote.params(0)["search"] == "stri"
    assert named(pages) == ["p_1"]
    assert not any(page.complete or page.cursor for page in pages)


@pytest.mark.parametrize(("id_kind", "params"), [("", {}), ("enthuse", {"externalId": "enthuse"})])
def test_a_partner_is_read_by_its_id_or_by_its_id_elsewhere(id_kind: str, params: dict[str, str]):
    remote = Remote(answers={0: httpx.Response(200, json=PARTNER)})
    with client(remote) as provider:
        item = provider.partner("4471", id_kind=id_kind)
    assert remote.asked[0].url.path == "/v0/partners/4471"
    assert remote.params(0) == params
    assert item.external_id == PARTNER["id"]
    assert item.kind is Kind.PARTNER


def test_one_group_is_read_by_its_id():
    remote = Remote(answers={0: httpx.Response(200, json=GROUP)})
    with client(remote) as provider:
        assert json.loads(provider.group("re_9").payload) == GROUP
    assert remote.asked[0].url.path == "/v0/reserved-entries/re_9"
    assert remote.params(0) == {}


def held(lists: dict[str, httpx.Response]) -> Handler:
    """Event id → what its listing of groups answers; 404 for any other."""
    return lambda request: lists.get(request.url.path.split("/")[3], httpx.Response(404))


def groups(*ids: str) -> httpx.Response:
    return httpx.Response(200, json={"data": [{"id": each} for each in ids]})


def pull(handler: Handler, *events: str) -> list[Page]:
    with client(handler) as provider:
        return list(provider.pull("reserved_groups", known=lambda kind: events if kind is Kind.EVENT else ()))


def test_the_groups_of_every_known_event_are_read_whole():
    pages = pull(held({"48": groups("re_1", "re_2"), "49": groups()}), "49", "48")
    assert named(pages) == ["re_1", "re_2"]
    assert [page.complete for page in pages] == [False, True]
    assert json.loads(pages[0].items[0].payload)["eventId"] == "48"


def test_an_event_that_could_not_be_read_keeps_its_groups():
    pages = pull(held({"48": groups("re_1")}), "48", "49")
    assert named(pages) == ["re_1"]
    assert pages[-1].last
    assert not pages[-1].complete


def test_a_provider_that_is_down_says_nothing_of_what_is_gone():
    with pytest.raises(ProviderUnavailable):
        pull(held({"48": httpx.Response(500)}), "48")


def test_the_groups_of_one_event_can_be_asked_for_alone():
    with client(held({"48": groups("re_1")})) as provider:
        page = provider.groups_of_event("48")
        assert [item.external_id for item in page.items] == ["re_1"]
        assert not page.complete
        with pytest.raises(NotFound):
            provider.groups_of_event("49")
