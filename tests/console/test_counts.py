"""The counts beside the navigation."""

import re

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections.models import Connection, OutboundChange, PushState, Standing
from organiser_portal.organisations.models import Organisation
from tests.conftest import NOW
from tests.factories import make_connection, make_entry, make_listing

COUNTS = "/o/fellgate/counts/"
pytestmark = [pytest.mark.django_db, pytest.mark.portable]


def shown(client) -> dict[str, str]:
    """Line of the navigation → what stands beside it."""
    answer = client.get(COUNTS)
    assert answer.status_code == 200
    return dict(re.findall(r'id="count-([a-z-]+)" hx-swap-oob="true">([^<]*)<', answer.content.decode()))


def refuse(connection: Connection, count: int) -> None:
    entry = make_entry(make_listing(connection))
    OutboundChange.objects.bulk_create(
        OutboundChange(
            organisation=connection.organisation,
            connection=connection,
            entry_id=entry.pk,
            reference="r",
            action="add_entry",
            race_external_id="1",
            state=PushState.REJECTED,
            created_at=NOW,
        )
        for _ in range(count)
    )


def test_nothing_that_waits_is_nothing_shown(sign_in, viewer, organisation):
    make_connection(organisation)
    assert shown(sign_in(viewer)) == {"home": "", "entry-list": "", "connection-list": ""}


def test_each_line_counts_its_own(sign_in, viewer, organisation):
    refuse(make_connection(organisation), 2)
    make_connection(organisation, "letsdothis", standing=Standing.NEEDS_ATTENTION)
    assert shown(sign_in(viewer)) == {"home": "3", "entry-list": "2", "connection-list": "1"}


@pytest.mark.postgresql
def test_what_others_have_to_do_is_not_counted(sign_in, viewer, organisation):
    other = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    refuse(make_connection(other, standing=Standing.NEEDS_ATTENTION), 2)
    assert set(shown(sign_in(viewer)).values()) == {""}


def test_very_many_are_not_counted_to_the_end(sign_in, viewer, organisation):
    refuse(make_connection(organisation), 120)
    assert shown(sign_in(viewer))["entry-list"] == "99+"


def test_the_count_says_in_words_what_it_counts(sign_in, viewer, organisation):
    refuse(make_connection(organisation), 2)
    page = sign_in(viewer).get(COUNTS).content.decode()
    assert '2<span class="visually-hidden"> to settle</span>' in page
    assert f'hx-get="{COUNTS}"' in sign_in(viewer).get("/o/fellgate/").content.decode()


def test_more_of_everything_takes_no_more_queries(sign_in, viewer, organisation):
    client, connection = sign_in(viewer), make_connection(organisation)
    refuse(connection, 1)
    shown(client)
    with CaptureQueriesContext(
        database,
    ) as few:
        shown(client)
    refuse(connection, 40)
    with CaptureQueriesContext(database) as many:
        shown(client)
    assert len(many) == len(few) <= 30
