"""What a client has learned and has kept is there whatever becomes of its walk."""

from collections.abc import Iterator
from typing import Any

import pytest

from organiser_portal.connections.models import Connection, SyncState
from organiser_portal.sync.engine import run_state
from providers.port import Page
from tests.sync.world import Clock, Programmed, last_page


def test_it_is_there_although_the_walk_is_broken_off(
    entries: SyncState, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(provider: Programmed, *_: Any, **__: Any) -> Iterator[Page]:
        provider.learned["token"] = "7"
        provider.keep()
        yield last_page()
        raise AssertionError("nobody asks further")

    def cut(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Programmed, "pull", stopped)
    with pytest.raises(KeyboardInterrupt):
        run_state(entries.pk, clock=clock, on_page=cut)
    assert Connection.objects.get().learned == {"token": "7"}


def test_whoever_walks_may_keep_it_too(entries: SyncState, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a second look does, which the caller takes itself."""

    def closed(provider: Programmed) -> None:
        provider.learned["token"] = "8"
        provider.keep()

    monkeypatch.setattr(Programmed, "pull", lambda *_, **__: iter([last_page()]))
    monkeypatch.setattr(Programmed, "close", closed)
    run_state(entries.pk, clock=clock)
    assert Connection.objects.get().learned == {"token": "8"}
