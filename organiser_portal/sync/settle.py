"""What an answer to an outbound change means. Pure: outcomes in, verdicts out.

A promise ends confirmed, refused with a reason a person can act on, or in a person's hands. Until then it waits, or it
is not known what became of it; and what is not known is looked up before anything is sent again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus

from organiser_portal.sync.same_person import is_the_same
from organiser_portal.sync.schedule import back_off, denied_for, rest
from providers.errors import (
    AccessDenied,
    AddressRefused,
    AlreadyThere,
    CredentialsRejected,
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
from providers.port import Action, Change, Outcome, Receipt

MOST_LOOKS = 5  # within half an hour, for what is said to be there and is not shown
MOST_TURNED_AWAY = 8  # within two hours, for what the server will not have as it is
MOST_FAILED = 8  # the same, for what the server fails on while others go through
FAILED = (OutcomeUnknown, ProviderUnavailable, UnexpectedReply)

type About = Callable[[str, Mapping[str, str]], str]


class End(StrEnum):
    """Where a change stands after an attempt. The values are those of ``PushState``."""

    QUEUED = "queued"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"


class Step(StrEnum):
    """What to do before a verdict can be given."""

    LOOK_UP = "look_up"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``retry_in``: seconds until it is due again. ``field_errors``: our field name → texts. ``kind``: the class of the
    error that keeps it waiting, by name.

    ``stops``: nothing else of this connection would fare better now. ``parks``: why the connection waits for a person.
    ``quiet``: the provider wants to be left alone for as long as ``retry_in``. ``alone``: the server failed, or
    did not allow it, as it may on this change only; the next one tells. ``unsaid``: it was not even sent, and this was
    no try. ``on_its_way``: it was sent and not answered, and may be taken in yet.
    ``older``: it was there before this was sent, perhaps with what the entry said earlier.
    """

    end: End
    message: str = ""
    kind: str = ""
    external_id: str = ""
    field_errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    retry_in: float | None = None
    stops: bool = False
    parks: str = ""
    quiet: bool = False
    alone: bool = False
    unsaid: bool = False
    on_its_way: bool = False
    older: bool = False
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a verdict depends on besides the answer. ``tries`` from 1, this one included; ``jitter`` from 0 to 1.

    ``unsure``: an earlier try may have arrived. ``others_went``: others like it got through since it was tried last.
    ``about``: a field and the questions → what to call it in a sentence.
    """

    change: Change
    label: str
    tries: int
    jitter: float
    about: About
    may_look_up: bool = True
    unsure: bool = False
    others_went: bool = False

    @property
    def adds(self) -> bool:
        return self.change.action is Action.ADD_ENTRY

    @property
    def fails_alone(self) -> bool:
        """By now it is no outage that this meets: a person has to see to it."""
        return self.tries >= MOST_FAILED and self.others_went

    def called(self, name: str) -> str:
        return self.about(name, {answer.question_id: answer.label for answer in self.change.answers})


def verdict(outcome: Outcome, attempt: Attempt) -> Verdict | Step:
    """After sending. LOOK_UP: whether it is there has to be asked first; at once, unless the provider wants a rest."""
    match outcome:
        case Receipt():
            return _confirmed(outcome)
        case AlreadyThere() | OutcomeUnknown() if attempt.adds and not attempt.may_look_up:
            return cannot_look_up(attempt)
        case AlreadyThere() if attempt.adds:
            return Step.LOOK_UP
        case OutcomeUnknown(met=ProviderError() as met) if attempt.adds:
            return after_look_up(met, attempt)
        case OutcomeUnknown() if attempt.adds and not outcome.retry_after:
            return Step.LOOK_UP
        case OutcomeUnknown():
            return replace(_checking(attempt, outcome), on_its_way=True)
        case Refused():
            return _refused(outcome, attempt)
    return _not_sent(outcome, attempt)


def after_look_up(found: Receipt | ProviderError | None, attempt: Attempt) -> Verdict | Step:
    """After asking for the reference. SEND: it is certainly not there."""
    match found:
        case None:
            return Step.SEND
        case Receipt():
            return _confirmed(found) if is_the_same(attempt.change, found) else _another_person(attempt)
        case CredentialsRejected() | AddressRefused():
            return _checking(attempt, found, parks=True)
    return _checking(attempt, found)


def _confirmed(receipt: Receipt) -> Verdict:
    return Verdict(end=End.CONFIRMED, external_id=receipt.external_id, message=receipt.warning[:500])


def _refused(error: Refused, attempt: Attempt) -> Verdict:
    texts = {name: [each.text for each in errors] for name, errors in error.field_errors.items()}
    named = ((attempt.called(name), ", ".join(each)) for name, each in texts.items())
    said = dict.fromkeys(f"{name}: {told}" if name else told for name, told in named)
    message = f"{attempt.label} refused: {'; '.join(said)}" if said else error.sentence
    message = _perhaps_there(message, attempt)
    return Verdict(end=End.REJECTED, message=message[:500], field_errors=texts, request_id=error.request_id)


def _perhaps_there(message: str, attempt: Attempt) -> str:
    """Adds are looked up first; of an edit nobody can tell."""
    if attempt.adds or not attempt.unsure:
        return message
    return f"{message.rstrip('.')}. An earlier try may have arrived all the same: look there what it has."


def _not_sent(error: ProviderError, attempt: Attempt) -> Verdict:
    """Nothing was stored this time: it goes out later, or a person has to see to it.

    What an earlier try may have brought there stays unknown: nobody may take it for something that has not left.
    """
    told = _kept_back(error, attempt)
    if attempt.unsure and told.end is End.QUEUED:
        return replace(told, end=End.UNKNOWN, message=_checks(attempt))
    return told


def _kept_back(error: ProviderError, attempt: Attempt) -> Verdict:
    match error:
        case CredentialsRejected() | AddressRefused():
            return _later(error, 0, stops=True, parks=True)
        case RateLimited():
            return _later(error, _pause(error, attempt), stops=True)
        case AccessDenied():
            wait = denied_for(attempt.tries, jitter=attempt.jitter)
            return _later(error, wait.total_seconds(), stops=True, alone=True)
        case NotFound() if attempt.adds:
            gone = f"{attempt.label} does not know this race any more."
            return Verdict(end=End.REJECTED, message=gone, field_errors={"race": [gone]}, request_id=error.request_id)
        case NotFound():
            gone = f"{attempt.label} does not know this entry any more, or not with this key. Look for it there."
            return Verdict(end=End.NEEDS_PERSON, message=gone, request_id=error.request_id)
        case Unsupported():
            return Verdict(end=End.NEEDS_PERSON, message=error.sentence[:500])
        case UnexpectedReply() if attempt.fails_alone or (attempt.tries >= MOST_TURNED_AWAY and _is_turned_away(error)):
            message = _perhaps_there(
                f"{error.sentence} It was tried {attempt.tries} times. Mend it, or try again later.", attempt
            )
            return Verdict(end=End.NEEDS_PERSON, message=message[:500], request_id=error.request_id)
    return _later(error, _pause(error, attempt), stops=True, alone=isinstance(error, UnexpectedReply))


def _is_turned_away(error: ProviderError) -> bool:
    """By its status the request is at fault: too long, of a kind that is not let in, for another address."""
    return HTTPStatus.MULTIPLE_CHOICES <= (error.status or 0) < HTTPStatus.INTERNAL_SERVER_ERROR


def _later(
    error: ProviderError, seconds: float, *, stops: bool = False, parks: bool = False, alone: bool = False
) -> Verdict:
    return Verdict(
        end=End.QUEUED,
        message=error.sentence[:500],
        kind=type(error).__name__,
        retry_in=seconds,
        stops=stops,
        quiet=_wants_quiet(error),
        parks=error.sentence if parks else "",
        alone=alone,
        request_id=error.request_id,
    )


def without_sending(error: ProviderError, attempt: Attempt) -> Verdict:
    """It was never sent this time."""
    if not attempt.unsure:
        return _not_sent(error, attempt)
    return _checking(attempt, error, parks=isinstance(error, CredentialsRejected | AddressRefused))


def still_unknown(error: ProviderError, attempt: Attempt) -> Verdict:
    """Looked up, not there, sent again, and again no clear answer.

    What is said to be there and is not shown may be shown later; unless it would not be taken for other reasons either.
    """
    if not isinstance(error, AlreadyThere):
        return _checking(attempt, error)
    if error.field_errors.keys() - {"reference"}:
        return _refused(error, attempt)
    return _not_shown(attempt) if attempt.tries >= MOST_LOOKS else replace(_checking(attempt, error), stops=False)


def _checking(attempt: Attempt, error: ProviderError, *, parks: bool = False) -> Verdict:
    alone = isinstance(error, FAILED) and not isinstance(error, HostUnreachable) and not _wants_quiet(error)
    if alone and attempt.fails_alone:
        return _failed(attempt, error)
    return Verdict(
        end=End.UNKNOWN,
        message=_checks(attempt),
        kind=type(error).__name__,
        retry_in=0 if parks else _pause(error, attempt),
        stops=True,
        quiet=_wants_quiet(error),
        parks=error.sentence if parks else "",
        alone=alone,
        request_id=error.request_id,
    )


def _failed(attempt: Attempt, error: ProviderError) -> Verdict:
    said = f"{attempt.label} failed on this, though it was tried {attempt.tries} times and others went through."
    arrived = "" if attempt.adds else " It may have arrived all the same: look there what it has."
    message = f"{said}{arrived} Mend it, or try again later."
    return Verdict(end=End.NEEDS_PERSON, message=message, request_id=error.request_id)


def _checks(attempt: Attempt) -> str:
    return f"No clear answer came. Checking with {attempt.label} before anything is sent again."


def cannot_look_up(attempt: Attempt) -> Verdict:
    """It may be there, and only a person can find out."""
    message = f"No answer came, and {attempt.label} cannot be asked. See there whether this entry has arrived."
    return Verdict(end=End.NEEDS_PERSON, message=message)


def _another_person(attempt: Attempt) -> Verdict:
    message = (
        f"{attempt.label} has another person or race under this reference. Look there: if it is the same person, "
        "give the entry the same name and birth date here, and try again."
    )
    return Verdict(end=End.NEEDS_PERSON, message=message)


def _not_shown(attempt: Attempt) -> Verdict:
    said = f"{attempt.label} says that this reference is taken, but shows no such entry."
    return Verdict(end=End.NEEDS_PERSON, message=f"{said} See there whether it has arrived.")


def _wants_quiet(error: ProviderError) -> bool:
    return isinstance(error, RateLimited) or (isinstance(error, OutcomeUnknown) and bool(error.retry_after))


def _pause(error: ProviderError, attempt: Attempt) -> float:
    asked = error.retry_after if isinstance(error, RateLimited | OutcomeUnknown) else None
    wait = rest if isinstance(error, RateLimited) else back_off
    return wait(attempt.tries, jitter=attempt.jitter).total_seconds() if asked is None else asked
