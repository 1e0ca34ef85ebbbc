"""Writes: one by one, and many at once."""

from collections.abc import Sequence
from itertools import batched

from providers.errors import (
    AccessDenied,
    CredentialsRejected,
    FieldError,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Refused,
    UnexpectedReply,
)
from providers.eventrac import bulk
from providers.eventrac.api import BULK_PATHS, Api
from providers.eventrac.mapping import identifier, person, read
from providers.eventrac.payloads import ParticipantPayload
from providers.eventrac.refusals import placed
from providers.eventrac.writing import homeless, participant
from providers.parsing import lenient, text
from providers.port import Action, Change, Outcome, Receipt
from providers.records import PERSON_FIELDS
from providers.replies import Reply, facts

LABEL = "eventrac"
BULK_CHUNK = 100
NO_SUCH_CALL = frozenset({404, 405})
MOST_DENIED = 3  # in a row; then it is a matter of the key, not of one race
UNNAMED_PAUSE = 60.0  # seconds, for a 429 that does not say how long
ENDS_THE_BATCH = (CredentialsRejected, RateLimited, ProviderUnavailable)  # the next one would fare no better


class Sender:
    """Sends changes. ``bulk_path`` is one of `BULK_PATHS`, or "auto": the one that was learned to work."""

    def __init__(self, api: Api, *, bulk_path: str, learned: dict[str, str]) -> None:
        self._api = api
        self._bulk_path = bulk_path
        self._learned = learned

    def send(self, change: Change) -> Receipt:
        if refusal := objection(change):
            raise refusal
        try:
            return self._add(change) if change.action is Action.ADD_ENTRY else self._edit(change)
        except Refused as error:
            raise placed(error, change) from None

    def send_many(self, changes: Sequence[Change]) -> list[Outcome]:
        """Adds in bulk if there are several, edits one by one; outcomes in the order given."""
        outcomes: dict[int, Outcome] = {}
        adds = [index for index, each in enumerate(changes) if each.action is Action.ADD_ENTRY and not objection(each)]
        adds = adds if len(adds) > 1 else []
        stopped: ProviderError | None = None
        for chunk in batched(adds, BULK_CHUNK):
            if stopped is None:
                settled, stopped = self._add_many([changes[index] for index in chunk])
                outcomes.update(zip(chunk, settled, strict=True))
            else:
                outcomes.update(dict.fromkeys(chunk, stopped))
        rest = [index for index in range(len(changes)) if index not in outcomes]
        outcomes.update(zip(rest, self._one_by_one([changes[index] for index in rest], stopped), strict=True))
        return [outcomes[index] for index in range(len(changes))]

    def look_up(self, reference: str) -> Receipt | None:
        raw = self._api.participant(reference)
        if raw is None:
            return None
        sent = read(raw, ParticipantPayload)
        external_id = lenient(identifier, sent.id, "")
        if not external_id:
            raise UnexpectedReply(f"{LABEL} answered with an entry that has no id.")
        return Receipt(
            reference=reference,
            external_id=external_id,
            race_id=lenient(text, sent.race_id, ""),
            person=person(sent),
            payload=raw,
        )

    def _add(self, change: Change) -> Receipt:
        raw, reply = self._api.add(change.race_id, participant(change))
        return _receipt(change, raw, reply)

    def _edit(self, change: Change) -> Receipt:
        """Only what changed; nothing at all where eventrac has no place for any of it."""
        warning = _left_out(change)
        as_known = Receipt(
            reference=change.reference, external_id=change.external_id, race_id=change.race_id, warning=warning
        )
        body = participant(change)
        if len(body) == 1:
            return as_known
        try:
            raw, reply = self._api.update(change.reference, body)
        except AccessDenied as error:
            raise NotFound(
                f"{LABEL} does not know this entry, or it was added with another key.",
                **error.call,
            ) from None
        return as_known if raw is None else _receipt(change, raw, reply, warning)

    def _one_by_one(self, changes: Sequence[Change], stopped: ProviderError | None) -> list[Outcome]:
        outcomes: list[Outcome] = []
        denied = 0
        for change in changes:
            outcome = stopped or self._outcome(change)
            denied = denied + 1 if isinstance(outcome, AccessDenied) else 0
            ends = isinstance(outcome, ENDS_THE_BATCH) or denied >= MOST_DENIED
            stopped = outcome if ends and isinstance(outcome, ProviderError) else None
            outcomes.append(outcome)
        return outcomes

    def _outcome(self, change: Change) -> Outcome:
        try:
            return self.send(change)
        except ProviderError as error:
            return error

    def _add_many(self, changes: Sequence[Change]) -> tuple[list[Outcome], ProviderError | None]:
        """One chunk, and the error (if any) that makes sending more pointless."""
        try:
            reply = self._post_many(changes)
        except ENDS_THE_BATCH as error:
            return list[Outcome]([error] * len(changes)), error
        except (Refused, NotFound, AccessDenied, UnexpectedReply):
            outcomes = self._one_by_one(changes, None)  # the call as a whole was declined: nothing of it is stored
            last = outcomes[-1]
            return outcomes, last if isinstance(last, ENDS_THE_BATCH) else None
        except OutcomeUnknown as error:
            not_now = ProviderUnavailable(f"{LABEL} did not answer the batch before this one.")
            return list[Outcome]([error] * len(changes)), not_now
        return self._settle(changes, reply)

    def _post_many(self, changes: Sequence[Change]) -> Reply:
        """To the path that works. Which one it is may be tried out only where nothing can have been stored."""
        bodies = [{"race_id": _number(each.race_id), **participant(each)} for each in changes]
        first, *others = self._paths()
        try:
            return self._api.add_many(first, bodies)
        except (NotFound, UnexpectedReply) as error:
            if not others or error.status not in NO_SUCH_CALL:
                raise
        reply = self._api.add_many(others[0], bodies)
        self._learned["bulk_path"] = others[0]
        return reply

    def _paths(self) -> list[str]:
        if self._bulk_path in BULK_PATHS:
            return [self._bulk_path]
        learned = self._learned.get("bulk_path", "")
        return sorted(BULK_PATHS, key=lambda path: path != learned)

    def _settle(self, changes: Sequence[Change], reply: Reply) -> tuple[list[Outcome], ProviderError | None]:
        """What the answer says of each, and what asking for the others says: until eventrac wants no more of it."""
        answered = bulk.items(reply.body) or []
        settled: dict[int, Outcome] = dict(bulk.match(changes, answered, reply))
        missing: list[int] = []
        stopped: ProviderError | None = None
        for index, change in enumerate(changes):
            if index in settled:
                continue
            found = stopped or self._asked(change.reference)
            stopped = found if isinstance(found, ENDS_THE_BATCH) else None
            if found is None:
                missing.append(index)
            settled[index] = _found(found, change, reply)
        objection = bulk.lone_objection(answered)
        if objection is not None and len(missing) == 1 and stopped is None:
            settled[missing[0]] = bulk.refusal(changes[missing[0]], objection[0], reply)
        return [settled[index] for index in range(len(changes))], stopped

    def _asked(self, reference: str) -> Receipt | ProviderError | None:
        try:
            return self.look_up(reference)
        except ProviderError as error:
            return error


def _found(found: Receipt | ProviderError | None, change: Change, reply: Reply) -> Outcome:
    """Third step: saved only if it was found, in its race. Who asked us to wait is not asked again before then."""
    if isinstance(found, Receipt) and found.race_id in {"", change.race_id}:
        return found
    if isinstance(found, RateLimited):
        return _open(reply, wait=found.retry_after or UNNAMED_PAUSE)
    return _open(reply, met=found if isinstance(found, ENDS_THE_BATCH) else None)


def objection(change: Change) -> Refused | None:
    """What we would not even send: without a reference an entry can neither be matched nor found again."""
    if not change.reference.strip("."):
        return _refused_here("reference", "An entry needs a reference before it can be sent.")
    if change.action is Action.ADD_ENTRY and not change.race_id:
        return _refused_here("race", "An entry needs a race.")
    return None


def _refused_here(field: str, text: str) -> Refused:
    return Refused(text, field_errors={field: [FieldError(rule="_required", text=text)]})


def _receipt(change: Change, raw: bytes, reply: Reply, warning: str = "") -> Receipt:
    """An answer need not repeat what was sent, so only its ids are looked at."""
    sent = read(raw, ParticipantPayload)
    external_id = lenient(identifier, sent.id, "")
    if not external_id:
        raise reply.unreadable("participant.id is missing")
    if change.external_id and change.external_id != external_id:
        warning = f"{LABEL} knows this entry as {external_id} now; it was {change.external_id}."
    return Receipt(
        reference=change.reference,
        external_id=external_id,
        race_id=lenient(text, sent.race_id, "") or change.race_id,
        payload=raw,
        warning=warning,
    )


def _open(reply: Reply, *, wait: float | None = None, met: ProviderError | None = None) -> OutcomeUnknown:
    return OutcomeUnknown(f"{LABEL} did not say what became of this entry.", retry_after=wait, met=met, **facts(reply))


def _left_out(change: Change) -> str:
    fields = [name.replace("_", " ") for name in homeless(change) if name in PERSON_FIELDS]
    return f"{LABEL} has no place for: {', '.join(fields)}. Kept here only." if fields else ""


def _number(race_id: str) -> int | str:
    return int(race_id) if race_id.isdecimal() else race_id
