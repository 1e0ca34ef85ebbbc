"""Outbound changes as rows: who may send which, and how it ended. Claimed and settled like a sync.

An entry's later change waits for the earlier one; one worker at a time sends for a connection.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from organiser_portal.connections.each import write_each
from organiser_portal.connections.models import MENDABLE, Connection, OutboundChange, PushState
from organiser_portal.participants.mirror import mirror
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.services import NothingToMend, send_again, tell_all
from organiser_portal.sync.limits import LEASE
from organiser_portal.sync.settle import End, Verdict
from organiser_portal.sync.workers import is_dead, new_token
from providers.port import Action

WAITING = (PushState.QUEUED, PushState.UNKNOWN)
UNDER_WAY = (*WAITING, PushState.SENDING)
TOGETHER = 100  # as many as a bulk call takes
ONE_BY_ONE = 10  # each takes its turn at the provider, so more would be held for long
ON_ITS_WAY = timedelta(seconds=5)  # how long after its sender died a request may still be taken in
AT_WORK = timedelta(seconds=30)  # the same of an edit, which nothing keeps from coming last: as long as for an answer
BEARER = ("connection_id", "external_id", "pk")
CUT_OFF = "The worker that sent this went away; what it sent may be on its way. Checking before it is sent again."

type Found = tuple[int, str, int, str]  # change, state, entry, action


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A change that is ours to send. ``unsure``: it may have been sent before; look it up first.

    ``others_went``: others like it got through since it was tried last.
    """

    change: OutboundChange
    unsure: bool
    others_went: bool = False


def claimable(now: datetime) -> QuerySet[OutboundChange]:
    """What may be sent now: due, first in its entry's order, and, for an edit, of an entry the provider has.

    Not what may still be on its way, from a dead worker or to a slow server, whoever had it fall due.
    """
    earlier = OutboundChange.objects.filter(
        connection_id=OuterRef("connection_id"),
        entry_id=OuterRef("entry_id"),
        pk__lt=OuterRef("pk"),
        state__in=UNDER_WAY,
    )
    known_there = Entry.objects.filter(pk=OuterRef("entry_id"), external_id__isnull=False)
    return OutboundChange.objects.filter(
        Q(due_at=None) | Q(due_at__lte=now),
        Q(leased_until=None) | Q(leased_until__lte=now),
        ~Exists(earlier),
        Q(action=Action.ADD_ENTRY.value) | Exists(known_there),
        state__in=WAITING,
    )


def take(connection_id: int, *, now: datetime, most: int = TOGETHER, beside: Collection[str] = ()) -> list[Taken]:
    """Claim the next few changes of a connection, in order: new ones, which may go together, or a few others.

    None while another worker sends for it, or while the provider wants to be left alone. ``beside``: leases of our own.
    """
    ours = OutboundChange.objects.filter(connection_id=connection_id)
    free_abandoned(ours.exclude(lease__in=beside), now=now)
    token = new_token()
    with transaction.atomic():
        connection = Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
        if connection.quiet_until is not None and connection.quiet_until > now:
            return []
        held = ours.filter(state=PushState.SENDING, leased_until__gt=now)
        if held.exclude(lease__in=beside).exists():
            return []
        found = _alike(_first_in_line(claimable(now).filter(connection_id=connection_id), most))
        before = {pk: state for pk, state, _, _ in found}
        hold(entry_id for _, _, entry_id, _ in found)
        passed = _passed_by(ours, before)
        ours.filter(pk__in=before, state__in=WAITING).update(
            state=PushState.SENDING,
            lease=token,
            leased_until=now + LEASE,
            attempts=F("attempts") + 1,
            sent_at=now,
        )
        taken = list(ours.filter(lease=token).order_by("attempts", "pk"))
        mirror(change.entry_id for change in taken)
    unsure = {pk for pk, state in before.items() if state == PushState.UNKNOWN}
    return [Taken(change=each, unsure=each.pk in unsure, others_went=each.pk in passed) for each in taken]


def _passed_by(ours: QuerySet[OutboundChange], tried: Iterable[int]) -> set[int]:
    """Those of ``tried`` before which others have arrived, or been objected to, since they were tried last."""
    arrived = ours.filter(action=OuterRef("action"), settled_at__gt=OuterRef("sent_at"))
    others = arrived.filter(state__in=(PushState.CONFIRMED, PushState.REJECTED))
    return set(ours.filter(Exists(others), pk__in=tried, attempts__gt=0).values_list("pk", flat=True))


def _first_in_line(due: QuerySet[OutboundChange], most: int) -> list[Found]:
    """What is new as it came; then what was tried before, the seldomer the sooner.

    So what a provider chokes on, however much of it there is, stands in nobody's way.
    """
    told = due.values_list("pk", "state", "entry_id", "action")
    new = list(told.filter(state=PushState.QUEUED, attempts=0).order_by("pk")[:most])
    return new or list(told.order_by("attempts", "pk")[:most])


def _alike(found: Sequence[Found]) -> Sequence[Found]:
    """Those that go out as the first of them does: together in one call, or each in a call of its own."""
    together = [each for each in found if _goes_together(each)]
    if found and _goes_together(found[0]):
        return together
    return [each for each in found if each not in together][:ONE_BY_ONE]


def _goes_together(found: Found) -> bool:
    _, state, _, action = found
    return action == Action.ADD_ENTRY.value and state == PushState.QUEUED


def settle(change: OutboundChange, verdict: Verdict, *, now: datetime) -> bool:
    """Write how it ended, on the change and on its entry. False: another worker has it by now, nothing was written."""
    return bool(settle_all([(change, verdict)], now=now))


def settle_all(ended: Sequence[tuple[OutboundChange, Verdict]], *, now: datetime) -> list[End]:
    """The same for many in one transaction. Returns how those ended that were still ours."""
    if not ended:
        return []
    with transaction.atomic():
        numbers = hold(change.entry_id for change, _ in ended)
        rows = OutboundChange.objects.select_for_update().filter(pk__in=[change.pk for change, _ in ended])
        leases = dict(rows.order_by("pk").values_list("pk", "lease"))
        ours = [(change, verdict) for change, verdict in ended if leases.get(change.pk) == change.lease]
        verdicts = _taken_in(ours, numbers, now)
        settled = [(change, verdict) for (change, _), verdict in zip(ours, verdicts, strict=True)]
        _write(settled, now)
        for change, verdict in settled:
            if verdict.older and verdict.end is End.CONFIRMED:
                tell_all(entry=Entry.objects.get(pk=change.entry_id), by=change.created_by, now=now)
        _send_those_edited_meanwhile([change for change, verdict in settled if verdict.end is End.REJECTED], now)
        mirror(change.entry_id for change, _ in ours)
    return [verdict.end for verdict in verdicts]


def _send_those_edited_meanwhile(rejected: Sequence[OutboundChange], now: datetime) -> None:
    """An add that was refused is not what its entry says by now, where an edit waits behind it. It goes out again as
    the entry is; by itself the edit would wait for ever for an entry that is not there.
    """
    adds = {change.entry_id: change for change in rejected if change.action == Action.ADD_ENTRY.value}
    behind = OutboundChange.objects.filter(entry_id__in=adds, state=PushState.QUEUED) if adds else ()
    for entry in Entry.objects.filter(pk__in={change.entry_id for change in behind}).order_by("pk"):
        send_again(entry=entry, by=adds[entry.pk].created_by, now=now)


def _write(ended: Sequence[tuple[OutboundChange, Verdict]], now: datetime) -> None:
    """One statement for all that ended alike, as a batch mostly does, and one for the numbers they bear."""
    alike: defaultdict[str, list[int]] = defaultdict(list)
    columns: dict[str, dict[str, Any]] = {}
    for change, verdict in ended:
        told = _columns(verdict, now)
        columns[repr(told)] = told
        alike[repr(told)].append(change.pk)
    for name, pks in alike.items():
        OutboundChange.objects.filter(pk__in=pks).update(**columns[name])
    numbered = {change.pk: verdict.external_id for change, verdict in ended if verdict.external_id}
    write_each(OutboundChange, ["entry_external_id"], {pk: [number] for pk, number in numbered.items()})


def _columns(verdict: Verdict, now: datetime) -> dict[str, Any]:
    over = verdict.end not in (End.QUEUED, End.UNKNOWN)
    return {
        "state": verdict.end.value,
        "message": verdict.message,
        "error_kind": verdict.kind[:40],
        "field_errors": {name: list(texts) for name, texts in verdict.field_errors.items()},
        "request_id": verdict.request_id[:40],
        "due_at": None if over else now + timedelta(seconds=verdict.retry_in or 0),
        "settled_at": now if over else None,
        "lease": "",
        "leased_until": now + AT_WORK if verdict.on_its_way else None,
        **({"attempts": F("attempts") - 1} if verdict.unsaid else {}),
    }


def _taken_in(
    ended: Sequence[tuple[OutboundChange, Verdict]], numbers: Mapping[int, str | None], now: datetime
) -> list[Verdict]:
    """What the provider has by now: the entries bear their numbers there, and their history says so.

    ``numbers``: entry → the one it bears already.
    """
    confirmed = [(change, verdict) for change, verdict in ended if verdict.end is End.CONFIRMED]
    if not confirmed:
        return [verdict for _, verdict in ended]
    bearers = _bearers(confirmed)
    verdicts: list[Verdict] = []
    told: dict[int, str | None] = {}
    revisions: list[Revision] = []
    for change, verdict in ended:
        entry_id, number = change.entry_id, verdict.external_id
        if verdict.end is End.CONFIRMED and entry_id in numbers:
            if number and bearers.setdefault((change.connection_id, number), entry_id) != entry_id:
                message = f"Another entry here bears the same number there, {number}."
                verdict = Verdict(end=End.NEEDS_PERSON, message=message)
            else:
                before = told.get(entry_id, numbers[entry_id])
                revisions.append(_revision(change, fresh=number if number != before else "", now=now))
                told[entry_id] = number or before
        verdicts.append(verdict)
    Entry.objects.filter(pk__in=told).update(last_seen=now, gone_at=None)
    write_each(Entry, ["external_id"], {pk: [number] for pk, number in told.items() if number != numbers[pk]})
    Revision.objects.bulk_create(revisions)
    return verdicts


def _bearers(confirmed: Sequence[tuple[OutboundChange, Verdict]]) -> dict[tuple[int, str], int]:
    """Who bears these numbers already: (connection, number) → entry."""
    connections = {row.connection_id for row, _ in confirmed}
    numbers = {verdict.external_id for _, verdict in confirmed if verdict.external_id}
    bearing = Entry.objects.filter(connection_id__in=connections, external_id__in=numbers)
    return {(connection, number): pk for connection, number, pk in bearing.values_list(*BEARER)}


def _revision(change: OutboundChange, *, fresh: str, now: datetime) -> Revision:
    """``fresh``: the number it bears from now on, if it is another one than before."""
    return Revision(
        organisation_id=change.organisation_id,
        entry_id=change.entry_id,
        at=now,
        source="push",
        summary=f"Confirmed as number {fresh}" if fresh else "Change confirmed",
        changes=[],
    )


def hold(entry_ids: Iterable[int]) -> dict[int, str | None]:
    """Lock these entries, and say which number each bears there.

    Always before their changes, as whoever edits one does, so that nobody waits in a circle.
    """
    rows = Entry.objects.select_for_update(of=("self",)).filter(pk__in=set(entry_ids)).order_by("pk")
    return dict(rows.values_list("pk", "external_id"))


def free_abandoned(changes: QuerySet[OutboundChange], *, now: datetime) -> None:
    """What a dead worker was sending may or may not have arrived, and may be on its way yet: it is given a moment, so
    that it does not come after what is sent next.
    """
    held = changes.filter(state=PushState.SENDING).values_list("pk", "lease", "leased_until", "entry_id", "action")
    for pk, lease, until, entry_id, action in held:
        expired = until is None or until <= now
        if not expired and not is_dead(lease):
            continue
        with transaction.atomic():
            hold([entry_id])
            freed = OutboundChange.objects.filter(pk=pk, lease=lease, state=PushState.SENDING)
            moment = ON_ITS_WAY if action == Action.ADD_ENTRY else AT_WORK
            until = now if expired else now + moment
            said = {"message": CUT_OFF, "error_kind": ""}
            freed.update(state=PushState.UNKNOWN, lease="", leased_until=until, due_at=until, **said)
            mirror([entry_id])


def try_again(change: OutboundChange, *, due: datetime) -> bool:
    """A person wants it sent again, at ``due``. False: it is on its way, or over.

    What was refused says what the entry says by now, with whatever else of it was refused. What is being checked goes
    on being checked, and says so. Where it was not allowed, everything is tried that was not: the right is the key's.
    """
    if change.state in MENDABLE:
        entry = Entry.objects.filter(pk=change.entry_id).first()
        return entry is not None and _mended(entry, change, due)
    with transaction.atomic():
        hold([change.entry_id])
        rows = OutboundChange.objects.filter(pk=change.pk, state=change.state).filter(state__in=WAITING)
        told = change.message if change.state == PushState.UNKNOWN else ""
        again = bool(rows.update(due_at=due, attempts=0, message=told, error_kind="", field_errors={}))
    if again and change.is_denied:
        OutboundChange.objects.filter(connection=change.connection_id, due_at__gt=due).denied().put_forward(due)
    return again


def _mended(entry: Entry, change: OutboundChange, due: datetime) -> bool:
    try:
        send_again(entry=entry, by=change.created_by, now=due)
    except NothingToMend:
        return False
    return True
