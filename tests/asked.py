"""What each test asked of SQLite, so that PostgreSQL is asked everything once and not everything again.

While `ASKED` names a folder, SQLite's run notes there of each test that passes which statements it sent, by their form
and by the line of the portal that sent them. PostgreSQL's run then leaves out a test all of whose statements others
send as well. Tests that were not run on SQLite, or that commit, or that are new to the folder, are never left out.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

PORTAL = str(Path(__file__).resolve().parent.parent / "organiser_portal")
LIST = re.compile(r"\(%s(?:, %s)+\)")  # so many values as there were rows or choices
ROWS = re.compile(r"(\([^()]*\))(?:, \1)+")
NUMBER = re.compile(r"\d+")  # of a savepoint, a limit, an alias


class Asked(NamedTuple):
    """``number`` of statements, and their ``kinds``: what stands for form and line together."""

    number: int
    kinds: frozenset[str]


def needed(asked: Mapping[str, Asked]) -> set[str]:
    """Of these tests, some that together ask every kind: those first that ask most that is new for what they cost."""
    left = set().union(*(each.kinds for each in asked.values()))
    rest, chosen = sorted(asked), set()
    while left:
        best = max(rest, key=lambda name: len(asked[name].kinds & left) / (asked[name].number + 10))
        chosen.add(best)
        left -= asked[best].kinds
        rest = [name for name in rest if not asked[name].kinds.isdisjoint(left)]
    return chosen


@lru_cache(maxsize=10_000)
def _kind(statement: str, sent_by: str) -> str:
    form = NUMBER.sub("0", ROWS.sub(r"\1", LIST.sub("(%s)", statement)))
    return hashlib.sha256(f"{sent_by} {form}".encode()).hexdigest()[:12]


def _sent_by() -> str:
    """The innermost line of the portal that is at work."""
    frame = sys._getframe(2)
    while frame.f_back is not None and not frame.f_code.co_filename.startswith(PORTAL):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame.f_back is not None else ""


class Notes:
    """Takes note of what is sent, by whatever connection of this process."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"{os.getpid()}.jsonl"
        self.kinds: list[str] = []
        self.passed = False
        connection_created.connect(self._listen)

    def _listen(self, connection: Any, **_: Any) -> None:
        if self._note not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._note)

    def _note(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.kinds.append(_kind(str(sql), _sent_by()))
        return execute(sql, params, many, context)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.passed = False
        yield
        self.passed = True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._listen(connection)  # the one that holds a database in memory was there before us
        self.kinds, self.passed = [], False
        result = yield
        if self.passed and self.kinds:
            with self.file.open("a") as file:
                file.write(json.dumps([item.nodeid, len(self.kinds), sorted(set(self.kinds))]) + "\n")
        return result


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return (mark is not None and mark.kwargs.get("transaction", False)) or "transactional_db" in item.fixturenames


def to_ask_again(folder: Path, items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Those of the tests that PostgreSQL is asked."""
    noted = (json.loads(line) for file in folder.glob("*.jsonl") for line in file.open())
    asked = {name: Asked(number, frozenset(kinds)) for name, number, kinds in noted}
    for item in items:
        if _commits(item):
            asked.pop(item.nodeid, None)
    here = {item.nodeid: asked[item.nodeid] for item in items if item.nodeid in asked}
    chosen = needed(here)
    return [item for item in items if item.nodeid not in here or item.nodeid in chosen]
