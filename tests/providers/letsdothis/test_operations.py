"""What can be done, done against the pretended Let's Do This: the story of a charity and its thirty places."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from providers.errors import AlreadyThere, NotFound, Refused, Unsupported
from providers.letsdothis.client import LetsDoThis
from providers.operations import Verb
from providers.sandbox import Sandbox
from tests.providers.letsdothis.test_sandbox_story import NOON, build

HOSPICE = {"name": "Harbour Hospice", "kind": "CHARITY", "contacts": [{"email": "Lee@hospice.example"}]}


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(size="s", now=NOON)


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[LetsDoThis]:
    with build(sandbox) as opened:
        yield opened


def an_event(sandbox: Sandbox) -> tuple[str, str]:
    """An event id and one of its ticket ids."""
    event_id, editions = next(iter(sandbox.letsdothis.organiser.events.items()))
    return event_id, editions[-1].races[0].tickets[0].id


def give(provider: LetsDoThis, sandbox: Sandbox, **more: Any) -> str:
    event_id, ticket = an_event(sandbox)
    values = {"name": "Hospice runners", "capacity": 30, "tickets": [ticket], "kind": "SINGLE_USE"} | more
    return provider.perform(Verb.CREATE_GROUP, subject=event_id, values=values).external_id


def group_of(sandbox: Sandbox, group_id: str) -> dict[str, Any]:
    return sandbox.letsdothis.organiser.groups[group_id].body


def refusal(provider: LetsDoThis, verb: Verb, subject: str, **values: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        provider.perform(verb, subject=subject, values=values)
    return caught.value


def test_a_charity_is_made_given_places_and_sent_its_link(provider: LetsDoThis, sandbox: Sandbox):
    made = provider.perform(Verb.CREATE_PARTNER, values=HOSPICE)
    assert json.loads(made.payload)["contacts"] == [{"emailAddress": "Lee@hospice.example"}]
    group_id = give(provider, sandbox, partner=made.external_id)
    assert group_of(sandbox, group_id)["maxCapacity"] == 30
    values = {"email": "Lee@hospice.example", "group": group_id}
    sent = provider.perform(Verb.SEND_CLAIM_LINK, subject=made.external_id, values=values)
    assert dict(sent.facts)["Claim link"].startswith("https://www.letsdothis.example/claim/")
    assert sandbox.letsdothis.organiser.outbox == [
        {"partnerId": made.external_id, "emailAddress": "Lee@hospice.example", "reservedEntryId": group_id}
    ]


@pytest.mark.parametrize("answer", ["{}", "empty"])
def test_an_answer_without_a_link_is_still_a_link_sent(provider: LetsDoThis, sandbox: Sandbox, answer: Any):
    sandbox.letsdothis.switches.claim_link_answer = answer
    partner_id = provider.perform(Verb.CREATE_PARTNER, values=HOSPICE).external_id
    assert provider.perform(Verb.SEND_CLAIM_LINK, subject=partner_id, values={}).facts == ()
    assert len(sandbox.letsdothis.organiser.outbox) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", bad) for bad in ("", "A", "two\nlines", "a\u2028b", " \t")),
        ("kind", "FRIEND"),
        *(("contacts", bad) for bad in ([], [{}], [{"first_name": "Lee"}], [{"email": "nowhere"}])),
    ],
)
def test_a_partner_that_would_be_refused_is_not_sent(provider: LetsDoThis, sandbox: Sandbox, field: str, value: Any):
    before = len(sandbox.letsdothis.organiser.partners)
    assert set(refusal(provider, Verb.CREATE_PARTNER, "", **(HOSPICE | {field: value})).field_errors) == {field}
    assert len(sandbox.letsdothis.organiser.partners) == before


def test_a_name_of_two_letters_is_enough(provider: LetsDoThis):
    assert provider.perform(Verb.CREATE_PARTNER, values=HOSPICE | {"name": " AB "}).external_id


def test_the_same_partner_is_not_made_twice(provider: LetsDoThis, sandbox: Sandbox):
    provider.perform(Verb.CREATE_PARTNER, values=HOSPICE)
    held = len(sandbox.letsdothis.organiser.partners)
    with pytest.raises(AlreadyThere):
        provider.perform(Verb.CREATE_PARTNER, values=HOSPICE | {"name": "harbour hospice"})
    assert len(sandbox.letsdothis.organiser.partners) == held
    provider.perform(Verb.CREATE_PARTNER, values=HOSPICE | {"kind": "SPONSOR"})
    assert len(sandbox.letsdothis.organiser.partners) == held + 1


@pytest.mark.parametrize("method", ["both", "PATCH", "PUT"])
def test_a_partner_is_edited_by_whichever_method_works(provider: LetsDoThis, sandbox: Sandbox, method: Any):
    sandbox.letsdothis.switches.update_method = method
    partner_id = provider.perform(Verb.CREATE_PARTNER, values=HOSPICE | {"headline": "Run", "enthuse": "7"}).external_id
    provider.perform(Verb.EDIT_PARTNER, subject=partner_id, values={"name": "Harbour Care", "just_giving": "9"})
    row = sandbox.letsdothis.organiser.partners.get(partner_id)
    assert row is not None
    assert row.body is not None
    assert row.body["name"] == "Harbour Care"
    assert row.body["externalIds"] == {"enthuse": "7", "justGiving": "9"}
    assert row.body["defaultMarketing"] == {"headline": "Run"}
    assert provider.learned == ({"update_method": "PUT"} if method == "PUT" else {})


def test_type_and_contacts_are_locked_with_the_reason():
    fields = {field.name: field for field in LetsDoThis.operations[Verb.EDIT_PARTNER].fields}
    assert fields["kind"].locked
    assert fields["contacts"].locked
    assert not fields["name"].locked


def test_an_edit_of_nobody_is_not_found(provider: LetsDoThis):
    with pytest.raises(NotFound):
        provider.perform(Verb.EDIT_PARTNER, subject="p_nobody", values={"name": "AB"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "A"), ("capacity", -1), ("capacity", "many"), ("capacity", ""), ("tickets", []), ("kind", "UNKNOWN")],
)
def test_a_group_that_would_be_refused_is_not_sent(provider: LetsDoThis, sandbox: Sandbox, field: str, value: Any):
    event_id, ticket = an_event(sandbox)
    held = len(sandbox.letsdothis.organiser.groups)
    values = {"name": "Runners", "capacity": 30, "tickets": [ticket], "kind": "SINGLE_USE"} | {field: value}
    assert set(refusal(provider, Verb.CREATE_GROUP, event_id, **values).field_errors) == {field}
    assert len(sandbox.letsdothis.organiser.groups) == held


def test_what_the_provider_objects_to_is_on_the_field_it_means(provider: LetsDoThis, sandbox: Sandbox):
    event_id, ticket = an_event(sandbox)
    values = {"name": "Runners", "capacity": 3, "tickets": [ticket], "kind": "SINGLE_USE", "partner": "p_nobody"}
    refused = refusal(provider, Verb.CREATE_GROUP, event_id, **values)
    assert "not a known partner" in refused.field_errors["partner"][0].text


def test_places_are_changed(provider: LetsDoThis, sandbox: Sandbox):
    group_id = give(provider, sandbox)
    provider.perform(Verb.EDIT_GROUP, subject=group_id, values={"capacity": 45, "name": "More runners"})
    assert (group_of(sandbox, group_id)["maxCapacity"], group_of(sandbox, group_id)["name"]) == (45, "More runners")


def test_fewer_places_than_are_used_need_a_second_word(provider: LetsDoThis, sandbox: Sandbox):
    group_id = give(provider, sandbox)
    group_of(sandbox, group_id)["usedCapacity"] = 12
    assert (
        "12 of these places"
        in refusal(provider, Verb.EDIT_GROUP, group_id, capacity=10).field_errors["capacity"][0].text
    )
    forced = refusal(provider, Verb.EDIT_GROUP, group_id, capacity=10, force=True)
    assert "usedCapacity" in forced.field_errors["capacity"][0].text
    assert group_of(sandbox, group_id)["maxCapacity"] == 30


def test_places_that_are_used_are_removed_only_by_force(provider: LetsDoThis, sandbox: Sandbox):
    group_id = give(provider, sandbox)
    group_of(sandbox, group_id)["usedCapacity"] = 1
    assert set(refusal(provider, Verb.DELETE_GROUP, group_id).field_errors) == {"force"}
    provider.perform(Verb.DELETE_GROUP, subject=group_id, values={"force": True})
    assert group_id not in sandbox.letsdothis.organiser.groups


def test_removing_what_is_no_longer_there_is_done(provider: LetsDoThis, sandbox: Sandbox):
    group_id = give(provider, sandbox)
    provider.perform(Verb.DELETE_GROUP, subject=group_id, values={})
    assert provider.perform(Verb.DELETE_GROUP, subject=group_id, values={}).external_id == group_id


def test_what_it_cannot_do_it_says(provider: LetsDoThis):
    with pytest.raises(Unsupported):
        provider.perform(Verb.PAUSE_CAMPAIGN, subject="c", values={})
