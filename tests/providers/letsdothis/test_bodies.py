"""What is sent: only what changes, and a folded object always whole."""

from typing import Any

import pytest

from providers.letsdothis.bodies import changed_group, changed_partner, claim_link, new_group, new_partner, whole_of
from tests.providers.letsdothis.samples import GROUP, PARTNER

KEYS = ("firstName", "lastName", "emailAddress", "phoneNumber")
LEE = {"first_name": "Lee", "last_name": "Moss", "email": "Lee@Hospice.example", "phone": ""}


def test_a_new_partner_has_its_contacts_as_the_person_wrote_them():
    values = {"name": " Harbour Hospice ", "kind": "CHARITY", "contacts": [LEE], "enthuse": "12", "description": ""}
    assert new_partner(values, KEYS) == {
        "name": "Harbour Hospice",
        "type": "CHARITY",
        "contacts": [{"firstName": "Lee", "lastName": "Moss", "emailAddress": "Lee@Hospice.example"}],
        "externalIds": {"enthuse": "12"},
    }


def test_the_names_of_contact_details_are_a_setting():
    body = new_partner({"name": "AB", "contacts": [LEE]}, ("given", "family", "email", "tel"))
    assert body["contacts"] == [{"given": "Lee", "family": "Moss", "email": "Lee@Hospice.example"}]


def test_what_has_not_changed_is_not_sent():
    same = {"name": "Ely Striders", "description": "Running club", "enthuse": "4471", "headline": "Run with us"}
    assert changed_partner(PARTNER, same | {"event_marketing": "4820193 | Spring places"}) == {}


def test_what_is_not_named_stays():
    assert changed_partner(PARTNER, {"name": "Ely Runners"}) == {"name": "Ely Runners"}


def test_a_folded_object_goes_back_whole_with_the_change_in_it():
    row = PARTNER | {"defaultMarketing": {"headline": "Run with us", "logo": {"url": "x"}}}
    changes = changed_partner(row, {"headline": "Run!", "just_giving": "99"})
    assert changes == {
        "defaultMarketing": {"headline": "Run!", "logo": {"url": "x"}},
        "externalIds": {"enthuse": "4471", "justGiving": "99"},
    }


def test_an_id_that_is_taken_away_is_null():
    assert changed_partner(PARTNER, {"enthuse": ""}) == {"externalIds": {"enthuse": None, "justGiving": None}}


def test_marketing_by_event_keeps_what_the_form_does_not_show():
    row = PARTNER | {"specificMarketings": [{"eventId": "48", "headline": "Spring", "logo": "x"}, {"eventId": "49"}]}
    changes = changed_partner(row, {"event_marketing": "48 | Summer\n\n50 | New | https://a.example/"})
    assert changes == {
        "specificMarketings": [
            {"eventId": "48", "headline": "Summer", "logo": "x"},
            {"eventId": "50", "headline": "New", "websiteUrl": "https://a.example/"},
        ]
    }


def test_line_ends_of_a_browser_are_no_change_and_what_names_no_event_stays():
    row = PARTNER | {"specificMarketings": [{"eventId": "48", "headline": "A"}, {"logo": "x"}, {"eventId": "49"}]}
    assert changed_partner(row, {"event_marketing": "48 | A\r\n49\r\n"}) == {}
    changes = changed_partner(row, {"event_marketing": "48 | B\r\n"})
    assert changes == {"specificMarketings": [{"eventId": "48", "headline": "B"}, {"logo": "x"}]}


@pytest.mark.parametrize("locked", [{"kind": "CHARITY"}, {"contacts": [LEE]}])
def test_what_is_locked_is_never_sent(locked: dict[str, Any]):
    assert changed_partner(PARTNER, locked) == {}


def test_a_new_group_is_for_single_use_unless_said_otherwise():
    values = {"name": "Runners", "partner": "p_1", "capacity": "30", "tickets": ["t1", "t2"]}
    assert new_group(values) == {
        "name": "Runners",
        "partnerId": "p_1",
        "maxCapacity": 30,
        "tickets": [{"ticketId": "t1"}, {"ticketId": "t2"}],
        "type": "SINGLE_USE",
    }


def test_no_places_at_all_and_no_partner_can_be_asked_for():
    body = new_group({"name": "Later", "capacity": 0, "tickets": ["t"], "kind": "MULTI_USE", "partner": ""})
    assert body["maxCapacity"] == 0
    assert "partnerId" not in body


def test_a_ticket_that_stays_keeps_its_price():
    row = GROUP | {"tickets": [{"ticketId": "t1", "price": {"amount": 5}}, {"ticketId": "t2"}]}
    assert changed_group(row, {"tickets": ["t1", "t3"]}) == {
        "tickets": [{"ticketId": "t1", "price": {"amount": 5}}, {"ticketId": "t3"}]
    }
    assert changed_group(row, {"tickets": ["t2", "t1"], "capacity": 40}) == {}


def test_a_remote_that_replaces_gets_everything_it_accepts():
    assert whole_of(GROUP, {"maxCapacity": 50}, ("name", "maxCapacity", "settings")) == {
        "name": "Club places",
        "maxCapacity": 50,
        "settings": {},
    }


def test_a_claim_link_names_only_what_was_chosen():
    assert claim_link({"email": "Lee@Hospice.example", "group": ""}) == {"emailAddress": "Lee@Hospice.example"}
    assert claim_link({}) == {}
