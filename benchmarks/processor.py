"""Processor time of processes that are running, from Linux' own books: a busy machine changes it little."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """What a process, its threads and its children have used. 0 when it is not there any more."""
    return own_seconds_of(pid) + sum(seconds_of(child) for child in _children(pid))


def own_seconds_of(pid: int) -> float:
    """Without its children."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / TICK


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        return [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []
