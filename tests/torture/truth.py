"""What the providers hold is the truth: nothing may be missing here, doubled there, or invented anywhere."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import F

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, OutboundChange, PushState, SyncState
from organiser_portal.connections.telling import telling
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.sync.models import Outcome, SyncRun
from organiser_portal.sync.stores import MODELS
from providers.port import Received
from providers.records import Kind
from providers.sandbox import Sandbox

OVER = (PushState.CONFIRMED, PushState.REJECTED, PushState.NEEDS_PERSON, PushState.DISCARDED)


def differences(connection: Connection, sandbox: Sandbox) -> Iterator[str]:
    """Every listing of a connection that is walked, against a walk of our own that nothing disturbs."""
    theirs: dict[Kind, dict[str, bytes]] = {}
    for item in _walked(connection, sandbox):
        theirs.setdefault(item.kind, {})[item.external_id] = item.fingerprint
    for kind, there in theirs.items():
        rows = MODELS[kind]._default_manager.filter(connection=connection, gone_at=None, external_id__isnull=False)
        names = {field.name for field in MODELS[kind]._meta.concrete_fields}
        rows = rows.filter(stub=False) if "stub" in names else rows
        here = {row.external_id: bytes(row.fingerprint) for row in rows}
        yield from (
            f"{kind} {each} is lost{_trace(connection, kind, each)}" for each in sorted(there.keys() - here.keys())[:5]
        )
        yield from (f"{kind} {each} is invented" for each in sorted(here.keys() - there.keys())[:5])
        stale = [each for each in there.keys() & here.keys() if here[each] != there[each]]
        yield from (f"{kind} {each} is not as it is there" for each in sorted(stale)[:5])


def _trace(connection: Connection, kind: Kind, external_id: str) -> str:
    """What is left of a row that does not count, for whoever has to find out."""
    rows = MODELS[kind]._default_manager.filter(connection=connection, external_id=external_id)
    return "".join(f", though there as {vars(row)}" for row in rows)


def _walked(connection: Connection, sandbox: Sandbox) -> Iterator[Received]:
    connection.settings = {**connection.settings, "pace": "0"}
    walked = set(SyncState.objects.filter(connection=connection).values_list("resource", flat=True))
    with gateway.open_provider(connection, transport=sandbox.transport()) as provider:
        for resource in (each for each in provider.resources if each.key in walked):
            for page in provider.pull(resource.key, full=True, known=lambda kind: known(connection, kind)):
                yield from page.items
    connection.refresh_from_db()


def known(connection: Connection, kind: Kind) -> list[str]:
    rows = MODELS[kind]._default_manager.filter(connection=connection, gone_at=None, external_id__isnull=False)
    return list(rows.values_list("external_id", flat=True))


def participants_amiss(connection: Connection, sandbox: Sandbox) -> Iterator[str]:
    """The same for the people, straight from the sandbox's own rows."""
    there = {row.id for row in sandbox.letsdothis.organiser.participants}
    here = set(Entry.objects.filter(connection=connection, gone_at=None).values_list("external_id", flat=True))
    yield from (f"participant {each} is lost" for each in sorted(there - here)[:5])
    yield from (f"participant {each} is invented" for each in sorted(here - there)[:5])


def promises_broken(connection: Connection, sandbox: Sandbox) -> Iterator[str]:
    """Every change ended, and every entry that is confirmed is there once, as it is here."""
    stored: dict[str, list[dict[str, object]]] = {}
    for each in sandbox.eventrac.stored():
        stored.setdefault(str(each["external_reference"]), []).append(each)
    changes = OutboundChange.objects.filter(connection=connection)
    for change in changes.exclude(state__in=OVER):
        yield f"change {change.pk} is still {change.state}: {change.message}"
    adds = changes.filter(action="add_entry")
    entries = Entry.objects.in_bulk(adds.values_list("entry_id", flat=True))
    for change in adds:
        yield from _broken(change, entries[change.entry_id], stored.pop(change.reference, []))
    ours = set(Entry.objects.values_list("reference", flat=True))
    yield from (f"{reference} is there, but nobody's" for reference in stored.keys() & ours)
    for pk, times in Counter(
        Revision.objects.filter(source="push", summary__startswith="Confirmed as").values_list("entry_id", flat=True)
    ).items():
        if times > 1:
            yield f"entry {pk} was confirmed as new {times} times"


def _broken(change: OutboundChange, entry: Entry, there: list[dict[str, object]]) -> Iterator[str]:
    wanted = 1 if change.state == PushState.CONFIRMED else 0
    if len(there) != wanted:
        yield f"entry {entry.pk} ({change.state}) is there {len(there)} times"
    for each in there[:wanted]:
        if entry.external_id != str(each["id"]):
            yield f"entry {entry.pk} bears the number {entry.external_id}, there {each['id']}"
        names = (str(each["first_name"]), str(each["last_name"]))
        last = telling(OutboundChange.objects.filter(entry_id=entry.pk))[entry.pk]
        if last.state == PushState.CONFIRMED and names != (entry.first_name, entry.last_name):
            yield f"entry {entry.pk} is {entry.first_name} here and {names[0]} there: {list(_told_of(entry))}"
        if entry.push_state != last.state:
            yield f"entry {entry.pk} shows {entry.push_state}, its change is {last.state}"


def _told_of(entry: Entry) -> Iterator[str]:
    """Its changes in order, for whoever has to find out."""
    for change in OutboundChange.objects.filter(entry_id=entry.pk).order_by("pk"):
        said = change.values.get("person", {}).get("first_name")
        times = f"made {change.created_at:%H:%M:%S.%f} sent {change.sent_at} over {change.settled_at}"
        yield f"{change.pk} {change.action} {said} {change.state} after {change.attempts}: {times} {change.message}"


def unrecorded() -> Iterator[str]:
    """Every attempt ended, and what went wrong was told in one sentence."""
    for run in SyncRun.objects.filter(outcome=Outcome.RUNNING):
        yield f"run {run.pk} ({run.resource}) is open for ever"
    for run in SyncRun.objects.filter(outcome__in=[Outcome.FAILED, Outcome.ABANDONED], error_sentence=""):
        yield f"run {run.pk} ({run.resource}) ended {run.outcome} without a word"
    for run in SyncRun.objects.exclude(error_detail="").filter(error_kind="internal"):
        if not run.error_detail.endswith(("OperationalError", "InterfaceError", "AdminShutdown")):
            yield f"run {run.pk} ({run.resource}): a mistake of ours, {run.error_detail}"
    for state in SyncState.objects.exclude(lease=""):
        yield f"{state} is still leased"
    miscounted = SyncRun.objects.exclude(seen=F("new") + F("changed") + F("same") + F("rejected"))
    for run in miscounted:
        tally = f"{run.seen} seen, {run.new} new, {run.changed} changed, {run.same} same, {run.rejected} rejected"
        yield f"run {run.pk} ({run.resource}, {run.outcome}) does not add up: {tally}"
