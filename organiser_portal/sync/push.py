"""The push engine: take what waits, send it, settle each by its own answer; look up before anything goes out twice."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from secrets import SystemRandom

import httpx
from django.utils import timezone

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, Standing
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox, settle
from organiser_portal.sync.changes import UnreadableChange, read_change
from organiser_portal.sync.engine import park
from organiser_portal.sync.faults import scrubbed
from organiser_portal.sync.insist import insist
from organiser_portal.sync.outbox import Taken
from organiser_portal.sync.quiet import keep_quiet
from organiser_portal.sync.schedule import back_off
from organiser_portal.sync.settle import Attempt, End, Step, Verdict
from providers.errors import ProviderError
from providers.port import Action, Change, Outcome, Provider, Receipt

log = logging.getLogger(__name__)

TOGETHER = 100  # as many as a bulk call takes
UNREADABLE = Verdict(end=End.NEEDS_PERSON, message="What was to be sent cannot be read any more. Nothing was sent.")
chance = SystemRandom().random

type Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """A change of ours, and the same as the provider takes it."""

    row: OutboundChange
    unsure: bool
    change: Change

    @property
    def adds(self) -> bool:
        return self.change.action is Action.ADD_ENTRY


def drain(
    connection_id: int,
    *,
    clock: Clock = timezone.now,
    transport: httpx.BaseTransport | None = None,
    budget: timedelta | None = None,
) -> Counter[str]:
    """Send what is due of one connection until nothing is left or the provider wants no more. Returns ends by state."""
    connection = Connection.objects.select_related("organisation").get(pk=connection_id)
    ends: Counter[str] = Counter()
    started, account = clock(), _account(connection)
    with ExitStack() as stack:
        opened = cache(lambda: stack.enter_context(gateway.open_provider(connection, transport=transport)))
        while connection.standing == Standing.WORKING and not (budget and clock() - started > budget):
            taken = outbox.take(connection_id, now=clock(), most=TOGETHER)
            if not taken:
                break
            if not _Batch(connection=connection, clock=clock, ends=ends).send(taken, opened):
                break
            connection.refresh_from_db()
            if _account(connection) != account:
                break  # what is open was opened with another key; whoever is handed the rest opens it anew
    return ends


def _account(connection: Connection) -> tuple[object, ...]:
    return (bytes(connection.sealed_credentials), connection.base_url, connection.settings)


class _Batch:
    """A few changes under one lease. Whatever happens, each of them is settled or given back."""

    def __init__(self, *, connection: Connection, clock: Clock, ends: Counter[str]) -> None:
        face = gateway.face(connection.provider)
        self._connection = connection
        self._clock = clock
        self._ends = ends
        self._open: dict[int, Sent] = {}
        self._stopped: Verdict | None = None
        self._label = face.label
        self._may_look_up = face.capabilities.look_up_entry

    def send(self, taken: Sequence[Taken], opened: Callable[[], Provider]) -> bool:
        """``opened`` gives the client, or raises. False: the provider wants no more for now."""
        self._open = {sent.row.pk: sent for sent in self._read(taken)}
        try:
            self._send_all(opened())
        except ProviderError as error:  # what is still open was not sent
            for sent in list(self._open.values()):
                self._close(sent, settle.without_sending(error, self._attempt(sent), unsure=sent.unsure))
        except Exception as error:
            insist(lambda: self._give_back(unsure=True))
            log.error("connection %s: %s", self._connection.pk, type(error).__name__)
            raise scrubbed(error) from None
        self._give_back(unsure=False)
        return self._stopped is None

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
            self._ends[End.NEEDS_PERSON] += outbox.settle(row, UNREADABLE, now=self._clock())
            return None
        return Sent(row=row, unsure=taken.unsure, change=change)

    def _send_all(self, provider: Provider) -> None:
        """First what may be there already, then what is new, then what has changed."""
        sent = list(self._open.values())
        for each in sent:
            if each.adds and each.unsure:
                self._find(each, provider)
        self._send_adds([each for each in sent if each.adds and not each.unsure], provider)
        for each in sent:
            if not each.adds:
                self._send_one(each, provider)

    def _send_adds(self, adds: Sequence[Sent], provider: Provider) -> None:
        if len(adds) < 2:
            for each in adds:
                self._send_one(each, provider)
        elif self._stopped is None:
            outcomes = dict(zip(adds, provider.push_many([each.change for each in adds]), strict=True))
            verdicts = {each: settle.verdict(outcome, self._attempt(each)) for each, outcome in outcomes.items()}
            self._close_all({each: verdict for each, verdict in verdicts.items() if isinstance(verdict, Verdict)})
            for each, verdict in verdicts.items():
                if verdict is Step.LOOK_UP:
                    self._settle(each, outcomes[each], provider)

    def _send_one(self, sent: Sent, provider: Provider) -> None:
        if self._stopped is None:
            self._settle(sent, _pushed(provider, sent.change), provider)

    def _settle(self, sent: Sent, outcome: Outcome, provider: Provider) -> None:
        attempt = self._attempt(sent)
        verdict = settle.verdict(outcome, attempt)
        if isinstance(verdict, Verdict):
            self._close(sent, verdict)
        elif self._stopped is None:
            self._find(sent, provider)
        elif isinstance(outcome, ProviderError):
            self._close(sent, settle.without_sending(outcome, attempt, unsure=True))

    def _find(self, sent: Sent, provider: Provider) -> None:
        """Is it there? If not, it is sent once more, under the same reference."""
        if self._stopped is not None:
            return
        attempt = self._attempt(sent)
        if not self._may_look_up:
            self._close(sent, settle.cannot_look_up(attempt))
            return
        verdict = settle.after_look_up(_looked_up(provider, sent.change.reference), attempt)
        if isinstance(verdict, Step):
            outcome = _pushed(provider, sent.change)
            verdict = settle.verdict(outcome, attempt)
            if isinstance(outcome, ProviderError) and isinstance(verdict, Step):
                verdict = settle.still_unknown(outcome, attempt)
        assert isinstance(verdict, Verdict)
        self._close(sent, verdict)

    def _attempt(self, sent: Sent) -> Attempt:
        return Attempt(
            change=sent.change,
            label=self._label,
            tries=sent.row.attempts,
            jitter=chance(),
            may_look_up=self._may_look_up,
        )

    def _close(self, sent: Sent, verdict: Verdict) -> None:
        self._close_all({sent: verdict})

    def _close_all(self, verdicts: Mapping[Sent, Verdict]) -> None:
        now = self._clock()
        for verdict in verdicts.values():
            self._heed(verdict, now)
        settled = outbox.settle_all([(sent.row, verdict) for sent, verdict in verdicts.items()], now=now)
        self._ends.update(end.value for end in settled)
        if len(settled) < len(verdicts):
            log.warning("connection %s: another worker has taken over", self._connection.pk)
        for sent in verdicts:
            self._open.pop(sent.row.pk, None)

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

    def _give_back(self, *, unsure: bool) -> None:
        """What was claimed and has no answer. ``unsure``: we were cut short, and anything may have gone out."""
        left = [(sent.row, self._returned(sent, unsure=unsure)) for sent in self._open.values()]
        outbox.settle_all(left, now=self._clock())
        self._open.clear()

    def _returned(self, sent: Sent, *, unsure: bool) -> Verdict:
        wait = self._stopped.retry_in if self._stopped else None
        doubtful = sent.unsure or unsure
        return Verdict(
            end=End.UNKNOWN if doubtful else End.QUEUED,
            message=self._stopped.message if self._stopped and not doubtful else sent.row.message,
            retry_in=back_off_seconds(sent) if wait is None else wait,
        )


def back_off_seconds(sent: Sent) -> float:
    return back_off(sent.row.attempts, jitter=chance()).total_seconds()


def _pushed(provider: Provider, change: Change) -> Outcome:
    try:
        return provider.push(change)
    except ProviderError as error:
        return error


def _looked_up(provider: Provider, reference: str) -> Receipt | ProviderError | None:
    try:
        return provider.look_up(reference)
    except ProviderError as error:
        return error
