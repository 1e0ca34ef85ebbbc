"""What an answer to an outbound change means."""

from datetime import date

import pytest

from organiser_portal.participants.fields import about
from organiser_portal.sync.same_person import is_the_same
from organiser_portal.sync.settle import (
    MOST_LOOKS,
    Attempt,
    End,
    Step,
    Verdict,
    after_look_up,
    cannot_look_up,
    still_unknown,
    verdict,
    without_sending,
)
from providers.errors import (
    AccessDenied,
    AddressRefused,
    AlreadyThere,
    CredentialsRejected,
    FieldError,
    HostUnreachable,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
    Unsupported,
)
from providers.port import Action, Change
from providers.records import Answer, Person
from tests.sync.world import ada, receipt

BORN = date(1990, 3, 5)


def attempt(
    action: Action = Action.ADD_ENTRY, *, tries: int = 1, may_look_up: bool = True, unsure: bool = False
) -> Attempt:
    change = Change(action=action, reference="ref", race_id="R", person=ada(BORN))
    return Attempt(
        change=change, label="eventrac", tries=tries, jitter=0.5, may_look_up=may_look_up, unsure=unsure, about=about
    )


EDIT = attempt(Action.EDIT_ENTRY)
NO = {"email": [FieldError(rule="email", text="is not valid"), FieldError(rule="x", text="is odd")]}


@pytest.mark.parametrize(
    ("outcome", "end", "retry_in", "stops"),
    [
        (receipt("ref", "n1"), End.CONFIRMED, None, False),
        (Refused("no"), End.REJECTED, None, False),
        (NotFound("no race"), End.REJECTED, None, False),
        (Unsupported("never"), End.NEEDS_PERSON, None, False),
        (CredentialsRejected("key"), End.QUEUED, 0, True),
        (AddressRefused("where"), End.QUEUED, 0, True),
        (RateLimited("wait", retry_after=97), End.QUEUED, 97, True),
        (RateLimited("wait"), End.QUEUED, 240, True),
        (AccessDenied("not this"), End.QUEUED, 3_600, True),
        (ProviderUnavailable("down"), End.QUEUED, 240, True),
        (HostUnreachable("where", reason="dns"), End.QUEUED, 240, True),
        (UnexpectedReply("odd"), End.QUEUED, 240, True),
    ],
)
def test_every_answer_to_an_add_has_one_meaning(outcome, end, retry_in, stops) -> None:
    given = verdict(outcome, attempt(tries=3))
    assert isinstance(given, Verdict)
    assert (given.end, given.retry_in, given.stops) == (end, retry_in, stops)


@pytest.mark.parametrize("outcome", [AlreadyThere("taken"), OutcomeUnknown("lost")])
def test_an_add_that_may_be_there_is_looked_up(outcome: ProviderError) -> None:
    assert verdict(outcome, attempt()) is Step.LOOK_UP


@pytest.mark.parametrize("action", list(Action))
def test_a_provider_that_wants_a_rest_is_not_even_asked(action: Action) -> None:
    given = verdict(OutcomeUnknown("lost", retry_after=30), attempt(action))
    assert isinstance(given, Verdict)
    assert (given.end, given.retry_in, given.stops) == (End.UNKNOWN, 30, True)


def test_who_cannot_be_asked_leaves_it_to_a_person() -> None:
    given = verdict(OutcomeUnknown("lost"), attempt(may_look_up=False))
    assert given == cannot_look_up(attempt())
    assert given.end is End.NEEDS_PERSON


def test_an_edit_without_an_answer_goes_again() -> None:
    given = verdict(OutcomeUnknown("lost"), EDIT)
    assert isinstance(given, Verdict)
    assert (given.end, given.retry_in) == (End.UNKNOWN, 60)


def test_an_edit_of_what_is_not_there_needs_a_person() -> None:
    given = verdict(NotFound("gone"), EDIT)
    assert isinstance(given, Verdict)
    assert given.end is End.NEEDS_PERSON
    assert "or not with this key" in given.message


def test_a_refusal_says_what_on_which_field() -> None:
    given = verdict(Refused("no", field_errors=NO, request_id="r1"), attempt())
    assert isinstance(given, Verdict)
    assert given.message == "eventrac refused: e-mail: is not valid, is odd"
    assert given.field_errors == {"email": ["is not valid", "is odd"]}
    assert given.request_id == "r1"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("birth_date", "date of birth: no"),
        ("answers.7701", "Start pen: no"),
        ("answers.9", "answers: no"),
        ("orders.61001", "order: no"),
        ("affiliations.uk-athletics", "UK Athletics: no"),
        ("affiliations", "memberships: no"),
        ("emergency_phone", "emergency number: no"),
        ("race", "no"),
        ("", "no"),
    ],
)
def test_a_refusal_names_the_field_in_words(field: str, said: str) -> None:
    answer = Answer(question_id="7701", label="Start pen", value="88101")
    change = Change(action=Action.ADD_ENTRY, reference="ref", race_id="R", answers=(answer,))
    error = Refused("no", field_errors={field: [FieldError(rule="x", text="no")]})
    given = verdict(error, Attempt(change=change, label="eventrac", tries=1, jitter=0.5, about=about))
    assert isinstance(given, Verdict)
    assert given.message == f"eventrac refused: {said}"


def test_what_is_said_of_several_questions_is_said_once() -> None:
    errors = {f"answers.{number}": [FieldError(rule="_empty", text="Please answer")] for number in (1, 2)}
    given = verdict(Refused("no", field_errors=errors), attempt())
    assert isinstance(given, Verdict)
    assert (given.message, len(given.field_errors)) == ("eventrac refused: answers: Please answer", 2)


def test_only_a_key_or_an_address_parks_the_connection() -> None:
    for error in (CredentialsRejected("The key is wrong."), AddressRefused("Not there.")):
        given = verdict(error, attempt())
        assert isinstance(given, Verdict)
        assert given.parks == error.sentence
    for other in (RateLimited("w"), AccessDenied("a"), ProviderUnavailable("d"), Refused("r")):
        given = verdict(other, attempt())
        assert isinstance(given, Verdict)
        assert given.parks == ""


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, Step.SEND),
        (receipt("ref", "n1", person=ada(BORN)), End.CONFIRMED),
        (receipt("ref", "n1", person=Person(first_name="ADA", last_name="Býron")), End.CONFIRMED),
        (receipt("ref", "n1"), End.CONFIRMED),
        (receipt("ref", "n1", person=Person(first_name="Bea", last_name="Byron")), End.NEEDS_PERSON),
        (receipt("ref", "n1", race_id="other", person=ada(BORN)), End.NEEDS_PERSON),
        (receipt("ref", "n1", person=ada(date(1991, 3, 5))), End.NEEDS_PERSON),
        (ProviderUnavailable("down"), End.UNKNOWN),
        (CredentialsRejected("key"), End.UNKNOWN),
        (RateLimited("wait", retry_after=9), End.UNKNOWN),
    ],
)
def test_what_was_looked_up_decides(found, expected) -> None:
    given = after_look_up(found, attempt())
    assert (given if isinstance(given, Step) else given.end) is expected


def test_a_reference_that_is_taken_but_cannot_be_found_needs_a_person_in_the_end() -> None:
    assert still_unknown(AlreadyThere("taken"), attempt()).end is End.UNKNOWN
    told = still_unknown(AlreadyThere("taken"), attempt(tries=MOST_LOOKS))
    assert (told.end, told.message) == (
        End.NEEDS_PERSON,
        "eventrac says that this reference is taken, but shows no such entry. See there whether it has arrived.",
    )
    assert still_unknown(OutcomeUnknown("lost"), attempt()).end is End.UNKNOWN


@pytest.mark.parametrize(
    ("error", "alone"),
    [
        (OutcomeUnknown("failed"), True),
        (UnexpectedReply("odd"), True),
        (ProviderUnavailable("down"), True),
        (HostUnreachable("where", reason="dns"), False),
        (OutcomeUnknown("failed", retry_after=9), False),
        (RateLimited("wait"), False),
        (CredentialsRejected("key"), False),
    ],
)
def test_what_may_be_a_matter_of_one_entry_says_so(error: ProviderError, alone: bool) -> None:
    given = after_look_up(error, attempt())
    assert isinstance(given, Verdict)
    assert given.alone is alone


def test_what_may_have_gone_out_before_stays_unknown_when_nothing_can_be_sent_now() -> None:
    error = ProviderUnavailable("down")
    assert without_sending(error, attempt(unsure=True)).end is End.UNKNOWN
    assert without_sending(error, attempt()).end is End.QUEUED


@pytest.mark.parametrize(
    "error",
    [
        RateLimited("wait", retry_after=9),
        CredentialsRejected("key"),
        HostUnreachable("no", reason="dns"),
        AccessDenied("no"),
    ],
)
@pytest.mark.parametrize("action", list(Action)[:2])
def test_what_may_have_arrived_stays_unknown_when_it_is_sent_again_in_vain(error, action) -> None:
    told, again = verdict(error, attempt(action)), verdict(error, attempt(action, unsure=True))
    assert (told.end, again.end) == (End.QUEUED, End.UNKNOWN)
    assert (again.retry_in, again.stops, again.parks) == (told.retry_in, told.stops, told.parks)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("Zoë Anne", "ZOE ANNE", True),
        ("O’Brien", "O'Brien", True),
        ("Smith-Jones", "Smith Jones", True),
        ("Ann", "Anna", False),
        ("", "Anna", True),
        ("Ann", "", True),
    ],
)
def test_names_are_compared_without_what_travels_badly(ours: str, theirs: str, same: bool) -> None:
    change = Change(action=Action.ADD_ENTRY, reference="ref", race_id="R", person=Person(first_name=ours))
    found = receipt("ref", "n1", person=Person(first_name=theirs))
    assert is_the_same(change, found) is same
