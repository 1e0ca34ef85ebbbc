"""Processor time is counted whole, also that of children which have ended meanwhile."""

import os
import subprocess
import sys

from benchmarks.processor import name_of, own_seconds_of, parent_of, seconds_of

NOBODY = 2**22 + 1  # larger than any process id
WORK = "import time\nwhile time.process_time() < 0.5: pass"


def test_what_a_child_has_used_is_not_lost_when_it_ends() -> None:
    before, own = seconds_of(os.getpid()), own_seconds_of(os.getpid())
    subprocess.run([sys.executable, "-c", WORK], check=True)
    assert seconds_of(os.getpid()) - before >= 0.29
    assert own_seconds_of(os.getpid()) - own < 0.29


def test_who_somebody_is_and_whose_child() -> None:
    assert parent_of(os.getpid()) == os.getppid()
    assert "python" in name_of(os.getpid())


def test_a_process_that_is_not_there() -> None:
    assert (seconds_of(NOBODY), own_seconds_of(NOBODY), parent_of(NOBODY), name_of(NOBODY)) == (0.0, 0.0, None, "")
