"""An answer that was lost: look before repeating, and never send an e-mail twice."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from providers.errors import HostUnreachable, OutcomeUnknown, ProviderError, RateLimited
from providers.letsdothis.client import LetsDoThis
from providers.operations import Verb
from providers.sandbox import Sandbox
from tests.providers.letsdothis.samples import GROUP, PARTNER
from tests.providers.letsdothis.test_operations import HOSPICE, an_event, give, group_of
from tests.providers.letsdothis.test_sandbox_story import NOON, build
from tests.providers.letsdothis.world import client

LOST = ["letsdothis:drop_after_write,method=POST", "letsdothis:status=500,after_write,method=POST"]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(size="s", now=NOON)


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[LetsDoThis]:
    with build(sandbox) as opened:
        yield opened


def partners(sandbox: Sandbox) -> int:
    return len(sandbox.letsdothis.organiser.partners)


@pytest.mark.parametrize("fault", [*LOST, "letsdothis:broken,after_write,method=POST"])
def test_a_partner_whose_answer_was_lost_is_found_by_name(provider: LetsDoThis, sandbox: Sandbox, fault: str):
    before = partners(sandbox)
    sandbox.faults.add(fault)
    made = provider.perform(Verb.CREATE_PARTNER, values=HOSPICE)
    assert sandbox.letsdothis.organiser.partners.get(made.external_id)
    assert partners(sandbox) == before + 1


def test_another_partner_of_that_name_is_not_taken_for_it(provider: LetsDoThis, sandbox: Sandbox):
    provider.perform(Verb.CREATE_PARTNER, values=HOSPICE | {"kind": "SPONSOR"})
    sandbox.faults.add("letsdothis:drop_before_write,method=POST")
    with pytest.raises((OutcomeUnknown, HostUnreachable)):
        provider.perform(Verb.CREATE_PARTNER, values=HOSPICE)


def test_a_partner_that_is_not_found_leaves_it_open_and_is_not_sent_again(provider: LetsDoThis, sandbox: Sandbox):
    before = partners(sandbox)
    sandbox.faults.add("letsdothis:status=500,method=POST")
    with pytest.raises(OutcomeUnknown):
        provider.perform(Verb.CREATE_PARTNER, values=HOSPICE)
    assert partners(sandbox) == before


@pytest.mark.parametrize("fault", LOST)
def test_a_group_whose_answer_was_lost_is_found_at_its_event(provider: LetsDoThis, sandbox: Sandbox, fault: str):
    before = len(sandbox.letsdothis.organiser.groups)
    sandbox.faults.add(fault)
    group_id = give(provider, sandbox)
    assert group_of(sandbox, group_id)["name"] == "Hospice runners"
    assert len(sandbox.letsdothis.organiser.groups) == before + 1


def test_a_group_that_was_there_before_is_not_taken_for_the_new_one(provider: LetsDoThis, sandbox: Sandbox):
    partner_id = provider.perform(Verb.CREATE_PARTNER, values=HOSPICE).external_id
    give(provider, sandbox)
    sandbox.faults.add("letsdothis:status=500,method=POST")
    event_id, ticket = an_event(sandbox)
    values = {"name": "Hospice runners", "capacity": 3, "tickets": [ticket], "kind": "SINGLE_USE"}
    with pytest.raises(OutcomeUnknown):
        provider.perform(Verb.CREATE_GROUP, subject=event_id, values=values | {"partner": partner_id})


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("after", ["", ",after_write"])
def test_a_change_or_a_removal_is_safe_to_send_again(provider: LetsDoThis, sandbox: Sandbox, method: str, after: str):
    group_id = give(provider, sandbox)
    sandbox.faults.add(f"letsdothis:status=500,method={method}{after},times=2")
    if method == "PATCH":
        provider.perform(Verb.EDIT_GROUP, subject=group_id, values={"capacity": 31})
        assert group_of(sandbox, group_id)["maxCapacity"] == 31
    else:
        provider.perform(Verb.DELETE_GROUP, subject=group_id, values={})
        assert group_id not in sandbox.letsdothis.organiser.groups


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        *(
            (each, OutcomeUnknown)
            for each in ("status=500", "status=500,after_write", "status=503", "drop_after_write")
        ),
        ("status=429,retry_after=2", RateLimited),
    ],
)
def test_a_claim_link_is_never_sent_again_by_itself(
    provider: LetsDoThis, sandbox: Sandbox, fault: str, error: type[ProviderError]
):
    partner_id = provider.perform(Verb.CREATE_PARTNER, values=HOSPICE).external_id
    sandbox.faults.add(f"letsdothis:{fault},path=claim-link")
    with pytest.raises(error) as caught:
        provider.perform(Verb.SEND_CLAIM_LINK, subject=partner_id, values={"email": "lee@hospice.example"})
    assert len(sandbox.letsdothis.organiser.outbox) == ("after_write" in fault)
    assert error is RateLimited or "may or may not have gone out" in str(caught.value)


def test_a_successful_answer_of_any_kind_is_a_link_sent_and_nothing_of_it_is_logged(caplog: Any):
    caplog.set_level(logging.DEBUG)
    page = b"<html>see <a href='https://letsdothis.example/claim/s3cret'>here</a></html>"
    with client(lambda request: httpx.Response(202, content=page)) as provider:
        done = provider.perform(Verb.SEND_CLAIM_LINK, subject="p_1", values={"email": "lee@hospice.example"})
    assert done.facts == (("Claim link", "https://letsdothis.example/claim/s3cret"),)
    assert "s3cret" not in caplog.text
    assert "lee@" not in caplog.text


def test_an_answer_that_does_not_name_what_was_made_is_looked_up():
    answers = iter([{"data": []}, {}, {"data": [PARTNER]}])
    with client(lambda request: httpx.Response(200, json=next(answers))) as provider:
        values = {
            "name": PARTNER["name"],
            "kind": PARTNER["type"],
            "contacts": [{"email": "ines@striders.example"}],
        }
        assert provider.perform(Verb.CREATE_PARTNER, values=values).external_id == PARTNER["id"]


def test_an_edit_answered_with_nothing_is_done():
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=GROUP) if request.method == "GET" else httpx.Response(204)

    with client(answer) as provider:
        assert provider.perform(Verb.EDIT_GROUP, subject="re_1", values={"capacity": 50}).external_id == "re_1"
