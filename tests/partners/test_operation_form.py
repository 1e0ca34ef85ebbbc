"""Forms are built from what a provider declares, whoever it is."""

from dataclasses import replace
from typing import Any

import pytest

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.choices import choices_at
from organiser_portal.partners.forms import OperationForm
from organiser_portal.partners.models import Partner, ReservedGroup
from providers.operations import Operation, OperationField, Verb
from tests.conftest import NOW
from tests.factories import make_connection, make_listing, make_ticket_type, synced


def form(*fields: OperationField, data: dict[str, Any] | None = None, **more: Any) -> OperationForm:
    return OperationForm(data, operation=Operation(verb=Verb.EDIT_PARTNER, label="Do", fields=fields), **more)


NAME = OperationField(name="name", label="Name", required=True, pattern=r"\S.+", help="Two characters.")
CONTACTS = OperationField(name="contacts", label="Contacts", kind="contacts", required=True)
LEE = {"first_name": "Lee", "last_name": "Moss", "email": "Lee@Hospice.example", "phone": ""}


@pytest.fixture
def connection(organisation: Organisation) -> Connection:
    return make_connection(organisation)


@pytest.mark.parametrize(
    ("kind", "typed", "sent"),
    [
        ("text", " Ely ", "Ely"),
        ("long", "a\r\nb", "a\r\nb"),
        ("email", "Lee@Hospice.example", "Lee@Hospice.example"),
        ("bool", "on", True),
        ("whole", "30", 30),
        ("decimal", "1.50", "1.50"),
        ("serials", "A1\nB2  C3", ["A1", "B2", "C3"]),
    ],
)
def test_each_kind_of_field_gives_plain_json(kind: str, typed: str, sent: object):
    filled = form(OperationField(name="x", label="X", kind=kind), data={"x": typed})
    assert filled.is_valid()
    assert filled.values() == {"x": sent}


@pytest.mark.parametrize(("typed", "valid"), [("AB", True), ("A", False), ("", False), ("A\nB", False)])
def test_the_providers_rule_for_a_name_is_ours(typed: str, valid: bool):
    assert form(NAME, data={"name": typed}).is_valid() is valid


def test_a_number_has_its_smallest():
    assert not form(OperationField(name="x", label="X", kind="whole", at_least=0), data={"x": "-1"}).is_valid()


HUGE = ["1e999999999", "-1e999999999", "1" + "0" * 40, "9" * 5_000, "0." + "1" * 16, "1e-999999999"]


@pytest.mark.parametrize("typed", [*HUGE, "NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_amount_that_nobody_writes_out_is_none(typed: str):
    filled = form(OperationField(name="x", label="X", kind="decimal"), data={"x": typed})
    assert not filled.is_valid()
    assert len(str(filled.errors)) < 1_000


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("-0", "0"), ("0e999999999", "0"), ("-0.00", "0.00"), ("0.00", "0.00"), ("1e3", "1000"), ("１２.５", "12.5")],
)
def test_an_amount_is_sent_as_it_is_written_out(typed: str, sent: str):
    filled = form(OperationField(name="x", label="X", kind="decimal", at_least=0), data={"x": typed})
    assert filled.is_valid()
    assert filled.values() == {"x": sent}


@pytest.mark.parametrize("typed", ["2147483648", "9" * 4_000, "9" * 5_000, "1e3", "NaN", "٣٤x"])
def test_a_whole_number_is_one_that_a_column_holds(typed: str):
    assert not form(OperationField(name="x", label="X", kind="whole"), data={"x": typed}).is_valid()


def test_a_locked_field_shows_its_reason_and_is_never_sent():
    locked = OperationField(name="kind", label="Type", kind="choice", choices=(("A", "a"),), locked="Change it there.")
    filled = form(NAME, locked, data={"name": "AB", "kind": "B"}, initial={"kind": "A"})
    assert filled.is_valid()
    assert filled.values() == {"name": "AB"}
    assert filled.fields["kind"].disabled
    assert filled.fields["kind"].help_text == "Change it there."


def test_contacts_are_rows_and_empty_rows_are_nobody():
    data = {"contacts_1_email": "Lee@Hospice.example", "contacts_1_first_name": "Lee", "contacts_1_last_name": "Moss"}
    filled = form(CONTACTS, data=data)
    assert filled.is_valid()
    assert filled.values() == {"contacts": [LEE]}


def test_at_least_one_contact_where_the_provider_asks_for_it():
    filled = form(CONTACTS, data={})
    assert filled.errors == {"contacts_1_email": ["Name at least one contact, with an e-mail address."]}
    needed = {name for name, field in filled.fields.items() if field.required}
    assert needed == {"contacts_1_email"}


def test_what_has_a_usual_value_offers_no_empty_one():
    one = OperationField(name="scope", label="X", kind="choice", choices=(("a", "A"), ("b", "B")))
    assert [form(field).fields["scope"].choices for field in (replace(one, default="a"), one)] == [
        [("a", "A"), ("b", "B")],
        [("", "None in particular"), ("a", "A"), ("b", "B")],
    ]


def test_contacts_that_are_held_are_shown_with_room_for_one_more():
    shown = form(CONTACTS, initial={"contacts": [LEE, LEE, LEE]})
    assert shown.fields["contacts_3_email"].initial == "Lee@Hospice.example"
    assert "contacts_4_email" in shown.fields
    assert "contacts_5_email" not in shown.fields


def test_what_the_provider_says_stands_on_the_field_that_caused_it_and_what_was_typed_stays():
    filled = form(NAME, CONTACTS, data={"name": "AB", "contacts_1_email": "a@b.example"})
    assert filled.is_valid()
    filled.object_to({"name": ["Taken."], "contacts": ["Unknown."], "elsewhere": ["Hm."]}, "No.")
    assert filled.errors == {"name": ["Taken."], "contacts_1_email": ["Unknown."], "__all__": ["Hm."]}
    assert 'value="AB"' in str(filled["name"])
    bare = form(NAME, data={"name": "AB"})
    assert bare.is_valid()
    bare.object_to({}, "It is not working at the moment.")
    assert bare.non_field_errors() == ["It is not working at the moment."]


def test_choices_are_what_this_connection_lists_at_this_event(connection: Connection, organisation: Organisation):
    listing = make_listing(connection)
    other = make_listing(connection, name="Other")
    ticket = make_ticket_type(listing, "Charity place")
    make_ticket_type(other, "Elsewhere")
    make_ticket_type(listing, "Gone", gone_at=NOW)
    partner = Partner.objects.create(name="Hospice", kind="charity", **synced(connection, "p1"))
    Partner.objects.create(name="Stranger", kind="charity", **synced(make_connection(organisation, "x"), "p2"))
    ReservedGroup.objects.create(name="Runners", partner=partner, **synced(connection, "g1"))
    choices = choices_at(connection, event=listing.event_listing, partner=partner)
    assert choices == {
        "tickets": [(ticket.external_id, "Charity place")],
        "races": [(listing.external_id, "Hexley 10K")],
        "group": [("g1", "Runners, 0 left")],
        "partner": [("p1", "Hospice")],
        "cap": [],
        "results": [],
    }


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("tickets", "This event has no tickets yet."),
        ("group", "This partner holds no places yet."),
        ("results", "No result of this partner waits for a decision."),
    ],
)
def test_a_form_that_nobody_can_fill_in_says_why(kind: str, said: str):
    needed = OperationField(name="x", label="X", kind=kind, required=True)
    assert form(NAME, needed).lacking.startswith(said)
    assert form(NAME, needed, choices={kind: [("t1", "One")]}).lacking == ""
    assert form(NAME, replace(needed, required=False)).lacking == ""
    assert form(NAME, replace(needed, locked="Change it there.")).lacking == ""


def test_only_what_is_listed_can_be_chosen_and_what_is_held_stays_possible():
    tickets = OperationField(name="tickets", label="Tickets", kind="tickets", required=True)
    known = {"tickets": [("t1", "One")]}
    assert not form(tickets, data={"tickets": ["t9"]}, choices=known).is_valid()
    held = form(tickets, data={"tickets": ["t1", "t2"]}, choices=known, initial={"tickets": ["t2"]})
    assert held.is_valid()
    assert held.values() == {"tickets": ["t1", "t2"]}
