"""The admission token of our own by which an event's gate is read: one for each event, whatever happens."""

import pytest

from providers.errors import AccessDenied, ProviderUnavailable, UnexpectedReply
from providers.operations import Verb
from providers.sandbox import Sandbox
from providers.sandbox.ticketing.seed import READ_KEY
from tests.providers.sandbox.ticketing_desk import NEW_SECTION, signed_in
from tests.providers.ticketing.conftest import Build, event_ids, first, ids, knowing, walk


def test_one_token_of_ours_per_event_is_kept_and_widened(sandbox: Sandbox, sandboxed: Build):
    event = first(sandbox)
    before = len(event.tokens)
    with sandboxed() as ticketing:
        walk(ticketing, "entries", [event.id])
        learned = ticketing.learned
    assert len(event.tokens) == before + 1
    signed_in(sandbox).post(f"{event.uri}/sections", json=NEW_SECTION)
    walk(sandboxed(learned=learned), "entries", [event.id])
    assert len(event.tokens) == before + 1
    assert event.tokens[-1].sections == event.sections
    assert not event.tokens[-1].is_global


@pytest.mark.parametrize("way", ["drop_after_write", "status=502,after_write", "truncate=20"])
def test_a_token_whose_answer_was_lost_is_found_and_not_issued_twice(sandbox: Sandbox, sandboxed: Build, way: str):
    event, ticketing = first(sandbox), sandboxed()
    before = len(event.tokens)
    sandbox.faults.add(f"ticketing:{way},method=POST,path=/tokens$")
    with pytest.raises(ProviderUnavailable, match="open the gate"):
        walk(ticketing, "entries", [event.id])
    again = sandboxed(learned=ticketing.learned)
    assert len(ids(walk(again, "entries", [event.id]))) == len(event.tickets)
    assert len(event.tokens) == before + 1
    assert len(ids(walk(sandboxed(learned=again.learned), "entries", [event.id]))) == len(event.tickets)
    assert len(event.tokens) == before + 1


def test_what_is_about_to_be_issued_is_written_down_before_and_after(sandbox: Sandbox, sandboxed: Build):
    event, ticketing = first(sandbox), sandboxed()
    before, kept = len(event.tokens), []
    ticketing.keep = lambda: kept.append((len(event.tokens) - before, dict(ticketing.learned)))
    walk(ticketing, "entries", [event.id])
    assert [issued for issued, _ in kept] == [0, 1]
    for _, learned in kept:  # a worker that was killed after either
        walk(sandboxed(learned=learned), "entries", [event.id])
        assert len(event.tokens) == before + 1


def test_a_stewards_token_is_never_taken_for_ours(sandbox: Sandbox, sandboxed: Build):
    event, ticketing = first(sandbox), sandboxed()
    kept: list[dict[str, str]] = []
    ticketing.keep = lambda: kept.append(dict(ticketing.learned))
    walk(ticketing, "entries", [event.id])
    ours = event.tokens[-1]
    sandbox.ticketing.state.drop_token(ours)
    stewards = sandbox.ticketing.state.add_token(event, event.sections[:1])
    again = sandboxed(learned=kept[0])
    walk(again, "entries", [event.id])
    assert event.tokens[-1] not in (ours, stewards)


def test_a_token_of_ours_that_was_withdrawn_is_issued_again(sandbox: Sandbox, sandboxed: Build):
    event, ticketing = first(sandbox), sandboxed()
    walk(ticketing, "entries", [event.id])
    sandbox.ticketing.state.drop_token(event.tokens[-1])
    again = sandboxed(learned=ticketing.learned)
    assert ids(walk(again, "entries", [event.id]))
    assert again.learned != ticketing.learned


def test_one_that_is_said_to_be_gone_by_mistake_is_not_issued_a_second_time(sandbox: Sandbox, sandboxed: Build):
    """Else the first would open personal data for ever, and nobody would know whose it is."""
    event, ticketing = first(sandbox), sandboxed()
    walk(ticketing, "entries", [event.id])
    tokens = list(event.tokens)
    sandbox.faults.add("ticketing:status=404,method=GET,path=/tokens/[0-9]+$,times=1")
    again = sandboxed(learned=ticketing.learned)
    assert len(ids(walk(again, "entries", [event.id]))) == len(event.tickets)
    assert event.tokens == tokens
    assert again.learned == ticketing.learned


def test_one_that_is_withdrawn_in_the_middle_of_a_walk_holds_nothing_up(sandbox: Sandbox, sandboxed: Build):
    """Else the listing would be held for hours, and whoever looks sent after another key."""
    event, ticketing = first(sandbox), sandboxed(settings={"records": "5"})
    walked = ticketing.pull("entries", known=knowing([event.id]))
    next(walked)
    ours = f"{event.id}-{event.tokens[-1].id}"
    sandboxed().perform(Verb.REVOKE_TOKEN, subject=ours, values={})
    with pytest.raises(ProviderUnavailable, match="next try gets a new one"):
        list(walked)
    again = walk(sandboxed(learned=ticketing.learned), "entries", [event.id])
    assert len(ids(again)) == len(event.tickets)


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_one_that_is_not_accepted_says_nothing_about_the_settings(sandbox: Sandbox, sandboxed: Build, method: str):
    """Such as for a race that was removed between two calls: else the whole connection would stop."""
    event, ticketing = first(sandbox), sandboxed()
    if method == "PUT":
        walk(ticketing, "entries", [event.id])
        signed_in(sandbox).post(f"{event.uri}/sections", json=NEW_SECTION)
    again = sandboxed(learned=ticketing.learned)
    sandbox.faults.add(f"ticketing:status=400,method={method},path=/tokens")
    with pytest.raises(UnexpectedReply, match="gate"):
        walk(again, "entries", [event.id])
    assert len(ids(walk(sandboxed(learned=again.learned), "entries", [event.id]))) == len(event.tickets)


def test_a_key_that_may_not_issue_tokens_says_what_is_needed(sandbox: Sandbox, sandboxed: Build):
    ticketing = sandboxed(api_key=READ_KEY)
    with pytest.raises(AccessDenied, match="may not issue one"):
        walk(ticketing, "entries", event_ids(sandbox))
    with pytest.raises(AccessDenied):
        walk(ticketing, "gate_tokens", event_ids(sandbox))
