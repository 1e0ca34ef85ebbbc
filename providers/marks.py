"""Marks by the million in little room (`providers.pages.mark_of`).

They are SQLite's, in a database without a name: it is in memory as long as it is small, and what outgrows that lies in
a temporary file that is gone with it. So a listing of a million rows takes no more memory than one of a hundred
thousand.

Whatever is asked or told is one statement for many marks, and one row for an answer: SQLite lets other threads go on
with each row, and who came back from every single one would wait for them each time.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

IN_MEMORY = 4_000  # KB: some hundred thousand
SETTINGS = (f"cache_size=-{IN_MEMORY}", "journal_mode=off", "synchronous=off", "locking_mode=exclusive")
AT_ONCE = 4_096
LEAST, MOST = -(2**63), 2**63 - 1
SOME = "SELECT json_group_array(mark) FROM (SELECT mark FROM marks WHERE mark >= ? ORDER BY mark LIMIT ?)"
_stamps = msgspec.json.Decoder(dict[int, int])
_numbers = msgspec.json.Decoder(list[int])


class Marks:
    """A set of marks, each with a stamp. Any thread may use it, one at a time. Close it."""

    @cached_property
    def _database(self) -> sqlite3.Connection:
        made = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in SETTINGS:
            made.execute(f"PRAGMA {setting}")
        made.execute("CREATE TABLE marks (mark INTEGER PRIMARY KEY, stamp INTEGER NOT NULL)")
        made.execute("BEGIN")  # and never ended: nothing of it is to be kept
        return made

    def close(self) -> None:
        """What it held is gone, and so is its file."""
        if "_database" in self.__dict__:
            self._database.close()

    def known(self, marks: Iterable[int]) -> dict[int, int]:
        """Those of these that are there, with their stamps."""
        asked = "SELECT json_group_object(mark, stamp) FROM marks WHERE mark IN (SELECT value FROM json_each(?))"
        found = _stamps.decode(self._one(asked, _text(_signed(marks))))
        return dict(zip(_unsigned(found), found.values(), strict=True))

    def put(self, stamps: Mapping[int, int]) -> None:
        """These are there, with these stamps in place of any they had."""
        told = "INSERT OR REPLACE INTO marks SELECT CAST(key AS INTEGER), value FROM json_each(?)"
        signed = dict(zip(_signed(stamps), stamps.values(), strict=True))
        self._database.execute(told, (_text(signed),))

    def add(self, marks: Iterable[int]) -> int:
        """These are there. How many of them were not."""
        told = "INSERT OR IGNORE INTO marks SELECT value, 0 FROM json_each(?)"
        return self._database.execute(told, (_text(_signed(marks)),)).rowcount

    def parts(self) -> Iterator[bytes]:
        """All of them, each once, eight bytes each, some thousands at a time."""
        after = LEAST
        while after <= MOST:
            some = _numbers.decode(self._one(SOME, after, AT_ONCE))
            if not some:
                return
            yield array("q", some).tobytes()
            after = some[-1] + 1

    def _one(self, asked: str, *given: object) -> str:
        """The answer to a question that has one."""
        (answer,) = self._database.execute(asked, given).fetchone()
        return str(answer)


def _text(told: object) -> str:
    return msgspec.json.encode(told).decode()


def _signed(marks: Iterable[int]) -> list[int]:
    """As SQLite has numbers: the same eight bytes, read with a sign."""
    return array("q", array("Q", marks).tobytes()).tolist()


def _unsigned(numbers: Iterable[int]) -> list[int]:
    return array("Q", array("q", numbers).tobytes()).tolist()
