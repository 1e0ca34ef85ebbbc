"""The figures in Prometheus' words. Labels are providers, states and ids of connections: never a name.

Asked of the database at each scrape, so that it does not matter which of many processes answers. The process' own
figures (memory, processor time, open files) are those of the web process that happened to answer.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from organiser_portal.operations import figures, ticks


def exposition(*, now: datetime) -> bytes:
    """The page."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Portal(now))
    for process in (ProcessCollector, PlatformCollector, GCCollector):
        process(registry=registry)
    return generate_latest(registry)


class _Portal(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        yield from _runs(self._now)
        yield from _listings(self._now)
        yield from _connections(self._now)
        yield from _outbox(self._now)
        yield from _for_a_person()
        yield from _clock(self._now)


def _gauge(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"organiser_portal_{name}", says, labels=labels)


def _runs(now: datetime) -> Iterator[Metric]:
    ended = _gauge("runs_last_hour", "Runs that ended in the last hour.", "provider", "outcome")
    records = _gauge(
        "records_last_hour", "What runs that ended in the last hour did with records.", "provider", "tally"
    )
    requests = _gauge("requests_last_hour", "Requests of runs that ended in the last hour.", "provider")
    received = _gauge("received_bytes_last_hour", "Bytes received by runs that ended in the last hour.", "provider")
    sums: dict[tuple[str, str], int] = {}
    for runs in figures.runs(now):
        ended.add_metric([runs.provider, runs.outcome], runs.count)
        for name, number in {**runs.records, "_requests": runs.requests, "_bytes": runs.received_bytes}.items():
            sums[runs.provider, name] = sums.get((runs.provider, name), 0) + number
    for (provider, name), number in sums.items():
        match name:
            case "_requests":
                requests.add_metric([provider], number)
            case "_bytes":
                received.add_metric([provider], number)
            case _:
                records.add_metric([provider, name], number)
    yield from (ended, records, requests, received)


def _listings(now: datetime) -> Iterator[Metric]:
    due = _gauge("listings_due", "Listings that should be asked for by now and wait for a worker.", "provider")
    late = _gauge("listings_lateness_seconds", "How long the one that waits longest has been due.", "provider")
    running = _gauge("listings_running", "Listings that a worker is walking.", "provider")
    failing = _gauge("listings_failing", "Listings that failed three times in a row or more.", "provider")
    held = _gauge("listings_held", "Listings that the key may not read.", "provider")
    for listings in figures.listings(now):
        due.add_metric([listings.provider], listings.due)
        late.add_metric([listings.provider], listings.lateness)
        running.add_metric([listings.provider], listings.running)
        failing.add_metric([listings.provider], listings.failing)
        held.add_metric([listings.provider], listings.held)
    yield from (due, late, running, failing, held)


def _connections(now: datetime) -> Iterator[Metric]:
    standing = _gauge("connections", "Connections by how they stand.", "provider", "standing")
    for provider, how, count in figures.connections():
        standing.add_metric([provider, how], count)
    age = _gauge(
        "connection_age_seconds",
        f"Since all listings were last read to their end, of the {figures.MOST_CONNECTIONS} connections longest ago.",
        *("connection", "provider"),
    )
    for connection_id, provider, seconds in figures.ages(now):
        age.add_metric([str(connection_id), provider], seconds)
    yield from (standing, age)


def _outbox(now: datetime) -> Iterator[Metric]:
    changes = _gauge("outbound_changes", "Changes that are not over, by state.", "provider", "state")
    oldest = _gauge("outbound_oldest_seconds", "Since the oldest of them was saved.", "provider", "state")
    for provider, state, count, seconds in figures.outbox(now):
        changes.add_metric([provider, state], count)
        oldest.add_metric([provider, state], seconds)
    yield from (changes, oldest)


def _for_a_person() -> Iterator[Metric]:
    rejected = _gauge("rejected_records_open", "Records that could not be read, still so.", "provider")
    for provider, count in figures.rejected():
        rejected.add_metric([provider], count)
    alarms = _gauge("alarms_open", "Stale sources, by whose fault it is.", "fault")
    for fault, count in figures.alarms():
        alarms.add_metric([fault], count)
    conflicts = _gauge("conflicts_open", "Fields that both sides have changed.")
    conflicts.add_metric([], figures.conflicts())
    letters = _gauge("letters_waiting", "E-mails about alarms that still have to go out.")
    letters.add_metric([], figures.letters_waiting())
    yield from (rejected, alarms, conflicts, letters)


def _clock(now: datetime) -> Iterator[Metric]:
    """Absent until the clock has ticked for the first time."""
    beat = _gauge("beat_age_seconds", "Since the clock last ticked: beat, broker and a worker together.")
    workers = _gauge("workers", "Workers that listened to a queue when the clock last ticked.", "queue")
    tick = ticks.latest()
    if tick is not None:
        beat.add_metric([], max(0.0, (now - tick.at).total_seconds()))
        for queue, count in tick.workers.items():
            workers.add_metric([queue], count)
    yield from (beat, workers)
