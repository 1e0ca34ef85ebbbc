"""Places that nobody has claimed while their last day nears: one line an event, closed by the fact itself."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organiser_portal.events.models import Event, Listing
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.partners.models import Partner, ReservedGroup
from tests.factories import make_connection, make_listing, make_race, synced

HOME = "/o/fellgate/"


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    race = make_race(organisation, "Hexley 10K", starts_at=timezone.now() + timedelta(days=90))
    return make_listing(make_connection(organisation, "letsdothis"), race=race)


@pytest.fixture
def group(listing: Listing) -> ReservedGroup:
    partner = Partner.objects.create(name="Hospice", kind="charity", **synced(listing.connection, "p"))
    return ReservedGroup.objects.create(
        partner=partner, event_listing=listing.event_listing, capacity=30, used=12, **synced(listing.connection, "g")
    )


@pytest.fixture
def event(group: ReservedGroup) -> Event:
    return group.event_listing.event


@pytest.fixture
def client(manager: User, sign_in) -> Client:
    return sign_in(manager)


def last_day(client: Client, event: Event, days: int | None) -> None:
    day = "" if days is None else (timezone.now() + timedelta(days=days)).date().isoformat()
    assert client.post(f"/o/fellgate/events/{event.pk}/last-claims/", {"day": day}).status_code == 303


def inbox(client: Client) -> str:
    return client.get(HOME).text.split('id="inbox"')[1].split("</section>")[0]


def test_a_last_day_that_nears_is_told_with_whom_to_remind(client, event):
    assert "held places" not in inbox(client)
    last_day(client, event, 5)
    line = inbox(client)
    assert "18 held places" in line
    assert "claims end in 5 days" in line
    assert f"/partners/remind/?event={event.pk}" in line
    assert AuditRecord.objects.filter(action="event.last_claims_changed").exists()


def test_once_it_is_over_what_is_left_can_be_released_however_far_the_race(client, event):
    last_day(client, event, -2)
    assert "can be sold again" in inbox(client)
    assert "Hospice" in client.get("/o/fellgate/partners/release/").text


def test_the_line_goes_when_the_places_are_claimed(client, event, group):
    last_day(client, event, 5)
    group.used = 30
    group.save()
    assert "held places" not in inbox(client)


def test_where_no_day_is_set_race_day_is_what_counts_and_it_is_said(client, event):
    event.races.update(starts_at=timezone.now() + timedelta(days=9))
    assert "no last day for claims is set" in inbox(client)
    event.races.update(starts_at=timezone.now() - timedelta(days=1))
    assert "held places" not in inbox(client)


def test_no_day_is_invented_from_nonsense_and_what_was_typed_stays_to_be_mended(client, event):
    answer = client.post(f"/o/fellgate/events/{event.pk}/last-claims/", {"day": "31 February"})
    event.refresh_from_db()
    assert event.claims_close_on is None
    assert answer.status_code == 422
    form = answer.text[answer.text.index("Last day for claims</summary>") :].split("</form>")[0]
    field = re.search(r'<input[^>]*name="day"[^>]*>', form)
    assert field
    assert 'value="31 February"' in field.group()
    assert 'type="text"' in field.group()  # a field for days would show nothing of it
    assert 'aria-invalid="true"' in field.group()
    assert "This is not a day." in form
    assert '<details class="menu" open>' in answer.text
