"""Two do something at one event of which nobody here had heard. Needs a database with more than one writer."""

from typing import Any

import pytest
from django.db import connection as database  # noqa: F401 - the mark below asks it

from organiser_portal.connections.models import AttemptState, Connection
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import User
from organiser_portal.partners.models import PartnerAction, ReservedGroup
from providers.operations import Verb
from providers.sandbox.world import Sandbox
from tests.factories import make_event, synced
from tests.partners.test_perform import do, places
from tests.waiting import while_at_work

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("database.vendor == 'sqlite'", reason="one writer at a time by nature"),
]


def test_the_event_that_both_bring_is_one(connection: Connection, manager: User, sandbox: Sandbox):
    wished: dict[str, Any] = places(sandbox)
    EventListing.objects.filter(connection=connection, external_id=wished["subject"]).delete()
    with while_at_work(lambda: do(connection, manager, Verb.CREATE_GROUP, **wished)) as let_it_come:
        event = make_event(connection.organisation)
        EventListing.objects.create(event=event, name="", **synced(connection, wished["subject"]))
        let_it_come()
    group = ReservedGroup.objects.get()
    assert group.event_listing == EventListing.objects.get(external_id=wished["subject"])
    assert PartnerAction.objects.get().state == AttemptState.DONE
