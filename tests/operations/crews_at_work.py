"""Run by ``test_embedded`` in a process of its own: every crew, long work on the one queue, short work on the others.

Prints, as one JSON object, how many long jobs ran, how many seconds the short ones took together, and who listens.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable

import django
from celery import shared_task

django.setup()

from organiser_portal.embedded import CREWS, start_crew  # noqa: E402 - needs Django
from organiser_portal.operations.broker import listeners  # noqa: E402
from organiser_portal.sync.lanes import Lane  # noqa: E402

done: list[str] = []


@shared_task(name="tests.occupy")
def occupy() -> None:
    """As a first load would: for longer than anybody here looks."""
    done.append("long")
    threading.Event().wait(60)


@shared_task(name="tests.note")
def note(*, what: str) -> None:
    done.append(what)


def wait_for(happened: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)


for name, (lanes, threads) in CREWS.items():
    start_crew(name, lanes, threads)
for _ in range(20):
    occupy.apply_async(queue=Lane.WHOLE.value)
wait_for(lambda: "long" in done)
wait_for(lambda: len(listeners(patience=0.5)) == len(Lane))
began = time.monotonic()
short = {Lane.PUSH.value, Lane.SYNC.value, Lane.CLOCK.value}
for lane in short:
    note.apply_async(kwargs={"what": lane}, queue=lane)
wait_for(lambda: short <= set(done))
seconds = time.monotonic() - began
sys.stdout.write(json.dumps({"done": done, "seconds": seconds, "listeners": listeners(patience=0.5)}))
sys.stdout.flush()
os._exit(0)  # the long work is not waited for
