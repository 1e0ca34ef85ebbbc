"""Results credited and decided, in v1: both go through its import, which works in a queue and tells of it in a log."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b

from providers.errors import (
    AccessDenied,
    AlreadyThere,
    FieldError,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    Refused,
    UnexpectedReply,
)
from providers.operations import Done, Verb
from providers.port import Received
from providers.records import Kind
from providers.trackier.adapter import Doer, Place, Values, id_of, read_again
from providers.trackier.calls import Calls, or_unknown, part, path_id
from providers.trackier.envelopes import held
from providers.trackier.faults import says_nothing
from providers.trackier.operations import as_number, refused
from providers.trackier.quirks import SLOW_CLOCK, Object, as_list, as_map, born, moment, words
from providers.trackier.v1_log import Log
from providers.trackier.windows import DAY, Window

AT_ONCE = 50  # results in one import: more than ten errors halt it part-way
PAUSES = (2.0, 4.0, 8.0)  # seconds; somebody is waiting at a page
TELLS = ("Total Processed", "Imported", "Edited", "Errors")
# In which currencies an import takes a sale; ours may be another.
SALE_CURRENCIES = frozenset(["USD", "INR", "AUD", "EUR", "TRY", "IDR", "THB", "MYR", "PHP", "VND", "RUR", "PLN"])
OVER = ("completed", "failed")
MAY_ARRIVE = timedelta(minutes=2)  # how long after it was sent a request may still be taken in
MAY_QUEUE = timedelta(hours=1)  # what stands in the queue for longer has been forgotten there
MARK = "credit "
ON_ITS_WAY = "This was sent before, and Trackier may not be done with it yet. Try again in a few minutes."
QUEUED = "Trackier has it in its queue and is not done yet: look at it again in a few minutes."


class ResultDesk:
    """``learned``: of what is being credited, when it was sent; ``keep`` has it written down at once, so that whoever
    is killed in the middle leaves it behind.
    """

    def __init__(
        self,
        calls: Calls,
        log: Log,
        place: Callable[[], Place],
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        learned: dict[str, str],
        keep: Callable[[], None],
    ) -> None:
        self._calls = calls
        self._log = log
        self._place = place
        self._clock = clock
        self._sleep = sleep
        self._learned = learned
        self._keep = keep

    def doers(self) -> Mapping[Verb, Doer]:
        return {Verb.CREDIT_RESULT: self.credit, Verb.DECIDE_RESULTS: self.decide}

    def credit(self, campaign: str, values: Values) -> Done:
        """One result by hand. One with this transaction id is credited once: it is looked for first."""
        place = self._place()
        partner, transaction = path_id("partner", str(values["partner"])), str(values["transaction"])
        mark = _mark(partner, transaction)
        self._not_on_its_way(mark)
        if self._credited(partner, transaction):
            self._learned.pop(mark, None)
            taken = "A result with this ID is credited to this partner already."
            raise AlreadyThere(taken, field_errors={"transaction": [FieldError(rule="taken", text=taken)]})
        amounts = {"payout": "payout", "revenue": "revenue", "sale": "sale_amount"}
        item: Object = {
            "campaign_id": part(campaign),
            "publisher_id": partner,
            "txn_id": transaction,
            "status": values["status"],
            "currency": place.currency or "USD",
        } | {theirs: as_number(values[ours]) for ours, theirs in amounts.items() if values.get(ours) is not None}
        self._note_sent(mark)
        try:
            facts = self._imported([item], lambda: bool(self._credited(partner, transaction)))
        except OutcomeUnknown:
            raise
        except ProviderError:
            del self._learned[mark]
            raise
        if "sale_amount" in item and place.currency not in SALE_CURRENCIES:
            facts += (("Note", f"Trackier's list of sale currencies has no {place.currency}: look at the sale there."),)
        found = self._again(lambda: self._credited(partner, transaction))
        if found:
            del self._learned[mark]
        made = found[0].external_id if found else ""
        return Done(external_id=made, facts=facts, refreshed=found)

    def decide(self, partner: str, values: Values) -> Done:
        """Approve, reject or cancel. What Trackier's log says afterwards counts."""
        chosen, status = [path_id("results", each) for each in as_texts(values["results"])], str(values["status"])
        if len(chosen) > AT_ONCE:
            raise refused("results", f"At most {AT_ONCE} at once.")
        currency = self._place().currency or "USD"
        items = [{"conversion_id": each, "status": status, "currency": currency} for each in chosen]
        facts = self._imported(items, lambda: self._is_decided(partner, chosen, status))
        found = self._again(lambda: self._named(partner, chosen))
        left = [each for each in found if not _has(each, status)]
        if left and not facts:
            facts = (("Warning", f"{len(left)} of {len(chosen)} are not {status} at Trackier: look at them there."),)
        return Done(external_id=partner, facts=facts, refreshed=found)

    def _imported(self, items: Sequence[Object], is_done: Callable[[], bool]) -> tuple[tuple[str, str], ...]:
        """Sent once and followed. Raises Refused where Trackier's log tells of errors. Facts: what is not clear yet.

        After a lost answer a job of that time may be somebody else's, or the one before: it only tells how long to
        wait. What counts is what the results say by then (``is_done``).
        """
        sent_at = self._clock()
        try:
            job = as_map(held(self._calls.post("/network/conversion-import", {"conversions": items}), "job"))
        except OutcomeUnknown as lost:
            with suppress(ProviderError):
                if found := self._job_since(sent_at):
                    self._followed(id_of(found, ("_id",)), len(items))
            or_unknown(lost, is_done)
            return ()
        return self._followed(id_of(job, ("_id",)), len(items))

    def _is_decided(self, partner: str, chosen: Sequence[str], status: str) -> bool:
        found = self._named(partner, chosen)
        return {each.external_id for each in found if _has(each, status)} == set(chosen)

    def _not_on_its_way(self, mark: str) -> None:
        """Raises Refused while it may arrive yet, or wait in the queue: in the log it is not then, and sent once more
        it would be credited twice. Where the queue may not be looked at, the log alone has to do.
        """
        sent_at = moment(self._learned.get(mark), UTC)
        if sent_at is None:
            return
        if self._clock() - sent_at < MAY_ARRIVE:
            raise refused("transaction", ON_ITS_WAY)
        try:
            queued = list(self._jobs_since(max(sent_at - SLOW_CLOCK, self._clock() - MAY_QUEUE)))
        except (AccessDenied, NotFound, UnexpectedReply) as error:
            if says_nothing(error):
                raise
            return
        if any(_state_of(job) not in OVER for job in queued):
            raise refused("transaction", ON_ITS_WAY)

    def _note_sent(self, mark: str) -> None:
        """What was noted so long ago that nothing comes of it any more is let go with it."""
        now = self._clock()
        for name, told in list(self._learned.items()):
            sent_at = moment(told, UTC) if name.startswith(MARK) else None
            if sent_at is not None and now - sent_at > MAY_QUEUE:
                del self._learned[name]
        self._learned[mark] = now.isoformat()
        self._keep()

    def _job_since(self, sent_at: datetime) -> Object:
        """The one import that was queued since; {} where there is none, or more than one."""
        found = list(self._jobs_since(sent_at - SLOW_CLOCK))
        return found[0] if len(found) == 1 else {}

    def _jobs_since(self, then: datetime) -> Iterator[Object]:
        """The imports of results among the latest jobs."""
        for job in map(as_map, as_list(held(self._calls.get("/jobs"), "jobs"))):
            created = moment(job.get("created"), UTC)
            if "conversion" in words(job.get("name")).lower() and created and created >= then:
                yield job

    def _followed(self, job: str, number: int) -> tuple[tuple[str, str], ...]:
        for pause in PAUSES:
            self._sleep(pause)
            try:
                answer = self._calls.get(f"/jobs/{part(job)}")
            except ProviderError:
                continue  # it is queued, whatever we can see of it
            status = _state_of(as_map(held(answer, "job")))
            if status not in OVER:
                continue
            told = " ".join(words(as_map(each).get("message")) for each in as_list(held(answer, "logs")))
            return _outcome(status, told, number)
        return (("Note", QUEUED),)

    def _credited(self, partner: str, transaction: str) -> tuple[Received, ...]:
        today = self._clock().astimezone(self._place().zone).date()
        since = self._place().since or today - 365 * DAY
        rows = self._rows(Window(since, today + DAY), partner, {"txnId": transaction})
        return tuple(
            found
            for row in rows
            if words(row.get("txnId")) == transaction
            for found in read_again(Kind.CONVERSION, id_of(row, ("_id",)), row)
        )

    def _named(self, partner: str, chosen: Sequence[str]) -> tuple[Received, ...]:
        """These, out of the days on which they were made: an id begins with its second."""
        days = [_day(each, self._place()) for each in chosen]
        known = [each for each in days if each]
        if not known:
            return ()
        rows = self._rows(Window(min(known) - DAY, max(known) + DAY), partner, {})
        return tuple(
            found
            for row in rows
            if (name := id_of(row, ("_id",))) in chosen
            for found in read_again(Kind.CONVERSION, name, row)
        )

    def _rows(self, window: Window, partner: str, filters: Mapping[str, str]) -> Iterator[Object]:
        for batch in self._log.read(window, partner=partner, filters=filters):
            yield from map(as_map, batch.found)

    def _again(self, read: Callable[[], tuple[Received, ...]]) -> tuple[Received, ...]:
        """What was done is done: a failure here is none of it."""
        try:
            return read()
        except ProviderError:
            return ()


def _mark(partner: str, transaction: str) -> str:
    return f"{MARK}{blake2b(f'{partner} {transaction}'.encode(), digest_size=8).hexdigest()}"


def _state_of(job: Object) -> str:
    return words(job.get("status")).lower()


def as_texts(values: object) -> list[str]:
    return [str(each) for each in values] if isinstance(values, list | tuple) else []


def _has(result: Received, status: str) -> bool:
    return f'"status":"{status}"'.encode() in result.payload.lower()


def _day(conversion: str, place: Place) -> date | None:
    made = born(conversion)
    return made.astimezone(place.zone).date() if made else None


def _outcome(status: str, told: str, number: int) -> tuple[tuple[str, str], ...]:
    """From the log's text, by its labels. Raises Refused where nothing was taken."""
    counts = {label: _counted(told, label) for label in TELLS}
    errors = counts["Errors"]
    if status == "failed" or errors:
        done = (counts["Imported"] or 0) + (counts["Edited"] or 0)
        sentence = f"Trackier took {done} of {number} and refused the others. {told[:200]}".strip()
        if not done:
            raise Refused(sentence)
        return (("Warning", sentence),)
    return () if errors is not None else (("Note", f"Trackier says: {told[:200]}" if told else QUEUED),)


def _counted(told: str, label: str) -> int | None:
    found = re.search(rf"{label}:\s*([0-9]+)", told)
    return int(found[1]) if found else None
