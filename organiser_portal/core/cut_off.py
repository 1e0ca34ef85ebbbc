"""Whether an error says that the line to the database was lost: then nothing is wrong with what was done over it."""

from django.db import InterfaceError, OperationalError, connection

LOST = ("08", "57P")  # PostgreSQL's codes: the connection failed; the server or somebody ended it


def is_cut_off(error: BaseException) -> bool:
    """A line that is gone gives no code, and whoever uses it afterwards hears that it is closed."""
    if connection.vendor != "postgresql" or not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(LOST)
