"""A line to the database that was lost is told from everything else that a database may say."""

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from organiser_portal.core.cut_off import is_cut_off


class Said(Exception):
    """As the driver raises it."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def told(error: Exception, sqlstate: str | None = None) -> Exception:
    error.__cause__ = Said(sqlstate)
    return error


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize(
    "error",
    [
        told(OperationalError("server closed the connection unexpectedly")),
        told(OperationalError("terminating connection due to administrator command"), "57P01"),
        told(OperationalError("connection failure"), "08006"),
        told(InterfaceError("the connection is closed")),
    ],
)
def test_a_line_that_was_lost(error: Exception) -> None:
    assert is_cut_off(error)


@pytest.mark.parametrize(
    "error",
    [
        told(OperationalError("deadlock detected"), "40P01"),
        told(OperationalError("canceling statement due to lock timeout"), "55P03"),
        told(OperationalError("could not extend file: no space left"), "53100"),
        told(IntegrityError("duplicate key"), "23505"),
        ZeroDivisionError(),
    ],
)
def test_whatever_else_went_wrong(error: Exception) -> None:
    assert not is_cut_off(error)


@pytest.mark.skipif("connection.vendor == 'postgresql'")
def test_where_there_is_no_line() -> None:
    assert not is_cut_off(OperationalError("database is locked"))
    assert connection.vendor == "sqlite"
