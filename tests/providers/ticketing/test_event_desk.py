"""Events and sections changed at TickeTing, and free tickets given away."""

from decimal import Decimal
from typing import Any

import pytest

from providers.errors import AccessDenied, NotFound, OutcomeUnknown, Refused, Unsupported
from providers.operations import Done, Verb
from providers.records import EventRecord, RaceRecord
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.objects import Section
from providers.sandbox.ticketing.seed import HOST_ADMIN, PASSWORD, READ_KEY
from providers.ticketing.client import TickeTing
from tests.providers.sandbox.ticketing_desk import draft
from tests.providers.ticketing.conftest import Build, first

NEW = {
    "name": "Mile",
    "price": "4.50",
    "capacity": 60,
    "sales_start": "2027-03-01T09:00",
    "sales_end": "2027-06-01T09:00",
}


@pytest.fixture
def ticketing(sandboxed: Build) -> TickeTing:
    return sandboxed()


def told(ticketing: TickeTing, done: Done) -> list[Any]:
    return [record for item in done.refreshed for record in ticketing.decode(item)]


def free(sandbox: Sandbox) -> Section:
    return draft(sandbox).sections[0]


def test_what_is_given_is_changed_and_the_rest_of_the_event_stays(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    before = (event.description, event.venue, event.category, event.subcategory, event.tags, event.end)
    values = {"title": "Hexley Grand Day", "start": "2027-05-16T08:15", "description": "", "public": "no"}
    done = ticketing.perform(Verb.EDIT_EVENT, subject=event.id, values=values)
    assert (event.title, event.start, event.public) == ("Hexley Grand Day", "2027-05-16T08:15", False)
    assert (event.description, event.venue, event.category, event.subcategory, event.tags, event.end) == before
    record = told(ticketing, done)[0]
    assert isinstance(record, EventRecord)
    assert record.name == "Hexley Grand Day"


def test_a_draft_is_submitted_once(sandbox: Sandbox, ticketing: TickeTing):
    event = draft(sandbox)
    record = told(ticketing, ticketing.perform(Verb.SUBMIT_EVENT, subject=event.id, values={}))[0]
    assert (event.status, record.draft) == ("Pending Review", True)
    with pytest.raises(Refused, match="already been submitted"):
        ticketing.perform(Verb.SUBMIT_EVENT, subject=event.id, values={})


def test_a_race_is_added_changed_and_removed(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    done = ticketing.perform(Verb.ADD_RACE, subject=event.id, values=NEW)
    made = event.sections[-1]
    assert (made.name, made.base, made.capacity) == ("Mile", Decimal("4.5"), 60)
    assert (made.sales_start, made.sales_end) == ("2027-03-01T09:00:00.000Z", "2027-06-01T08:00:00.000Z")
    assert [each.name for each in told(ticketing, done) if isinstance(each, RaceRecord)][-1] == "Mile"
    ticketing.perform(Verb.EDIT_RACE, subject=event.id, values={"race": made.id, "capacity": 80, "price": ""})
    assert (made.name, made.base, made.capacity, made.sales_end) == (
        "Mile",
        Decimal("4.5"),
        80,
        "2027-06-01T08:00:00.000Z",
    )
    for _ in range(2):  # what is gone already is as good as removed
        ticketing.perform(Verb.REMOVE_RACE, subject=event.id, values={"race": made.id})
    assert made not in event.sections


def test_tickets_of_a_free_race_are_given_to_an_account(sandbox: Sandbox, ticketing: TickeTing):
    section = free(sandbox)
    for number, holder in enumerate(("runner3@", "runner4", sandbox.ticketing.state.usernames["runner5"].number)):
        account = sandbox.ticketing.state.usernames[f"runner{3 + number}"]
        named = account.email if holder.endswith("@") else holder
        values = {"race": section.id, "holder": named, "quantity": 2}
        done = ticketing.perform(Verb.GIVE_TICKET, subject=section.event.id, values=values)
        assert [ticket.owner for ticket in section.event.tickets[-2:]] == [account, account]
        assert dict(done.facts)["Status"] == "Fulfilled"
    assert section.sold == 6


def test_the_hosts_own_account_gives_tickets_to_itself(sandbox: Sandbox, sandboxed: Build):
    section = free(sandbox)
    ticketing = sandboxed(api_key=READ_KEY, password=PASSWORD, settings={"username": HOST_ADMIN})
    values = {"race": section.id, "quantity": 1}
    ticketing.perform(Verb.GIVE_TICKET, subject=section.event.id, values=values)
    assert section.event.tickets[-1].owner.username == HOST_ADMIN
    other = sandbox.ticketing.state.usernames["runner1"].number
    with pytest.raises(AccessDenied):
        ticketing.perform(Verb.GIVE_TICKET, subject=section.event.id, values=values | {"holder": other})


def test_a_race_that_costs_something_is_not_given_away(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    with pytest.raises(Refused, match="costs something"):
        ticketing.perform(Verb.GIVE_TICKET, subject=event.id, values={"race": event.sections[0].id, "quantity": 1})
    assert not sandbox.calls("ticketing", "POST")


@pytest.mark.parametrize(
    ("verb", "values", "field"),
    [
        (Verb.ADD_RACE, NEW | {"name": ""}, "name"),
        (Verb.ADD_RACE, NEW | {"price": "free"}, "price"),
        (Verb.ADD_RACE, NEW | {"price": "-1"}, "price"),
        (Verb.ADD_RACE, NEW | {"price": "1e999999999"}, "price"),
        (Verb.ADD_RACE, NEW | {"capacity": None}, "capacity"),
        (Verb.ADD_RACE, NEW | {"sales_end": "soon"}, "sales_end"),
        (Verb.ADD_RACE, NEW | {"sales_start": ""}, "sales_start"),
        (Verb.EDIT_EVENT, {"start": "next week"}, "start"),
        (Verb.EDIT_RACE, {}, "race"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    sandbox: Sandbox, ticketing: TickeTing, verb: Verb, values: dict[str, Any], field: str
):
    with pytest.raises(Refused) as caught:
        ticketing.perform(verb, subject=first(sandbox).id, values=values)
    assert list(caught.value.field_errors) == [field]


def test_a_title_that_another_event_has_is_told_at_the_title(sandbox: Sandbox, ticketing: TickeTing):
    with pytest.raises(Refused) as caught:
        ticketing.perform(Verb.EDIT_EVENT, subject=first(sandbox).id, values={"title": draft(sandbox).title})
    assert list(caught.value.field_errors) == ["title"]


@pytest.mark.parametrize(
    ("holder", "quantity", "field"), [("nobody@mail.example", 1, "holder"), ("", 0, "quantity"), ("", 21, "quantity")]
)
def test_a_ticket_for_nobody_or_too_many_is_refused(
    sandbox: Sandbox, ticketing: TickeTing, holder: str, quantity: int, field: str
):
    section = free(sandbox)
    values = {"race": section.id, "holder": holder, "quantity": quantity}
    with pytest.raises(Refused) as caught:
        ticketing.perform(Verb.GIVE_TICKET, subject=section.event.id, values=values)
    assert list(caught.value.field_errors) == [field]


def test_a_full_race_says_so(sandbox: Sandbox, ticketing: TickeTing):
    section = free(sandbox)
    section.capacity = 0
    with pytest.raises(Refused, match="could not be placed"):
        ticketing.perform(Verb.GIVE_TICKET, subject=section.event.id, values={"race": section.id, "quantity": 1})


def test_a_lost_answer_to_a_gift_is_not_given_twice(sandbox: Sandbox, ticketing: TickeTing):
    section = free(sandbox)
    sandbox.faults.add("ticketing:drop_after_write,method=POST,path=orders")
    with pytest.raises(OutcomeUnknown):
        ticketing.perform(Verb.GIVE_TICKET, subject=section.event.id, values={"race": section.id, "quantity": 1})
    assert section.sold == 1


def test_what_is_not_there_is_not_found(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    for verb in (Verb.EDIT_RACE, Verb.GIVE_TICKET):
        with pytest.raises(NotFound):
            ticketing.perform(verb, subject=event.id, values={"race": "17599999999999", "quantity": 1})
    with pytest.raises(NotFound):
        ticketing.perform(Verb.EDIT_EVENT, subject="17599999999999", values={"title": "X"})


def test_a_change_stands_even_if_it_cannot_be_read_back(sandbox: Sandbox, ticketing: TickeTing):
    event = first(sandbox)
    sandbox.faults.add("ticketing:status=500,times=forever,method=GET,skip=1")
    done = ticketing.perform(Verb.EDIT_EVENT, subject=event.id, values={"title": "Hexley Grand Day"})
    assert (event.title, done.refreshed) == ("Hexley Grand Day", ())


def test_a_key_that_may_not_is_told_so(sandbox: Sandbox, sandboxed: Build):
    with pytest.raises(AccessDenied, match="does not administer"):
        sandboxed(api_key=READ_KEY).perform(Verb.ADD_RACE, subject=first(sandbox).id, values=NEW)
    with pytest.raises(Unsupported):
        sandboxed().perform(Verb.CREATE_PARTNER, values={})
