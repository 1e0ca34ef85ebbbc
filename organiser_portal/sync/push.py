"""The push engine: take what waits, send it, settle each by its own answer; look up before anything goes out twice."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

import httpx
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, Standing
from organiser_portal.core import leaving
from organiser_portal.core.insist import insist
from organiser_portal.core.logs import scrubbed
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox
from organiser_portal.sync.changes import UnreadableChange, read_change
from organiser_portal.sync.conversation import Conversation, Sent, Verdicts, chance
from organiser_portal.sync.following import have_counts_due, have_denied_due
from organiser_portal.sync.outbox import TOGETHER, Taken
from organiser_portal.sync.quiet import keep_quiet, park
from organiser_portal.sync.schedule import back_off
from organiser_portal.sync.sender import SendAhead
from organiser_portal.sync.settle import End, Verdict
from providers.errors import ProviderError
from providers.port import Action

log = logging.getLogger(__name__)

AT_ONCE = 2  # batches: one on the wire, one that waits for it
UNREADABLE = Verdict(end=End.NEEDS_PERSON, message="What was to be sent cannot be read any more. Nothing was sent.")

type Clock = Callable[[], datetime]


def drain(
    connection_id: int,
    *,
    clock: Clock = timezone.now,
    transport: httpx.BaseTransport | None = None,
    budget: timedelta | None = None,
) -> Counter[str]:
    """Send what is due of one connection until nothing is left or the provider wants no more. Returns ends by state."""
    connection = Connection.objects.select_related("organisation").get(pk=connection_id)
    desk = _Desk(connection=connection, clock=clock, budget=budget)
    if desk.claim():
        try:
            desk.send(transport)
        except Exception as error:
            insist(desk.give_back)
            log.error("connection %s: %s", connection_id, type(error).__name__)
            raise scrubbed(error) from None
    return desk.ends


class _Desk:
    """What is claimed and not settled yet, batch by batch. Whatever happens, each change is settled or given back."""

    def __init__(self, *, connection: Connection, clock: Clock, budget: timedelta | None) -> None:
        self.ends: Counter[str] = Counter()
        self._connection = connection
        self._clock = clock
        self._until = clock() + budget if budget else None
        self._account = _account(connection)
        self._open: dict[Conversation, dict[int, Sent]] = {}
        self._stopped: Verdict | None = None
        self._there_may_be_more = False

    def claim(self) -> Conversation | None:
        """The next batch; None: there is none, or none may be sent now."""
        while self._may_go_on() and (taken := self._taken()):
            if changes := self._read(taken):
                face = gateway.face(self._connection.provider)
                may_look_up = face.capabilities.look_up_entry
                batch = Conversation(changes, label=face.label, may_look_up=may_look_up, about=fields.about)
                self._open[batch] = {sent.row.pk: sent for sent in changes}
                return batch
        return None

    def send(self, transport: httpx.BaseTransport | None) -> None:
        """What was claimed, and whatever can be claimed meanwhile."""
        with ExitStack() as stack:
            try:
                provider = stack.enter_context(gateway.open_provider(self._connection, transport=transport))
            except ProviderError as error:
                self._put_off(error)
                return
            line = stack.enter_context(SendAhead(provider))
            for batch in self._open:
                line.send(batch)
            self._fill(line)
            while self._open:
                batch, verdicts = line.next()
                if verdicts is not None:
                    self._settle(batch, verdicts)
                else:
                    self._end(batch)
                    self._fill(line)

    def give_back(self) -> None:
        """Something went wrong here. Of a batch that had been begun, anything may have gone out."""
        for batch in list(self._open):
            self._return(batch, unsure=batch.begun, wait=None)

    def _may_go_on(self) -> bool:
        out_of_time = leaving.is_told() or (self._until is not None and self._clock() > self._until)
        if self._stopped is not None or out_of_time:
            return False
        self._connection.refresh_from_db()
        # What is open was opened with another key: whoever is handed the rest opens it anew.
        return self._connection.standing == Standing.WORKING and _account(self._connection) == self._account

    def _taken(self) -> list[Taken]:
        beside = {sent.row.lease for sents in self._open.values() for sent in sents.values()}
        taken = outbox.take(self._connection.pk, now=self._clock(), beside=beside)
        self._there_may_be_more = len(taken) == TOGETHER
        return taken

    def _fill(self, line: SendAhead) -> None:
        """Behind many that go together the next many wait, so that the line is never idle while we write."""
        if not self._may_go_on():
            line.stop()
        while not self._open or (self._there_may_be_more and len(self._open) < AT_ONCE):
            batch = self.claim()
            if batch is None:
                break
            line.send(batch)

    def _read(self, taken: Sequence[Taken]) -> list[Sent]:
        entries = [each.change.entry_id for each in taken]
        numbers = dict(Entry.objects.filter(pk__in=entries).values_list("pk", "external_id"))
        return [sent for each in taken if (sent := self._read_one(each, numbers.get(each.change.entry_id)))]

    def _read_one(self, taken: Taken, external_id: str | None) -> Sent | None:
        row = taken.change
        try:
            change = read_change(
                action=row.action,
                reference=row.reference,
                race_id=row.race_external_id,
                external_id=external_id or row.entry_external_id,
                values=row.values,
            )
        except UnreadableChange as error:
            log.error("change %s cannot be read (%s)", row.pk, error)
            self.ends[End.NEEDS_PERSON] += outbox.settle(row, UNREADABLE, now=self._clock())
            return None
        return Sent(row=row, unsure=taken.unsure, change=change, others_went=taken.others_went)

    def _put_off(self, error: ProviderError) -> None:
        for batch, sents in list(self._open.items()):
            self._settle(batch, {sent: batch.without_sending(error, sent) for sent in sents.values()})
            self._end(batch)

    def _settle(self, batch: Conversation, verdicts: Verdicts) -> None:
        now = self._clock()
        for verdict in verdicts.values():
            self._heed(verdict, now)
        settled = outbox.settle_all([(sent.row, verdict) for sent, verdict in verdicts.items()], now=now)
        self.ends.update(end.value for end in settled)
        if len(settled) < len(verdicts):
            log.warning("connection %s: another worker has taken over", self._connection.pk)
        if any(_is_added(sent, verdict) for sent, verdict in verdicts.items()):
            have_counts_due(self._connection, now=now)
        if any(_is_let_in(sent, verdict) for sent, verdict in verdicts.items()):
            have_denied_due(self._connection, now=now)
        for sent in verdicts:
            self._open[batch].pop(sent.row.pk, None)

    def _heed(self, verdict: Verdict, now: datetime) -> None:
        """What it means for everything else of this connection. Many under one wish are told once."""
        if verdict == self._stopped:
            return
        if verdict.parks:
            park(self._connection, reason=verdict.parks, now=now)
        if verdict.stops:
            self._stopped = verdict
        if verdict.quiet:
            keep_quiet(self._connection, until=now + timedelta(seconds=verdict.retry_in or 0))

    def _end(self, batch: Conversation) -> None:
        """What of it was not even said is due again when the provider wants more of us.

        Before those that failed, should it be a matter of theirs: else they would always be first in line.
        """
        wait = self._stopped.retry_in if self._stopped else 0.0
        if self._stopped and self._stopped.alone:
            wait = min(wait or 0.0, back_off(1, jitter=chance()).total_seconds())
        self._return(batch, unsure=False, wait=wait)

    def _return(self, batch: Conversation, *, unsure: bool, wait: float | None) -> None:
        left = self._open[batch].values()
        told = [(sent.row, self._returned(sent, unsure=unsure, wait=wait)) for sent in left]
        outbox.settle_all(told, now=self._clock())
        del self._open[batch]

    def _returned(self, sent: Sent, *, unsure: bool, wait: float | None) -> Verdict:
        unsaid, unsure = not unsure, unsure or sent.unsure
        told = self._stopped if self._stopped and not unsure else None
        return Verdict(
            end=End.UNKNOWN if unsure else End.QUEUED,
            message=told.message if told else sent.row.message,
            kind=told.kind if told else sent.row.error_kind,
            retry_in=back_off(sent.row.attempts, jitter=chance()).total_seconds() if wait is None else wait,
            unsaid=unsaid,
        )


def _is_added(sent: Sent, verdict: Verdict) -> bool:
    return sent.change.action is Action.ADD_ENTRY and verdict.end is End.CONFIRMED


def _is_let_in(sent: Sent, verdict: Verdict) -> bool:
    """Whether what was denied before is allowed by now; one that is objected to has come that far as well."""
    return sent.row.is_denied and verdict.end in (End.CONFIRMED, End.REJECTED)


def _account(connection: Connection) -> tuple[object, ...]:
    return (bytes(connection.sealed_credentials), connection.base_url, connection.settings)
