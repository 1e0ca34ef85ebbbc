"""The list of connections and the page of one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organiser_portal.connections.models import Connection, RejectedRecord, Standing, SyncState
from organiser_portal.organisations.models import User
from providers.packing import pack
from tests.conftest import NOW
from tests.connections.conftest import page
from tests.factories import make_connection

pytestmark = pytest.mark.portable

LIST = "/o/fellgate/connections/"

Connect = Callable[..., Connection]
SignIn = Callable[[User], Client]


def test_every_member_sees_how_they_stand(working: Connection, viewer: User, sign_in: SignIn) -> None:
    html = page(sign_in(viewer), LIST)
    assert "eventrac" in html
    assert "Working" in html
    assert "Add connection" not in html
    assert "/test/" not in html


def test_who_has_none_is_told_what_to_do(owner: User, viewer: User, sign_in: SignIn) -> None:
    assert "No connection yet" in page(sign_in(owner), LIST)
    assert "An owner of Fellgate Events can add one." in page(sign_in(viewer), LIST)


def test_the_heading_counts_those_that_need_a_person(connect: Connect, owner: User, sign_in: SignIn) -> None:
    connect(label="one")
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION, standing_reason="The key was withdrawn.")
    connect(label="two")
    html = page(sign_in(owner), LIST)
    assert "1 of 2 needs a person." in html
    assert "The key was withdrawn." in html


def test_the_heading_counts_those_that_do_not_answer_beside_those_that_need_a_person(
    working: Connection, connect: Connect, owner: User, sign_in: SignIn
) -> None:
    working.sync_states.update(failures=3)
    assert "1 of 1 does not answer and is tried again by itself." in page(sign_in(owner), LIST)
    Connection.objects.filter(pk=connect(label="two").pk).update(standing=Standing.NEEDS_ATTENTION)
    assert "1 of 2 needs a person. 1 does not answer and is tried" in " ".join(page(sign_in(owner), LIST).split())


def test_its_age_is_that_of_the_listing_read_longest_ago(working: Connection, owner: User, sign_in: SignIn) -> None:
    now = timezone.now()
    working.sync_states.update(last_success_at=now)
    assert "All read " in page(sign_in(owner), LIST)
    working.sync_states.filter(resource="races").update(last_success_at=now - timedelta(hours=3))
    html = page(sign_in(owner), LIST)
    assert "Nothing older than " in html
    assert "3 h</time>" in html.split("Nothing older than ", 1)[1][:200]


def test_how_often_it_asks_is_said_once_where_race_day_is_as_race_week(
    working: Connection, owner: User, sign_in: SignIn
) -> None:
    Connection.objects.update(polling={"usual": 60, "race_week": 5, "race_day": 5})
    assert "every 1 h, 5 min from race week on" in page(sign_in(owner), f"{LIST}{working.pk}/")


def test_one_that_asks_us_to_wait_says_until_when(working: Connection, owner: User, sign_in: SignIn) -> None:
    Connection.objects.update(quiet_until=timezone.now() + timedelta(hours=1))
    assert "It asks us not to call before" in page(sign_in(owner), LIST)
    Connection.objects.update(quiet_until=timezone.now() - timedelta(hours=1))
    assert "It asks us not to call before" not in page(sign_in(owner), LIST)


def test_a_test_answers_with_all_that_it_changed(working: Connection, owner: User, sign_in: SignIn) -> None:
    """The card, and what is held below it; whatever asks elsewhere asks again once both have their place."""
    working.sync_states.filter(resource="races").update(held_reason="This key may not read races.")
    url = f"{LIST}{working.pk}/"
    assert "may not be read" in page(sign_in(owner), url)
    answer = sign_in(owner).post(f"{url}test/", headers={"HX-Request": "true"})
    assert 'id="holdings"' in answer.text
    assert "may not be read" not in answer.text
    assert answer["HX-Trigger-After-Swap"] == "connection-tested, sync-changed"
    assert (
        'id="holdings"' not in sign_in(owner).post(f"{url}test/", {"linked": "1"}, headers={"HX-Request": "true"}).text
    )


def test_a_card_of_the_list_looks_again_for_itself_alone(working: Connection, owner: User, sign_in: SignIn) -> None:
    url = f"{LIST}{working.pk}/?linked=1"
    assert f'hx-get="{url}"' in page(sign_in(owner), LIST)
    answer = sign_in(owner).get(url, headers={"HX-Request": "true"})
    assert f'hx-get="{url}"' in answer.text, "and once more after the next sync"
    assert 'id="holdings"' not in answer.text


def test_a_listing_that_is_refused_needs_a_person(working: Connection, owner: User, sign_in: SignIn) -> None:
    working.sync_states.filter(resource="races").update(held_reason="This key may not read races.")
    html = page(sign_in(owner), LIST)
    assert "1 of 1 needs a person." in html
    assert "This key may not read races." in html


@pytest.mark.postgresql
def test_listings_denied_for_one_reason_are_told_together_and_not_as_working(
    working: Connection, owner: User, viewer: User, sign_in: SignIn
) -> None:
    working.sync_states.update(held_reason="This key may not read them.")
    html = page(sign_in(owner), LIST)
    assert "<b>Events, races</b>: This key may not read them." in html
    assert html.count("This key may not read them.") == 1
    assert "Not allowed all" in html
    assert "Working" not in html
    assert f'<a href="{LIST}{working.pk}/edit/">enter another key</a>' in html
    assert "ask an owner to enter another key" in page(sign_in(viewer), LIST)


def test_a_refused_key_leads_to_where_another_is_entered(connect: Connect, owner: User, sign_in: SignIn) -> None:
    refused = connect()
    Connection.objects.update(standing=Standing.NEEDS_ATTENTION, standing_reason="The key was withdrawn.")
    assert f'<a href="{LIST}{refused.pk}/edit/">Enter another key</a>' in page(sign_in(owner), LIST)


def test_what_account_and_settings_both_say_stands_there_once(
    working: Connection, owner: User, sign_in: SignIn
) -> None:
    working.settings = {"organiser_id": "20417"}
    working.account = {"name": "Fellgate", "facts": [["Organiser ID", "20417"], ["Events", "6"]]}
    working.save()
    html = page(sign_in(owner), f"{LIST}{working.pk}/")
    assert html.count("Organiser ID") == 1
    assert "Events" in html


def test_what_nobody_has_set_is_not_said(working: Connection, owner: User, sign_in: SignIn) -> None:
    """Trackier told its version, and beneath it stood the setting of the same name with a dash."""
    working.settings = {"organiser_id": ""}
    working.account = {"name": "Fellgate", "facts": [["Organiser ID", "20417"]]}
    working.save()
    html = page(sign_in(owner), f"{LIST}{working.pk}/")
    assert html.count("Organiser ID") == 1


def test_three_failures_in_a_row_are_shown_as_not_answering(working: Connection, viewer: User, sign_in: SignIn) -> None:
    working.sync_states.filter(resource="races").update(failures=3, due_at=timezone.now() + timedelta(hours=1))
    html = page(sign_in(viewer), LIST)
    assert "Not answering" in html
    assert "3 tries in a row failed for races, next try" in html


@pytest.mark.postgresql
def test_a_provider_that_is_away_is_said_once_however_many_its_listings(
    working: Connection, viewer: User, sign_in: SignIn
) -> None:
    assert working.sync_states.count() > 1
    working.sync_states.update(failures=4, due_at=timezone.now() + timedelta(hours=1))
    html = page(sign_in(viewer), LIST)
    assert html.count("tries in a row failed") == 1
    assert "4 tries in a row failed, next try" in html


def test_a_failure_that_mends_itself_is_said_and_alarms_nobody(
    working: Connection, viewer: User, sign_in: SignIn
) -> None:
    assert "All is well." in page(sign_in(viewer), LIST)
    working.sync_states.filter(resource="races").update(failures=1, due_at=timezone.now() + timedelta(hours=1))
    html = page(sign_in(viewer), LIST)
    assert "The last look at eventrac failed. It is tried again by itself." in html
    assert "All is well." not in html
    assert "The last look failed for races, next try" in html


def test_several_that_stumble_are_named_in_one_sentence(
    working: Connection, connect: Connect, owner: User, sign_in: SignIn
) -> None:
    for label in ("two", "three"):
        Connection.objects.filter(pk=connect(label=label).pk).update(standing=Standing.WORKING)
    SyncState.objects.update(failures=1, due_at=timezone.now() + timedelta(hours=1))
    names = [card.name for card in sign_in(owner).get(LIST).context["cards"]]
    told = " ".join(page(sign_in(owner), LIST).split())
    assert f"The last look at {names[0]}, {names[1]} and {names[2]} failed. They are tried again by themselves." in told


def test_what_stands_above_listings_that_failed_does_not_say_that_it_works(
    working: Connection, viewer: User, sign_in: SignIn
) -> None:
    """Nor that the key is bad, nor that somebody has to do something about it."""
    working.sync_states.update(failures=1, due_at=timezone.now() + timedelta(hours=1))
    for address in (LIST, f"{LIST}{working.pk}/"):
        html = page(sign_in(viewer), address)
        assert "Trying again" in html
        assert "The last look failed, next try" in html
        assert "Working" not in html
        assert "Needs attention" not in html


@pytest.mark.postgresql
def test_a_listing_that_was_never_read_to_its_end_shows_what_is_held_of_it(
    working: Connection, viewer: User, sign_in: SignIn
) -> None:
    working.sync_states.filter(resource="races").update(held=1500)
    assert "events not yet, 1,500 races so far." in page(sign_in(viewer), LIST)


def test_a_run_under_way_is_shown(working: Connection, viewer: User, sign_in: SignIn) -> None:
    working.sync_states.filter(resource="races").update(lease="x", leased_until=timezone.now() + timedelta(minutes=5))
    assert "Syncing" in page(sign_in(viewer), LIST)


def test_what_a_provider_cannot_do_is_said(working: Connection, viewer: User, sign_in: SignIn) -> None:
    assert "eventrac cannot list participants" in page(sign_in(viewer), LIST)


def test_the_number_of_queries_does_not_grow(
    connect: Connect, organisation: object, viewer: User, sign_in: SignIn
) -> None:
    client = sign_in(viewer)
    client.get(LIST)  # the first request of a session writes it
    counts = []
    for label in ("first", "second"):
        connect(label=label)
        with CaptureQueriesContext(database) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_shows_settings_and_account_but_no_secret(working: Connection, viewer: User, sign_in: SignIn) -> None:
    html = page(sign_in(viewer), f"{LIST}{working.pk}/")
    assert "20417" in html
    assert "Set, last changed" in html
    assert "every 4 h, 15 min in race week, 1 min on race day" in html
    assert working.secrets()["api_key"] not in html


def test_a_connection_to_a_provider_nobody_knows_any_more_still_has_a_page(
    organisation: object, owner: User, sign_in: SignIn
) -> None:
    connection = make_connection(owner.memberships.get().organisation, "gonesince")
    client = sign_in(owner)
    assert client.get(f"{LIST}{connection.pk}/").status_code == 200
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{connection.pk}/edit/").status_code == 404


@pytest.mark.parametrize("path", ["", "edit/", "mapping/", "rejected/"])
def test_a_stranger_gets_404(working: Connection, stranger: User, sign_in: SignIn, path: str) -> None:
    client = sign_in(stranger)
    assert client.get(f"{LIST}{working.pk}/{path}").status_code == 404
    assert client.get(f"/o/elsewhere/connections/{working.pk}/{path}").status_code == 404


@pytest.fixture
def rejected(working: Connection) -> RejectedRecord:
    return RejectedRecord.objects.create(
        connection=working,
        resource="races",
        kind="race",
        external_id="30551",
        reason="date: not an instant",
        data=pack(b'{"id": 30551, "date": "next Sunday", "contact": "Mina Okafor", "tags": [1, 2, 3, 4]}'),
        first_seen=NOW,
        last_seen=NOW,
    )


def test_rejected_records_are_listed_with_the_reason(rejected: RejectedRecord, viewer: User, sign_in: SignIn) -> None:
    html = page(sign_in(viewer), f"{LIST}{rejected.connection_id}/rejected/")
    assert "1 record could not be read" in html
    assert "date: not an instant" in html


@pytest.mark.postgresql
def test_kinds_and_listings_are_told_in_words(rejected: RejectedRecord, owner: User, sign_in: SignIn) -> None:
    RejectedRecord.objects.update(kind="reserved_group", resource="reserved_places")
    html = page(sign_in(owner), f"{LIST}{rejected.connection_id}/rejected/?columns=record,listing")
    assert f"Reserved group {rejected.external_id}" in html
    assert "reserved places" in html
    html = page(sign_in(owner), f"{LIST}{rejected.connection_id}/rejected/{rejected.pk}/")
    assert f"<h1>Reserved group {rejected.external_id} could not be read</h1>" in html


@pytest.mark.postgresql
def test_a_resolved_one_is_not_listed(rejected: RejectedRecord, viewer: User, sign_in: SignIn) -> None:
    RejectedRecord.objects.update(resolved_at=NOW)
    assert "Every record could be read" in page(sign_in(viewer), f"{LIST}{rejected.connection_id}/rejected/")


def test_an_owner_sees_the_shape_of_a_rejected_record_without_its_values(
    rejected: RejectedRecord, owner: User, sign_in: SignIn
) -> None:
    html = page(sign_in(owner), f"{LIST}{rejected.connection_id}/rejected/{rejected.pk}/")
    assert "text, 11 characters" in html
    assert "… and 1 more" in html
    assert "Mina Okafor" not in html
    assert "next Sunday" not in html


def test_a_manager_does_not_see_its_shape(rejected: RejectedRecord, manager: User, sign_in: SignIn) -> None:
    url = f"{LIST}{rejected.connection_id}/rejected/{rejected.pk}/"
    assert sign_in(manager).get(url).status_code == 403
