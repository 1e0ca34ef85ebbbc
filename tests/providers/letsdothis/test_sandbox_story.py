"""The client against the pretended Let's Do This: from the first sync to the day after."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.errors import CredentialsRejected, HostUnreachable, ProviderUnavailable, RateLimited
from providers.letsdothis.client import LetsDoThis
from providers.port import Page, Received
from providers.records import ApplicationRecord, EntryRecord, Gender, Kind, Person, TicketTypeRecord
from providers.sandbox import DEMO_KEYS, Sandbox

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(size="s", now=NOON)


@pytest.fixture
def bare() -> Sandbox:
    """Nothing in it but organisers and keys."""
    return Sandbox(size="empty", now=NOON)


def build(sandbox: Sandbox, **settings: str) -> LetsDoThis:
    return LetsDoThis(
        settings={"pace": "0"} | settings,
        credentials={"api_key": DEMO_KEYS["letsdothis"]},
        transport=sandbox.transport(),
        sleep=lambda seconds: None,
    )


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[LetsDoThis]:
    with build(sandbox) as opened:
        yield opened


class Portal:
    """What a portal keeps: items by kind and id, and the events it has heard of."""

    def __init__(self, provider: LetsDoThis) -> None:
        self.provider = provider
        self.items: dict[tuple[Kind, str], Received] = {}
        self.events: set[str] = set()
        self.cursors: dict[str, str] = {}

    def pull(self, resource: str, *, full: bool = False) -> list[Page]:
        pages = []
        known = {Kind.EVENT: self.events}
        for page in self.provider.pull(
            resource, self.cursors.get(resource, ""), full=full, known=lambda kind: known.get(kind, set())
        ):
            pages.append(page)
            self.cursors[resource] = page.cursor
            for item in page.items:
                self.items[item.kind, item.external_id] = item
                record = self.provider.decode(item)[0]
                self.events.add(getattr(record, "event_id", ""))
        return pages

    def ids(self, kind: Kind) -> set[str]:
        return {external_id for each, external_id in self.items if each is kind}

    def entry(self, external_id: str) -> EntryRecord:
        record = self.provider.decode(self.items[Kind.ENTRY, external_id])[0]
        assert isinstance(record, EntryRecord)
        return record


def participants(sandbox: Sandbox) -> set[str]:
    return {row.id for row in sandbox.letsdothis.organiser.participants}


def test_a_first_sync_holds_everything_and_nobody_elses(sandbox: Sandbox, provider: LetsDoThis):
    portal = Portal(provider)
    last = {key: portal.pull(key)[-1] for key in ("applications", "entries", "tickets")}
    assert all(page.complete for page in last.values())
    assert portal.ids(Kind.ENTRY) == participants(sandbox)
    assert len(portal.ids(Kind.APPLICATION)) == last["applications"].promised
    assert portal.events == set(sandbox.letsdothis.organiser.events)
    assert portal.ids(Kind.TICKET_TYPE)


def test_people_are_found_in_every_way_the_organiser_set_up_the_form(provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    entries = [portal.entry(external_id) for external_id in portal.ids(Kind.ENTRY)]
    people = [entry.person for entry in entries if not entry.redacted and not entry.person_is_booker]
    assert len(people) > len(entries) * 0.8
    assert all(person.first_name and "@" in person.email for person in people)
    assert sum(person.last_name != "" for person in people) > len(people) * 0.95
    assert sum(person.birth_date is not None for person in people) > len(people) * 0.8
    assert sum(person.gender is not Gender.UNKNOWN for person in people) > len(people) * 0.8
    assert sum(person.emergency_phone != "" for person in people) > len(people) * 0.5


def test_the_proposed_mapping_covers_the_three_forms(provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    questions = provider.person_questions(item.payload for item in portal.items.values())
    proposed = provider.propose_mapping(questions)
    wanted = {"first_name", "last_name", "email", "birth_date", "gender", "phone", "club", "emergency_name"}
    assert wanted <= set(proposed.values())
    assert not {"shirt", "tshirtSize", "expectedFinish"} & set(proposed)


def test_no_claim_link_is_kept(provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    assert not any(b"/claim/" in item.payload for item in portal.items.values())


@pytest.mark.parametrize("size", ["7", "100"])
@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"echo_next": True},
        {"opaque_cursors": True},
        {"inclusive_cursors": True},
        {"echo_next": True, "inclusive_cursors": True, "opaque_cursors": True},
        {"duplicate_rows": 3},
        {"touch_between_pages": "first", "touches": 2},
        {"touch_between_pages": "cursor", "touches": 1},
    ],
)
def test_whatever_its_cursors_are_like_the_walk_holds_everything(bare: Sandbox, switches: dict[str, Any], size: str):
    race = bare.letsdothis.add_race()
    for _ in range(40):
        bare.letsdothis.add_participant(race)
    for name, value in switches.items():
        setattr(bare.letsdothis.switches, name, value)
    with build(bare, page_size=size) as provider:
        portal = Portal(provider)
        last = portal.pull("entries")[-1]
    assert portal.ids(Kind.ENTRY) == participants(bare)
    assert last.complete
    assert not last.short


def test_the_next_sync_asks_for_little_and_sees_sales_edits_and_late_rows(sandbox: Sandbox, provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    sandbox.clock.advance(3600)
    before = participants(sandbox)
    sold = set(sandbox.letsdothis.sell(3))
    changed = min(before)
    sandbox.letsdothis.change(changed, bibNumber="0417", statusDetails=[{"status": "WITHDRAWN"}])
    pages = portal.pull("entries")
    seen = {item.external_id for page in pages for item in page.items}
    assert sold | {changed} <= seen
    assert len(seen) < len(before) / 2
    assert portal.entry(changed).bib == "0417"
    assert portal.entry(changed).status.value == "withdrawn"
    assert not pages[-1].complete


def test_a_row_from_the_future_hides_nothing(sandbox: Sandbox, provider: LetsDoThis):
    portal = Portal(provider)
    sandbox.letsdothis.stamp_in_future(min(participants(sandbox)), 90 * 24 * 3600)
    portal.pull("entries")
    sandbox.clock.advance(3600)
    sold = set(sandbox.letsdothis.sell(2))
    portal.pull("entries")
    assert sold <= portal.ids(Kind.ENTRY)


def test_a_full_walk_names_what_is_left(sandbox: Sandbox, provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    gone = sorted(participants(sandbox))[3]
    sandbox.letsdothis.delete(gone)
    pages = portal.pull("entries", full=True)
    named = {item.external_id for page in pages for item in page.items}
    assert pages[-1].complete
    assert gone not in named
    assert named == participants(sandbox)


def test_a_redacted_person_is_gone_from_the_row(sandbox: Sandbox, provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    someone = sorted(participants(sandbox))[5]
    before = portal.entry(someone)
    sandbox.clock.advance(3600)
    sandbox.letsdothis.redact(someone)
    portal.pull("entries")
    after = portal.entry(someone)
    assert after.redacted
    assert after.person == Person()
    assert (after.race_id, after.ticket_type_id) == (before.race_id, before.ticket_type_id)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status=429,retry_after=5", RateLimited),
        ("status=500", ProviderUnavailable),
        ("drop_before_write,times=forever", HostUnreachable),
        ("truncate,times=forever", HostUnreachable),
        ("revoke", CredentialsRejected),
    ],
)
def test_a_walk_that_breaks_goes_on_where_it_was(bare: Sandbox, fault: str, error: type[Exception]):
    race = bare.letsdothis.add_race()
    for number in range(30):
        bare.letsdothis.add_participant(race, created=datetime(2027, 2, 1 + number % 28, tzinfo=UTC))
    with build(bare, page_size="10") as provider:
        portal = Portal(provider)
        pages = provider.pull("entries", known=lambda kind: ())
        first = next(pages)
        portal.cursors["entries"] = first.cursor
        for item in first.items:
            portal.items[item.kind, item.external_id] = item
        bare.faults.add(f"letsdothis:{fault}")
        with pytest.raises(error):
            next(pages)
        bare.faults.clear()
        bare.letsdothis.revoked.clear()
        last = portal.pull("entries")[-1]
    assert (last.last, last.resumed, last.promised) == (True, True, 30)
    assert portal.ids(Kind.ENTRY) == participants(bare)


def test_single_reads_and_listings_by_race_and_event(sandbox: Sandbox, provider: LetsDoThis):
    portal = Portal(provider)
    portal.pull("entries")
    portal.pull("applications")
    some = portal.entry(min(portal.ids(Kind.ENTRY)))
    assert provider.participant(some.external_id).fingerprint == portal.items[Kind.ENTRY, some.external_id].fingerprint
    of_race = {item.external_id for page in provider.participants_of_race(some.race_id) for item in page.items}
    mine = {one for one in portal.ids(Kind.ENTRY) if portal.entry(one).race_id == some.race_id}
    assert of_race == mine
    application = provider.decode(portal.items[Kind.APPLICATION, min(portal.ids(Kind.APPLICATION))])[0]
    assert isinstance(application, ApplicationRecord)
    pages = provider.applications_of_event(application.event_id)
    of_event = {item.external_id for page in pages for item in page.items}
    assert application.external_id in of_event


def test_an_event_nobody_has_entered_is_opened_by_its_id(bare: Sandbox):
    race = bare.letsdothis.add_race(event_id="777", tickets=("Early", "Late"))
    with build(bare, event_ids="777") as provider:
        portal = Portal(provider)
        assert portal.pull("entries")[-1].complete
        portal.pull("tickets")
        titles = [provider.decode(item)[0] for item in portal.items.values()]
    assert sorted(title.title for title in titles if isinstance(title, TicketTypeRecord)) == ["Early", "Late"]
    assert race.event.id == "777"


def test_the_account_behind_the_demo_key(provider: LetsDoThis):
    account = provider.check()
    assert account.name == "Organiser 20417"
    assert account.warnings == ()
