"""Entries of a race, the race gone from below them, and what PostgreSQL says to it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, models
from django.db import connection as database

from organiser_portal.events.models import Listing, Race
from organiser_portal.participants.models import Entry
from tests.factories import entry_of


def enter(listing: Listing, race: Race) -> Entry:
    entry = entry_of(listing)
    entry.race = race
    entry.save()
    return entry


def remove(row: models.Model) -> None:
    """The row alone, as nobody would who asks Django."""
    with database.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608 - a name of ours


def refused(act: Callable[[], object], table: str) -> Callable[[], None]:
    """``act``, which must not succeed: it breaks with what points from this table, or at it."""

    def tried() -> None:
        with pytest.raises(IntegrityError, match=f'on table "{table}": a "'):
            act()

    return tried
