"""What a race sells is shown with that race, and with no other of its event."""

import pytest

from organiser_portal.connections.models import Connection
from organiser_portal.events.models import Listing, TicketType
from organiser_portal.sync.by_hand import sync_connection

pytestmark = pytest.mark.portable


@pytest.mark.postgresql
def test_each_race_has_its_own_standard_entry_from_its_first_day(eventrac: Connection) -> None:
    assert all(result.ok for result in sync_connection(eventrac))
    races = dict(Listing.objects.values_list("external_id", "price_minor"))
    tickets = TicketType.objects.values_list("listing__external_id", "price_minor")
    assert dict(tickets) == races
    assert len(races) == len(tickets) > 1
