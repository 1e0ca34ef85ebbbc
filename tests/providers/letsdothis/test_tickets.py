"""Tickets have no times and no paging: every event's list is read whole, each time."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest

from providers.errors import NotFound, ProviderUnavailable
from providers.letsdothis.cursor import EPOCH
from providers.port import Page
from providers.records import EventRecord, Kind, Money, RaceRecord, Record, TicketTypeRecord
from tests.providers.letsdothis.samples import TICKET
from tests.providers.letsdothis.world import client

type Handler = Callable[[httpx.Request], httpx.Response]


def shop(lists: Mapping[str, Any], asked: list[str] | None = None) -> Handler:
    """Event id → what its ticket listing answers; 404 for any other."""

    def answer(request: httpx.Request) -> httpx.Response:
        event_id = request.url.path.split("/")[3]
        if asked is not None:
            asked.append(str(request.url))
        if event_id not in lists:
            return httpx.Response(404, json={"message": "Event not found"})
        found = lists[event_id]
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    return answer


def pull(handler: Handler, events: tuple[str, ...] = (), cursor: str = "", **settings: str) -> list[Page]:
    with client(handler, **settings) as provider:
        return list(provider.pull("tickets", cursor, known=lambda kind: events if kind is Kind.EVENT else ()))


def records(row: dict[str, Any], **settings: str) -> tuple[Record, ...]:
    with client(shop({"48": {"data": [row]}}), **settings) as provider:
        return provider.decode(provider.tickets_of_event("48").items[0])


def test_every_known_event_and_every_id_added_by_hand_is_asked_once():
    asked: list[str] = []
    lists = {event: {"data": [{"id": f"t{event}"}]} for event in ("48", "49", "50")}
    pages = pull(shop(lists, asked), ("49", "48"), event_ids="50, 48\n")
    assert asked == [f"https://api.letsdothis.com/v0/events/{event}/tickets" for event in ("48", "49", "50")]
    assert [item.external_id for page in pages for item in page.items] == ["t48", "t49", "t50"]
    assert [page.last for page in pages] == [False, False, True]
    assert [page.complete for page in pages] == [False, False, True]


@pytest.mark.parametrize("status", [403, 404])
def test_an_event_not_there_or_not_ours_is_passed_over_and_holds_up_no_other(status: int):
    lists = {"48": {"data": [{"id": "t"}]}, "999": httpx.Response(status)}
    pages = pull(shop(lists), ("48",), event_ids="999")
    assert [item.external_id for page in pages for item in page.items] == ["t"]
    assert [page.requests for page in pages] == [1, 1]
    assert not any(page.complete for page in pages), "nobody knows what it listed before"
    again = pull(shop(lists), ("48",), pages[-1].cursor, event_ids="999")
    assert [page.complete for page in again] == [False, True]


@pytest.mark.parametrize("status", [403, 404])
def test_an_event_that_is_suddenly_not_there_is_asked_again_before_that_is_believed(status: int):
    lists: dict[str, Any] = {event: {"data": [{"id": f"t{event}"}]} for event in ("48", "49")}
    everything = pull(shop(lists), ("48", "49"))[-1]
    lists["48"] = httpx.Response(status)
    once = pull(shop(lists), ("48", "49"), everything.cursor)[-1]
    assert (once.complete, once.short) == (False, True)
    twice = pull(shop(lists), ("48", "49"), once.cursor)[-1]
    assert (twice.complete, twice.short) == (True, False)


@pytest.mark.parametrize("status", [403, 404])
def test_where_no_event_is_there_nothing_is_said_of_what_is_gone(status: int):
    cursor = pull(shop({"48": {"data": [{"id": "t"}]}}), ("48",))[-1].cursor
    for _ in range(3):
        page = pull(shop({"48": httpx.Response(status)}), ("48",), cursor)[-1]
        assert not page.complete
        cursor = page.cursor


def test_a_ticket_without_an_id_is_kept_as_rejected_and_the_walk_is_not_complete():
    (page,) = pull(shop({"48": {"data": [{"title": "VIP"}, {"id": "t"}]}}), ("48",))
    assert len(page.items) == 1
    assert page.rejected[0].reason == "id is missing"
    assert not page.complete


def test_a_provider_that_is_down_is_an_error_and_nothing_is_gone():
    with pytest.raises(ProviderUnavailable):
        pull(shop({"48": httpx.Response(500)}), ("48",))


def test_no_event_known_is_a_walk_that_ended_and_says_nothing_of_what_is_gone():
    (page,) = pull(shop({}))
    assert page.last
    assert not page.complete


@pytest.mark.parametrize("key", ["id", "ticketId", "_id"])
@pytest.mark.parametrize("title", ["title", "ticketTitle", "name"])
def test_a_ticket_is_read_by_any_of_its_names(key: str, title: str):
    ticket, event = records({key: "t1", title: "VIP"})
    assert ticket == TicketTypeRecord(external_id="t1", event_id="48", title="VIP")
    assert event == EventRecord(external_id="48", stub=True, as_of=EPOCH)


def test_a_ticket_names_its_race_price_and_capacity():
    row = {key: value for key, value in TICKET.items() if key != "eventId"} | {"capacity": 40}
    ticket, _, race = records(row)
    race_id = "9027714455:70aa11bb22cc33dd44ee55ff"
    price = Money(minor=None, currency="GBP", unknown_unit=Decimal(4200))
    assert ticket == TicketTypeRecord(
        external_id=TICKET["id"], event_id="48", race_id=race_id, title=TICKET["title"], price=price, capacity=40
    )
    assert race == RaceRecord(external_id=race_id, event_id="48", stub=True, as_of=EPOCH)


def test_a_race_without_its_edition_ties_a_ticket_to_the_event_only():
    ticket, *stubs = records({"id": "t1", "raceId": "90"})
    assert isinstance(ticket, TicketTypeRecord)
    assert ticket.race_id == ""
    assert [type(stub) for stub in stubs] == [EventRecord]


def test_an_event_id_is_one_segment_whatever_it_holds():
    asked: list[str] = []
    pull(shop({}, asked), event_ids="../partners .. 4/8?x#y")
    assert [url.split("/v0")[1] for url in asked] == [
        "/events/%2E%2E/tickets",
        "/events/..%2Fpartners/tickets",
        "/events/4%2F8%3Fx%23y/tickets",
    ]


def test_one_events_tickets_can_be_asked_for_alone():
    with client(shop({"48": [{"id": "t"}]})) as provider:
        page = provider.tickets_of_event("48")
        assert [item.external_id for item in page.items] == ["t"]
        assert not page.complete
        with pytest.raises(NotFound):
            provider.tickets_of_event("49")


def test_an_event_whose_list_is_suddenly_empty_is_asked_again_before_that_is_believed() -> None:
    lists: dict[str, Any] = {"1": {"data": [TICKET]}, "2": {"data": [TICKET | {"id": "other"}]}, "3": {"data": []}}
    everything = pull(shop(lists), ("1", "2", "3"))[-1]
    assert (everything.complete, everything.short) == (True, False)
    lists["1"] = {"data": []}
    once = pull(shop(lists), ("1", "2", "3"), everything.cursor)[-1]
    assert (once.complete, once.short) == (False, True)
    twice = pull(shop(lists), ("1", "2", "3"), once.cursor)[-1]
    assert (twice.complete, twice.short) == (True, False)
