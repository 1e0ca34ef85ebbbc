"""Connections to the programmed provider, as the engines' own tests have them."""

from tests.sync.conftest import connection, entries, handed_out, new_connection, races, script

__all__ = ["connection", "entries", "handed_out", "new_connection", "races", "script"]
