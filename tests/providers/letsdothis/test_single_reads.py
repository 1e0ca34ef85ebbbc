"""The reads beside the sync: one object, and the listings of one event or one race."""

import json

import httpx
import pytest

from providers.errors import NotFound, UnexpectedReply, Unsupported
from providers.records import Kind
from tests.providers.letsdothis.samples import APPLICATION, PARTICIPANT
from tests.providers.letsdothis.world import Remote, client, named, nothing_known, row


def test_a_participant_by_id_comes_bare_with_all_its_metadata():
    remote = Remote(answers={0: httpx.Response(200, json=PARTICIPANT)})
    with client(remote) as provider:
        item = provider.participant("71f0")
    assert item.kind is Kind.ENTRY
    assert json.loads(item.payload)["eventName"] == "Fenland Spring Half"
    assert remote.asked[0].url.path == "/v0/participants/71f0"
    assert remote.params(0) == {"extendMetadata": "true"}


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_application_by_id_may_come_wrapped(wrapped: bool):
    body = {"data": APPLICATION} if wrapped else APPLICATION
    with client(Remote(answers={0: httpx.Response(200, json=body)})) as provider:
        assert provider.application("a").external_id == APPLICATION["id"]


def test_one_that_is_not_there_or_not_ours_is_not_found():
    with client(Remote(answers={0: httpx.Response(404)})) as provider, pytest.raises(NotFound):
        provider.participant("nobody")


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": None}, {"id": None}, [], None])
def test_an_answer_without_the_object_is_unexpected(body: object):
    with (
        client(Remote(answers={0: httpx.Response(200, json=body)})) as provider,
        pytest.raises(UnexpectedReply),
    ):
        provider.participant("x")


def test_participants_are_listed_by_race_and_edition_and_say_nothing_of_what_is_gone():
    remote = Remote(rows=[row(f"p{number}", number) for number in range(5)])
    with client(remote) as provider:
        pages = list(provider.participants_of_race("9027:70aa"))
    assert named(pages) == [f"p{number}" for number in range(5)]
    assert [remote.params(number)["eventOccurrenceId"] for number in range(2)] == ["70aa", "70aa"]
    assert remote.asked[0].url.path == "/v0/races/9027/participants"
    assert not any(page.complete or page.cursor for page in pages)


def test_a_race_without_an_edition_sends_no_empty_filter():
    remote = Remote()
    with client(remote) as provider:
        list(provider.participants_of_race("9027"))
    assert "eventOccurrenceId" not in remote.params(0)


def test_applications_are_listed_by_event():
    remote = Remote(rows=[row("a", 1)])
    with client(remote) as provider:
        pages = list(provider.applications_of_event("48"))
    assert remote.asked[0].url.path == "/v0/events/48/applications"
    assert pages[0].items[0].kind is Kind.APPLICATION
    assert not pages[-1].complete


def test_a_cycle_reads_partners_first_and_what_is_listed_by_event_last():
    with client(Remote()) as provider:
        keys = [resource.key for resource in provider.resources]
        assert keys == ["partners", "applications", "entries", "tickets", "reserved_groups"]
        with pytest.raises(Unsupported):
            provider.pull("races", known=nothing_known)
