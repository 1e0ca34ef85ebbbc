"""The last page of a whole walk writes what it names, and then takes for gone what none has named."""

from datetime import timedelta

import pytest
from django.db import connection as database

from organiser_portal.connections.models import SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync import outbox
from organiser_portal.sync.engine import run_state
from organiser_portal.sync.models import Outcome, SyncRun
from tests.sync.world import Clock, Script, last_page, received
from tests.waiting import while_at_work


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(database.vendor == "sqlite", reason="one writer at a time by nature")
def test_who_has_one_of_the_gone_and_wants_one_of_the_named(entries: SyncState, script: Script, clock: Clock) -> None:
    """A long settling takes entries by key, over more than one page of ours."""
    script.acts = [last_page([received(1), received(2)]), last_page([received(2, name="New")])]
    run_state(entries.pk, clock=clock)
    clock.now += timedelta(hours=24)
    gone, named = Entry.objects.order_by("pk").values_list("pk", flat=True)
    with while_at_work(lambda: run_state(entries.pk, clock=clock)) as let_it_come:
        outbox.hold([gone])
        let_it_come()
        outbox.hold([named])
    assert SyncRun.objects.latest("pk").outcome == Outcome.SUCCEEDED
    assert [one.gone_at for one in Entry.objects.order_by("pk")] == [clock.now, None]
