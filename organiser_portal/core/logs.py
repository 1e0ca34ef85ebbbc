"""What a log line says besides its message: which request, task, run, connection and organisation it belongs to.

The ids are bound for as long as something is done, and stand on every line written meanwhile, ours or a library's.
Only ids are ever bound: no name, no address, no value of a record.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import override

from django.db import Error as DatabaseError
from pythonjsonlogger.json import JsonFormatter

NAMES = ("request_id", "task_id", "run_id", "connection_id", "organisation_id")
TOLD = ("time", "level", "logger", "message", *NAMES, "exc_info")
LEFT_OUT = "what the database said is left out here: it may quote a row"
# Of an invitation's and of a new password's address: whoever reads it could be there first.
_OPENS_AN_ACCOUNT = re.compile(r"(/invitations/|/reset/key/)[\w-]{16,}")
_bound: ContextVar[Mapping[str, str | int]] = ContextVar("logged_ids")

type ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def bound() -> Mapping[str, str | int]:
    """The ids that lines written now would bear."""
    return _bound.get({})


@contextmanager
def binding(**ids: str | int) -> Iterator[None]:
    """Have every line written inside bear these ids, beside those that are bound already. Names are those in NAMES."""
    token = _bound.set({**bound(), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


def bind(**ids: str | int) -> None:
    """The same until the surrounding ``binding`` ends: for what is only found out on the way."""
    _bound.set({**bound(), **ids})


class WithIds(logging.Filter):
    """Puts what is bound on the record; of a handler, so that lines of libraries bear it too."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in bound().items():
            setattr(record, name, value)
        return True


class _Discreet(logging.Formatter):
    """Where and what, but no address that opens an account, and not what a database said: it quotes the row that it
    would not take.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        return _OPENS_AN_ACCOUNT.sub(r"\1***", super().format(record))

    @override
    def formatException(self, ei: ErrorInfo) -> str:
        return "".join(_told(ei[1])).rstrip() if ei[1] is not None else ""


class Lines(_Discreet):
    """One line for people, with the ids behind the message."""

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        ids = [f"{name}={record.__dict__[name]}" for name in NAMES if name in record.__dict__]
        return " ".join([super().formatMessage(record), *ids])


class JsonLines(_Discreet, JsonFormatter):
    """One JSON object a line, for programs: time, level, logger, message, the ids, and ``exc_info`` of an error."""

    def __init__(self) -> None:
        names = {"levelname": "level", "name": "logger"}
        super().__init__(["levelname", "name", "message"], rename_fields=names, timestamp="time")

    @override
    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        """Not the loose ends that libraries hang on a line: a request, the arguments of a task."""
        return {name: log_data[name] for name in TOLD if name in log_data}


def scrubbed(error: Exception) -> Exception:
    """The error as it may reach a log, also where only its text does: without what a database said of a row.

    Raise it ``from None``.
    """
    return type(error)(LEFT_OUT).with_traceback(error.__traceback__) if _is_of_a_database(error) else error


def _told(error: BaseException, *, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """The traceback of an error and of what led to it, the oldest first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen=seen | {id(error)})
        yield "\nwhich led to\n\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__qualname__}: {LEFT_OUT if _is_of_a_database(error) else error}\n"


def _is_of_a_database(error: BaseException) -> bool:
    return isinstance(error, DatabaseError) or type(error).__module__.partition(".")[0] in {"psycopg", "sqlite3"}
