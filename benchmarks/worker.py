"""A Celery worker as it is deployed, for as long as a measurement lasts."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.portal import ROOT


@contextmanager
def working(processes: int) -> "Iterator[subprocess.Popen[bytes]]":
    """One that serves every queue of the portal that this process' environment names."""
    crew = ["worker", "--concurrency", str(processes), "-n", "bench@portal", "--loglevel", "ERROR"]
    command = [sys.executable, "-m", "celery", "-A", "organiser_portal", *crew]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=60)
