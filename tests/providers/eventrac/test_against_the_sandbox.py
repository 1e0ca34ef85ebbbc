"""The whole story against a faithful server, in each of its envelopes and on each of its bad days."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from msgspec import structs

from providers.errors import AccessDenied, AlreadyThere, CredentialsRejected, OutcomeUnknown, Refused
from providers.eventrac.client import Eventrac
from providers.port import Change, Receipt
from providers.records import EventRecord, Gender, Kind, Person, RaceRecord, Record
from providers.sandbox import DEMO_SETTINGS, Sandbox
from providers.sandbox.eventrac.switches import Switches
from tests.providers.conftest import HandClock
from tests.providers.eventrac.conftest import Build, ids, knowing
from tests.providers.eventrac.people import MINA, add, edit, several

WAYS = [
    Switches(),
    Switches(envelope="jsend", error_word="fail", empty_maps_as_lists=True, success_status=201),
    Switches(envelope="data", products_key="product", partial_failure_status=422, bulk_path="participants"),
    Switches(envelope="jsend", errors_as_200=True, event_endpoint=False, return_reference=True, products_key=""),
]


@pytest.fixture(params=WAYS, ids=["bare", "jsend", "data", "jsend-200"])
def way(request: pytest.FixtureRequest, sandbox: Sandbox) -> Switches:
    sandbox.eventrac.switches = request.param
    return request.param


def everything(eventrac: Eventrac, resource: str) -> list[Record]:
    pages = list(eventrac.pull(resource, known=knowing()))
    assert pages[-1].last
    assert not any(page.rejected for page in pages)
    return [record for page in pages for item in page.items for record in eventrac.decode(item)]


def race_that_takes_entries(sandbox: Sandbox) -> str:
    """A race with room and without a question that must be answered."""
    organiser, now = int(DEMO_SETTINGS["eventrac"]["organiser_id"]), sandbox.clock()
    races = [race for event in sandbox.eventrac.state.events_of(organiser) for race in event.races]
    open_ones = [race for race in races if race.status(now) == "open" and not race.team]
    return next(str(race.id) for race in open_ones if not any(each.mandatory for each in race.questions))


def here(sandbox: Sandbox, changes: Sequence[Change]) -> list[Change]:
    race_id = race_that_takes_entries(sandbox)
    return [replace(change, race_id=race_id) for change in changes]


def test_all_events_and_races_to_come_are_read(sandbox: Sandbox, sandboxed: Build, way: Switches) -> None:
    eventrac = sandboxed()
    organiser = int(eventrac.check().facts[0][1])
    theirs = sandbox.eventrac.state.events_of(organiser)
    events = [record for record in everything(eventrac, "events") if isinstance(record, EventRecord)]
    assert [record.external_id for record in events] == [str(event.id) for event in theirs]
    races = {record.external_id: record for record in everything(eventrac, "races") if isinstance(record, RaceRecord)}
    ahead = [race for event in theirs for race in event.races if race.starts_at > sandbox.clock()]
    assert sorted(races) == sorted(str(race.id) for race in ahead)
    for race in ahead:
        record = races[str(race.id)]
        assert (record.name, record.sold, record.capacity) == (race.name, race.participant_count, race.capacity)
        assert record.accepts_entries is (race.status(sandbox.clock()) == "open" and race.team is None)
        assert record.event_id == str(race.event.id)


def test_an_entry_is_added_read_back_and_edited(sandbox: Sandbox, sandboxed: Build, way: Switches) -> None:
    eventrac = sandboxed()
    [change] = here(sandbox, [add()])
    receipt = eventrac.push(change)
    found = eventrac.look_up(change.reference)
    assert found is not None
    assert (found.external_id, found.race_id) == (receipt.external_id, change.race_id)
    assert found.person == Person(
        first_name="Mina", last_name="Okafor", birth_date=MINA.birth_date, gender=Gender.NON_BINARY
    )
    changed = structs.replace(MINA, last_name="Okafor-Lund", phone="")
    edited = eventrac.push(
        edit("last_name", "phone", external_id=receipt.external_id, person=changed, race_id=change.race_id)
    )
    assert (edited.external_id, edited.warning) == (receipt.external_id, "")
    [stored] = sandbox.eventrac.stored(change.reference)
    assert (stored["last_name"], stored["contact_number"]) == ("Okafor-Lund", "")
    assert stored["email"] == MINA.email


def test_an_entry_sent_twice_is_there_once(sandbox: Sandbox, sandboxed: Build, way: Switches) -> None:
    eventrac = sandboxed()
    [change] = here(sandbox, [add()])
    eventrac.push(change)
    with pytest.raises(AlreadyThere):
        eventrac.push(change)
    assert len(sandbox.eventrac.stored(change.reference)) == 1


def test_a_refusal_lands_on_the_field(sandbox: Sandbox, sandboxed: Build, way: Switches) -> None:
    [change] = here(sandbox, [add(person=structs.replace(MINA, email="nowhere"))])
    with pytest.raises(Refused) as caught:
        sandboxed().push(change)
    assert list(caught.value.field_errors) == ["email"]


def test_several_are_added_at_once_and_the_bad_ones_named(sandbox: Sandbox, sandboxed: Build, way: Switches) -> None:
    eventrac = sandboxed()
    changes = here(sandbox, several(4))
    changes[2] = replace(changes[2], person=structs.replace(MINA, email="nowhere"))
    outcomes = eventrac.push_many(changes)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Receipt", "Receipt", "Refused", "Receipt"]
    for change, outcome in zip(changes, outcomes, strict=True):
        held = sandbox.eventrac.stored(change.reference)
        assert [str(each["id"]) for each in held] == ([outcome.external_id] if isinstance(outcome, Receipt) else [])


def test_an_answer_lost_after_the_write_is_found_again(sandbox: Sandbox, sandboxed: Build) -> None:
    eventrac = sandboxed()
    [change] = here(sandbox, [add()])
    sandbox.faults.add("eventrac:drop_after_write,method=POST")
    with pytest.raises(OutcomeUnknown):
        eventrac.push(change)
    found = eventrac.look_up(change.reference)
    assert found is not None
    assert found.race_id == change.race_id
    assert len(sandbox.eventrac.stored(change.reference)) == 1


@pytest.mark.parametrize("fault", ["status=503,times=2", "drop_before_write", "truncate", "status=502"])
def test_a_read_survives_a_bad_moment(sandbox: Sandbox, sandboxed: Build, fault: str) -> None:
    sandbox.faults.add(f"eventrac:{fault}")
    assert sandboxed().check().facts


def test_a_revoked_key_is_told_from_a_wrong_organiser(sandbox: Sandbox, sandboxed: Build) -> None:
    with pytest.raises(AccessDenied, match="organiser ID is wrong"):
        sandboxed(settings={"organiser_id": "4040"}).check()
    sandbox.faults.add("eventrac:revoke")
    with pytest.raises(CredentialsRejected):
        sandboxed().check()


def test_a_race_that_has_passed_is_still_read_by_its_id(sandbox: Sandbox, sandboxed: Build, clock: HandClock) -> None:
    eventrac = sandboxed()
    first = list(eventrac.pull("races", known=knowing()))
    known = ids(first)
    sandbox.clock.advance(45 * 24 * 3600)
    clock.now = sandbox.clock()
    again = list(eventrac.pull("races", first[-1].cursor, known=knowing(races=known)))
    assert sorted(set(ids(again)) & set(known)) == sorted(known)
    assert not any(page.gone for page in again)


def test_a_race_that_was_taken_away_is_gone_in_the_end(sandbox: Sandbox, sandboxed: Build, clock: HandClock) -> None:
    eventrac = sandboxed()
    pages = list(eventrac.pull("races", known=knowing()))
    known = ids(pages)
    race = sandbox.eventrac.state.races.pop(int(known[0]))
    race.event.races.remove(race)
    for _ in range(2):
        clock.forward(hours=2)
        pages = list(eventrac.pull("races", pages[-1].cursor, known=knowing(races=known)))
    assert [gone for page in pages for gone in page.gone] == [(Kind.RACE, known[0])]
