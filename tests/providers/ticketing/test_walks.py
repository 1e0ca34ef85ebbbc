"""Walks over the calendar and behind the gates."""

from typing import Any

import pytest

from providers.gate_records import AdmissionRecord, GateTokenRecord
from providers.port import Page
from providers.records import EntryRecord, EventRecord, Kind, RaceRecord
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.objects import Event
from providers.sandbox.ticketing.seed import DEMO_HOST, HOST_ADMIN, PASSWORD, READ_KEY
from providers.ticketing.client import TickeTing
from tests.providers.conftest import HandClock
from tests.providers.ticketing.conftest import Build, event_ids, first, ids, knowing, walk

WAYS = [
    {},
    {"section_uris": "full", "numbers_as_strings": True, "empty_page": "always"},
    {"section_uris": "relative", "empty_as_list": True, "empty_page": "never", "brief_people": True},
    {"error_key": "error", "unused": "0000-00-00T00:00:00", "delete_status": 204},
    {"error_key": "message", "unused": "", "session_gone": 403},
]


@pytest.fixture(params=WAYS, ids=["reference", "full", "relative", "error", "message"])
def way(request: pytest.FixtureRequest, sandbox: Sandbox) -> dict[str, Any]:
    sandbox.ticketing.switch(request.param)
    return request.param


def records(ticketing: TickeTing, pages: list[Page]) -> list[Any]:
    return [record for page in pages for item in page.items for record in ticketing.decode(item)]


def test_everything_is_read_in_every_way(sandbox: Sandbox, sandboxed: Build, way: dict[str, Any]):
    ticketing, events = sandboxed(), event_ids(sandbox)
    calendar = records(ticketing, walk(ticketing, "events", []))
    assert [each.external_id for each in calendar if isinstance(each, EventRecord)] == events
    theirs = [sandbox.ticketing.state.events[event_id] for event_id in events]
    assert [each.external_id for each in calendar if isinstance(each, RaceRecord)] == [
        section.id for event in theirs for section in event.sections
    ]
    entries = records(ticketing, walk(ticketing, "entries", events))
    assert {each.external_id for each in entries} == {ticket.serial for event in theirs for ticket in event.tickets}
    races = {section.id for event in theirs for section in event.sections}
    assert all(isinstance(each, EntryRecord) and each.race_id in races for each in entries)
    admissions = records(ticketing, walk(ticketing, "admissions", events))
    assert len(admissions) == sum(len(event.admissions) for event in theirs) > 5
    assert all(isinstance(each, AdmissionRecord) and each.race_id in races for each in admissions)
    tokens = records(ticketing, walk(ticketing, "gate_tokens", events))
    assert all(isinstance(each, GateTokenRecord) and len(each.code) == 8 and each.race_ids for each in tokens)


def test_another_hosts_events_are_left_out_even_if_the_filter_is_ignored(sandbox: Sandbox, sandboxed: Build):
    [page] = walk(sandboxed(api_key=READ_KEY), "events", [])
    assert page.complete
    rival = next(event for event in sandbox.ticketing.state.events.values() if event.title == "Rival Races 10K")
    everybody = ids(walk(sandboxed(settings={"host_id": ""}), "events", []))
    assert rival.id in everybody
    assert rival.id not in ids([page])


def test_a_key_for_reading_reads_the_public_calendar_and_remembers(sandbox: Sandbox, sandboxed: Build):
    ticketing = sandboxed(api_key=READ_KEY)
    walk(ticketing, "events", [])
    sandbox.log.clear()
    walk(ticketing, "events", [])
    assert [call.path for call in sandbox.calls("ticketing")] == ["/published-events"]
    sandbox.log.clear()
    walk(ticketing, "events", [], full=True)
    assert sandbox.calls("ticketing")[0].path == "/events"


def test_an_account_that_administers_the_host_reads_its_drafts_too(sandbox: Sandbox, sandboxed: Build):
    options: dict[str, Any] = {"api_key": READ_KEY, "password": PASSWORD, "settings": {"username": HOST_ADMIN}}
    ticketing = sandboxed(**options)
    held = records(ticketing, walk(ticketing, "events", []))
    drafts = [each.name for each in held if isinstance(each, EventRecord) and each.draft]
    assert drafts == ["Fellgate Volunteers' Evening"]
    sandbox.log.clear()
    again = sandboxed(**options, learned=ticketing.learned)
    walk(again, "events", [])
    asked = [call.path for call in sandbox.calls("ticketing") if "events" in call.path]
    assert asked == [f"/hosts/{DEMO_HOST}/events"]


def test_a_server_that_does_not_know_a_hosts_list_is_asked_for_the_public_one(sandbox: Sandbox, sandboxed: Build):
    ticketing = sandboxed(api_key=READ_KEY, settings={"host_id": "17599999999999"})
    walk(ticketing, "events", [])
    assert [call.path for call in sandbox.calls("ticketing") if "events" in call.path][-1] == "/published-events"


def test_a_section_that_is_no_longer_there_is_a_race_gone(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    lost = event.sections.pop()
    held = [section.id for each in sandbox.ticketing.state.events.values() for section in each.sections]
    pages = list(sandboxed(settings={"host_id": ""}).pull("events", known=knowing(races=[*held, lost.id])))
    assert [gone for page in pages for gone in page.gone] == [(Kind.RACE, lost.id)]


def test_far_too_many_races_gone_at_once_are_not_believed(sandboxed: Build):
    held = [str(number) for number in range(40)]
    pages = list(sandboxed().pull("events", known=knowing(races=held)))
    assert not any(page.gone for page in pages)


def later(sandbox: Sandbox, clock: HandClock, **span: float) -> None:
    clock.forward(**span)
    sandbox.clock.freeze(clock())


def test_a_later_walk_asks_only_for_what_changed(sandbox: Sandbox, sandboxed: Build, clock: HandClock):
    ticketing, events = sandboxed(), event_ids(sandbox)
    event = sandbox.ticketing.state.events[events[0]]
    before = walk(ticketing, "entries", events)
    assert (before[-1].complete, before[-1].promised) == (True, 240)
    later(sandbox, clock, hours=3)
    sold = sandbox.ticketing.sell(1, event.sections[0].id)[0]
    used, handed = event.tickets[0], event.tickets[1]
    sandbox.ticketing.admit(used.serial)
    sandbox.ticketing.hand_over(handed.serial, sandbox.ticketing.state.usernames["runner9"].number)
    sandbox.log.clear()
    after = walk(ticketing, "entries", events, before[-1].cursor)
    assert set(ids(after)) == {sold, used.serial, handed.serial}
    assert (after[-1].last, after[-1].complete) == (True, False)
    lists = {call.path: dict(call.query) for call in sandbox.calls("ticketing") if call.path.endswith("/tickets")}
    had_some = {f"{each.uri}/tickets" for each in sandbox.ticketing.state.events.values() if each.tickets}
    asked = {path: query.get("modified_since") for path, query in lists.items()}
    since = "2027-03-01T11:50:00+00:00"  # ten minutes over
    assert asked == {path: since if path in had_some else None for path in asked}
    assert since in asked.values()


def test_a_full_walk_reads_all_again(sandbox: Sandbox, sandboxed: Build):
    ticketing, events = sandboxed(), event_ids(sandbox)
    cursor = walk(ticketing, "entries", events)[-1].cursor
    again = walk(ticketing, "entries", events, cursor, full=True)
    assert (len(ids(again)), again[-1].complete) == (240, True)


def test_an_event_met_later_is_read_whole(sandbox: Sandbox, sandboxed: Build, clock: HandClock):
    ticketing, events = sandboxed(), event_ids(sandbox)
    cursor = walk(ticketing, "entries", events[:1])[-1].cursor
    later(sandbox, clock, hours=3)
    pages = walk(ticketing, "entries", events, cursor)
    assert len(ids(pages)) == 240 - len(first(sandbox).tickets)
    assert not pages[-1].complete


def test_an_event_long_over_is_left_alone_until_a_full_walk(sandbox: Sandbox, sandboxed: Build, clock: HandClock):
    ticketing, events = sandboxed(), event_ids(sandbox)
    over = next(each for each in events if sandbox.ticketing.state.events[each].title.startswith("Brackwater"))
    later(sandbox, clock, days=60)
    cursor = walk(ticketing, "entries", [over])[-1].cursor
    sandbox.log.clear()
    assert ids(walk(ticketing, "entries", [over], cursor)) == []
    assert sandbox.calls("ticketing") == []
    assert ids(walk(ticketing, "entries", [over], cursor, full=True))


def test_a_walk_that_broke_off_goes_on_at_its_page(sandbox: Sandbox, sandboxed: Build):
    events = event_ids(sandbox)
    begun = sandboxed(settings={"records": "20"}).pull("entries", known=knowing(events))
    seen = [next(begun) for _ in range(3)]
    rest = walk(sandboxed(settings={"records": "20"}), "entries", events, seen[-1].cursor)
    assert ids(seen) + ids(rest) == [
        ticket.serial for each in events for ticket in sandbox.ticketing.state.events[each].tickets
    ]
    assert (rest[-1].resumed, rest[-1].complete, rest[-1].promised) == (True, True, 240)


def test_a_walk_of_hours_goes_on_as_long_as_it_gets_on(sandbox: Sandbox, sandboxed: Build, clock: HandClock):
    events, cursor, found = event_ids(sandbox), "", list[str]()
    for _ in range(3):
        begun = sandboxed(settings={"records": "20"}).pull("entries", cursor, full=True, known=knowing(events))
        pages = [next(begun) for _ in range(3)]
        cursor, found = pages[-1].cursor, found + ids(pages)
        later(sandbox, clock, minutes=50)
    found += ids(walk(sandboxed(settings={"records": "20"}), "entries", events, cursor, full=True))
    assert len(found) == len(set(found)) == 240


@pytest.mark.parametrize("resource", ["entries", "admissions"])
def test_what_vanishes_while_nobody_reads_may_have_let_others_slip_by(
    sandbox: Sandbox, sandboxed: Build, resource: str
):
    event = first(sandbox)
    for ticket in event.tickets[:30]:
        if ticket.status == "Issued":
            sandbox.ticketing.admit(ticket.serial)
    begun = sandboxed(settings={"records": "5"}).pull(resource, known=knowing([event.id]))
    cursor = [next(begun) for _ in range(2)][-1].cursor
    rows: list[Any] = event.tickets if resource == "entries" else event.admissions
    del rows[0]
    last = walk(sandboxed(settings={"records": "5"}), resource, [event.id], cursor)[-1]
    assert (last.resumed, last.complete, last.short) == (True, False, True)


def test_a_walk_that_broke_off_long_ago_starts_again(sandbox: Sandbox, sandboxed: Build, clock: HandClock):
    events = event_ids(sandbox)
    begun = sandboxed(settings={"records": "20"}).pull("entries", known=knowing(events))
    cursor = [next(begun) for _ in range(3)][-1].cursor
    later(sandbox, clock, hours=2)
    assert len(ids(walk(sandboxed(settings={"records": "20"}), "entries", events, cursor, full=True))) == 240


@pytest.mark.parametrize("cursor", ["", "nonsense", '{"events":{"1":{"since":"soon"}}}', "[]", '{"walk":7}'])
def test_a_cursor_that_cannot_be_read_means_from_the_start(sandbox: Sandbox, sandboxed: Build, cursor: str):
    assert len(ids(walk(sandboxed(), "entries", event_ids(sandbox), cursor))) == 240


def test_new_admissions_are_found_at_the_end(sandbox: Sandbox, sandboxed: Build):
    ticketing, event = sandboxed(settings={"records": "5"}), first(sandbox)
    for ticket in event.tickets[:10]:
        sandbox.ticketing.admit(ticket.serial)
    cursor = walk(ticketing, "admissions", [event.id])[-1].cursor
    sandbox.log.clear()
    pages = walk(ticketing, "admissions", [event.id], cursor)
    assert ids(pages) == []
    assert [dict(call.query).get("page") for call in sandbox.calls("ticketing")] == ["3"]
    assert not pages[-1].short
    new = sandbox.ticketing.admit(event.tickets[10].serial)
    assert ids(walk(ticketing, "admissions", [event.id], pages[-1].cursor)) == [new]


def test_what_one_event_denies_is_left_out(sandbox: Sandbox, sandboxed: Build, build: Build):
    rival = next(event.id for event in sandbox.ticketing.state.events.values() if event.title == "Rival Races 10K")
    with sandboxed(api_key=READ_KEY, password="over-the-fells", settings={"username": "fellgate"}) as ticketing:
        pages = walk(ticketing, "entries", [rival, *event_ids(sandbox)])
    assert len(ids(pages)) == 240
    assert not pages[-1].complete


def test_an_event_that_is_gone_is_passed_over(sandbox: Sandbox, sandboxed: Build):
    pages = walk(sandboxed(), "entries", ["17599999999999", "not-a-number", first(sandbox).id])
    assert len(ids(pages)) == len(first(sandbox).tickets)


def test_the_redeemed_are_still_listed(sandbox: Sandbox, sandboxed: Build):
    event: Event = sandbox.ticketing.state.events[event_ids(sandbox)[3]]
    ticketing = sandboxed()
    entries = records(ticketing, walk(ticketing, "entries", [event.id]))
    used = [each for each in entries if each.status_text == "Redeemed"]
    assert len(used) == len(event.admissions)


def test_tickets_that_slip_forward_while_others_vanish_are_not_taken_for_gone(sandbox: Sandbox, sandboxed: Build):
    event = max(sandbox.ticketing.state.events.values(), key=lambda each: len(each.tickets))
    ticketing = sandboxed(settings={"records": "10"})
    pages: list[Page] = []
    for page in ticketing.pull("entries", known=knowing([event.id])):
        pages.append(page)
        if len(pages) == 1:
            del event.tickets[:3]
    slipped = {ticket.serial for ticket in event.tickets} - set(ids(pages))
    assert len(slipped) == 3
    assert (pages[-1].complete, pages[-1].short) == (False, True)
    again = walk(ticketing, "entries", [event.id], pages[-1].cursor, full=True)
    assert {ticket.serial for ticket in event.tickets} <= set(ids(again))
    assert again[-1].complete


def test_an_event_whose_tickets_are_all_away_is_asked_again_before_that_is_believed(sandbox: Sandbox, sandboxed: Build):
    ticketing, event = sandboxed(), first(sandbox)
    cursor = walk(ticketing, "entries", [event.id])[-1].cursor
    cursor = walk(ticketing, "entries", [event.id], cursor)[-1].cursor  # nothing has changed
    sandbox.faults.add("emptied,path=tickets,times=2")
    once = walk(ticketing, "entries", [event.id], cursor, full=True)[-1]
    assert (once.complete, once.short) == (False, True)
    twice = walk(ticketing, "entries", [event.id], once.cursor, full=True)[-1]
    assert (twice.complete, twice.short) == (True, False)


@pytest.mark.parametrize("resource", ["events", "entries"])
def test_a_page_that_is_empty_by_mistake_is_no_end(sandbox: Sandbox, sandboxed: Build, resource: str):
    sandbox.faults.add("emptied,skip=1,path=/(events|tickets)$")
    records_per_page = {"events": "2", "entries": "5"}[resource]
    events = [max(sandbox.ticketing.state.events.values(), key=lambda each: len(each.tickets)).id]
    last = walk(sandboxed(settings={"records": records_per_page}), resource, events, full=True)[-1]
    assert (last.complete, last.short) == (False, True)
