"""One connection whose whole walks know pages again, or never do."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import RememberedPages, SyncRun
from providers.letsdothis.client import LetsDoThis
from providers.port import Page
from tests.conftest import NOW
from tests.providers.letsdothis.world import Remote
from tests.sync.world import Clock


class Place:
    """One connection to a remote of ten participants, three a page. ``read``: the rows that its last walk read."""

    def __init__(self, organisation: Organisation, remote: Remote, *, remembers: bool = True) -> None:
        self.remote = remote
        self.read: list[str] = []
        self.clock = Clock(NOW)
        self._remembers = remembers
        self.connection = Connection(
            organisation=organisation,
            provider="letsdothis",
            label=f"{remembers}",
            settings={"page_size": "3", "pace": "0"},
            standing=Standing.WORKING,
        )
        self.connection.seal({"api_key": f"key {remembers}"})
        self.connection.save()
        self.state = SyncState.objects.create(connection=self.connection, resource="entries", due_at=NOW)

    def walk(self, *, full: bool = True, **options: Any) -> SyncRun:
        if not self._remembers:
            RememberedPages.objects.filter(connection=self.connection).delete()
        self.read.clear()
        self.clock.now += timedelta(hours=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(LetsDoThis, "pull", self._listened(LetsDoThis.pull))
            wire = httpx.MockTransport(self.remote)
            done = run_state(self.state.pk, clock=self.clock, transport=wire, full=full, by_hand=True, **options)
        assert done is not None
        self.state.refresh_from_db()
        return done

    def _listened(self, pull: Callable[..., Iterator[Page]]) -> Callable[..., Iterator[Page]]:
        def listening(*given: Any, **options: Any) -> Iterator[Page]:
            for page in pull(*given, **options):
                self.read += [item.external_id for item in page.items]
                yield page

        return listening

    def held(self) -> list[tuple[Any, ...]]:
        rows = Entry.objects.filter(connection=self.connection).order_by("external_id")
        return [(one.external_id, bytes(one.fingerprint), one.gone_at, one.last_seen) for one in rows]
