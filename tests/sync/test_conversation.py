"""What is said with a provider about a few changes, and what comes of each. No database."""

from collections.abc import Iterator
from typing import Any

import pytest

from organiser_portal.connections.models import OutboundChange
from organiser_portal.participants.fields import about
from organiser_portal.sync.conversation import Conversation, Sent
from organiser_portal.sync.settle import MOST_LOOKS, End, Verdict
from providers.errors import (
    AlreadyThere,
    CredentialsRejected,
    FieldError,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
)
from providers.port import Action, Change, Receipt
from tests.sync.world import Programmed, Script, ada, receipt


def sent(action: Action = Action.ADD_ENTRY, *, unsure: bool = False, tries: int = 1) -> Sent:
    change = Change(action=action, reference="ref", race_id="R", person=ada())
    return Sent(row=OutboundChange(attempts=tries), unsure=unsure, change=change)


def told(change: Sent, *, wanted: Iterator[bool] | None = None) -> Verdict | None:
    """The verdict on one change; None: there was none. ``wanted``: what the line answers, asked again and again."""
    conversation = Conversation([change], label="Programmed", may_look_up=True, about=about)
    goes_on = (lambda: next(wanted)) if wanted else (lambda: True)
    verdicts: dict[Sent, Verdict] = {}
    for some in conversation.hold(Programmed(), wanted=goes_on):
        verdicts |= some
    return verdicts.get(change)


@pytest.mark.parametrize("asked", range(1, 5))
def test_a_lost_add_is_never_taken_for_one_that_has_not_left(script: Script, asked: int) -> None:
    """Whenever the line is stopped: before it is sent there is no verdict, after that it is not known."""
    script.pushes = [OutcomeUnknown("lost")]
    script.there = {"ref": receipt("ref", "n1")}
    answers = iter([True] * asked + [False] * 9)
    verdict = told(sent(), wanted=answers)
    assert verdict is not None
    assert verdict.end in (End.UNKNOWN, End.CONFIRMED)


def test_who_came_late_is_no_other_person(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost, not there, sent again, and there by now: the first request took its time."""
    found: list[Receipt | None] = [None, receipt("ref", "n1")]
    monkeypatch.setattr(Programmed, "look_up", lambda *_: found.pop(0))
    script.pushes = [AlreadyThere("taken")]
    verdict = told(sent(unsure=True))
    assert verdict is not None
    assert (verdict.end, verdict.external_id, found) == (End.CONFIRMED, "n1", [])


@pytest.mark.parametrize(
    ("tries", "end"), [(1, End.UNKNOWN), (MOST_LOOKS - 1, End.UNKNOWN), (MOST_LOOKS, End.NEEDS_PERSON)]
)
def test_what_is_taken_and_not_to_be_found_is_looked_for_again_and_then_needs_a_person(
    script: Script, tries: int, end: End
) -> None:
    """Some show what was stored only after a while."""
    script.pushes = [AlreadyThere("taken")]
    verdict = told(sent(unsure=True, tries=tries))
    assert verdict is not None
    assert (verdict.end, verdict.stops, script.looked_up) == (end, False, ["ref", "ref"])


def test_an_add_that_the_provider_chokes_on_holds_up_no_other(script: Script) -> None:
    script.pushes = [OutcomeUnknown("failed"), receipt("ref", "n2")]
    conversation = Conversation(
        [sent(unsure=True), sent(unsure=True)], label="Programmed", may_look_up=True, about=about
    )
    verdicts = [verdict for some in conversation.hold(Programmed(), wanted=lambda: True) for verdict in some.values()]
    assert [verdict.end for verdict in verdicts] == [End.UNKNOWN, End.CONFIRMED]


@pytest.mark.parametrize("before", [{"unsure": True}, {}])
def test_a_lost_add_that_is_not_there_and_may_not_be_sent_again_yet_stays_unknown(
    script: Script, before: dict[str, Any]
) -> None:
    """It may be on its way for longer than the look-up took."""
    lost = [] if before else [OutcomeUnknown("lost")]
    script.pushes = [*lost, RateLimited("wait", retry_after=9)]
    verdict = told(sent(**before))
    assert verdict is not None
    assert (verdict.end, verdict.retry_in, verdict.quiet) == (End.UNKNOWN, 9, True)


def test_a_lost_edit_that_may_not_be_sent_again_yet_stays_unknown(script: Script) -> None:
    script.pushes = [RateLimited("wait", retry_after=9)]
    verdict = told(sent(Action.EDIT_ENTRY, unsure=True))
    assert verdict is not None
    assert verdict.end is End.UNKNOWN


def test_what_is_taken_and_would_not_be_taken_anyway_is_refused_if_it_is_not_there(script: Script) -> None:
    objections = {"reference": [FieldError(rule="unique", text="x")], "email": [FieldError(rule="email", text="odd")]}
    script.pushes = [AlreadyThere("taken", field_errors=objections)]
    verdict = told(sent())
    assert verdict is not None
    assert (verdict.end, len(script.pushed), script.looked_up) == (End.REJECTED, 1, ["ref"])


def test_what_is_taken_when_it_is_sent_for_the_first_time_is_not_sent_twice(script: Script) -> None:
    script.pushes = [AlreadyThere("taken")]
    verdict = told(sent())
    assert verdict is not None
    assert (verdict.end, len(script.pushed)) == (End.UNKNOWN, 1)


def test_of_many_that_came_late_nobody_looks_for_the_next_with_a_key_that_was_refused(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[ProviderError | None] = [None, None, None, CredentialsRejected("no")]
    monkeypatch.setattr(Programmed, "look_up", lambda *_: _raised(found.pop(0)))
    script.pushes = [AlreadyThere("taken"), AlreadyThere("taken"), AlreadyThere("taken")]
    conversation = Conversation(
        [sent(unsure=True) for _ in range(3)], label="Programmed", may_look_up=True, about=about
    )
    verdicts = [each for some in conversation.hold(Programmed(), wanted=lambda: True) for each in some.values()]
    assert [verdict.end for verdict in verdicts] == [End.UNKNOWN] * 3
    assert (script.batches, found) == ([3], [])


def _raised(found: ProviderError | None) -> None:
    if found is not None:
        raise found
