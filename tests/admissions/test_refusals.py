"""What the platform refuses at a gate, in a sentence that says whose fault it is and what to do."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from organiser_portal.connections.models import Connection, Standing
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import User
from providers.sandbox.world import Sandbox

pytestmark = pytest.mark.portable

type Trouble = Callable[[Sandbox], None]


def too_old(sandbox: Sandbox) -> None:
    sandbox.ticketing.switch({"oldest_client": "4.0.0"})


def withdrawn(sandbox: Sandbox) -> None:
    sandbox.ticketing.revoke(sandbox.ticketing.demo_key)


def weaker(sandbox: Sandbox) -> None:
    """The key is still known, but administers nothing any more."""
    keys = sandbox.ticketing.keys
    del keys.system[sandbox.ticketing.demo_key]
    keys.readers[sandbox.ticketing.demo_key] = None


@pytest.mark.parametrize(
    ("trouble", "sentence", "standing"),
    [
        (too_old, "Raise “Client version” in its advanced settings", Standing.WORKING),
        (withdrawn, "does not know the key, or has withdrawn it", Standing.NEEDS_ATTENTION),
        (weaker, "does not administer the host of this event", Standing.WORKING),
    ],
)
def test_the_page_says_whose_fault_it_is_and_keeps_what_was_typed(
    sign_in: Callable[[User], Client],
    manager: User,
    gate: EventListing,
    connection: Connection,
    sandbox: Sandbox,
    trouble: Trouble,
    sentence: str,
    standing: Standing,
):
    trouble(sandbox)
    path = reverse("admissions:token-issue", args=["fellgate", gate.pk])
    race = gate.listings.order_by("pk")[0].external_id
    answer = sign_in(manager).post(path, {"steward": "Sam, gate A", "races": [race]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Sam, gate A"' in page
    connection.refresh_from_db()
    assert connection.standing == standing
