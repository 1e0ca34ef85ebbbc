"""Processor time of processes that are running, from Linux' own books: a busy machine changes it little."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """What a process, its threads and its children have used, those that have ended among them. 0: it is not there."""
    return _ticks(pid, 4) / TICK + sum(seconds_of(child) for child in _children(pid))


def own_seconds_of(pid: int) -> float:
    """Without its children."""
    return _ticks(pid, 2) / TICK


def parent_of(pid: int) -> int | None:
    """None: there is no such process on this machine."""
    told = _told(pid)
    return int(told[1]) if told else None


def name_of(pid: int) -> str:
    """As the list of processes shows it, "" when it is not there any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _ticks(pid: int, columns: int) -> int:
    """Of its own in user and system mode; with four columns also of the children it has seen end."""
    return sum(map(int, _told(pid)[11 : 11 + columns]))


def _told(pid: int) -> list[str]:
    """What stands behind the name in ``stat``: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        return [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:
        return []
