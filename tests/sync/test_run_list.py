"""The history of runs, and one of them in full."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from organiser_portal.sync.models import Outcome, SyncRun
from tests.conftest import NOW

pytestmark = pytest.mark.portable

URL = "/o/fellgate/sync/runs/"


def seen(number: int) -> str:
    return f'<td class="num">{number}</td>'


@pytest.fixture
def new_run(connection):
    def make(**values) -> SyncRun:
        values = {
            "connection": connection,
            "resource": "entries",
            "outcome": Outcome.SUCCEEDED,
            "started_at": NOW,
            "progressed_at": NOW,
            "finished_at": NOW,
            **values,
        }
        return SyncRun.objects.create(organisation=values["connection"].organisation, **values)

    return make


def test_every_run_stands_there_in_plain_words(sign_in, viewer, new_run) -> None:
    new_run(seen=1500, new=3, changed=12, same=1485, full=True, by_hand=True)
    new_run(outcome=Outcome.FAILED, error_kind="ProviderUnavailable", error_sentence="It is not working now.")
    body = sign_in(viewer).get(URL).content.decode()
    assert "3 new, 12 changed, 1,485 the same" in body
    assert "whole list, by hand" in body
    assert "It is not working now." in body
    assert "ProviderUnavailable" not in body


def test_a_failed_run_says_when_it_is_tried_again_unless_a_later_one_has_been(sign_in, viewer, new_run) -> None:
    failed = new_run(outcome=Outcome.FAILED, error_kind="ProviderUnavailable", error_sentence="It is down.")
    client = sign_in(viewer)
    assert "It is tried again by itself" in client.get(f"{URL}{failed.pk}/").text
    new_run()
    assert "It is tried again by itself" not in client.get(f"{URL}{failed.pk}/").text


def test_a_run_that_the_key_ended_leads_to_the_connection(sign_in, viewer, new_run, connection) -> None:
    connection.standing = "needs_attention"
    connection.save()
    failed = new_run(outcome=Outcome.FAILED, error_kind="CredentialsRejected", error_sentence="No such key.")
    told = sign_in(viewer).get(f"{URL}{failed.pk}/").text
    assert f'<a href="/o/fellgate/connections/{connection.pk}/">the connection</a> passes a test' in told
    assert "tried again by itself" not in told


def test_it_can_be_narrowed(sign_in, viewer, new_run, new_connection) -> None:
    other = new_connection(label="other")
    new_run(seen=111)
    new_run(seen=222, outcome=Outcome.FAILED)
    new_run(seen=333, connection=other)
    client = sign_in(viewer)
    failed = client.get(URL, {"outcome": "failed"}).content.decode()
    assert seen(222) in failed
    assert seen(111) not in failed
    of_other = client.get(URL, {"connection": str(other.pk)}).content.decode()
    assert seen(333) in of_other
    assert seen(222) not in of_other
    assert client.get(URL, {"connection": "x", "outcome": "y", "after": "z"}).status_code == 200


@pytest.mark.postgresql
def test_it_is_paged_and_its_queries_do_not_grow(sign_in, viewer, new_run) -> None:
    client = sign_in(viewer)
    new_run()
    with CaptureQueriesContext(database) as few:
        client.get(URL)
    runs = [new_run() for _ in range(60)]
    with CaptureQueriesContext(database) as many:
        body = client.get(URL).content.decode()
    assert len(many) - len(few) <= 2  # the count of the whole
    assert body.count("<tr>") == 51
    assert f"after={runs[-50].pk}" in body
    following = client.get(URL, {"after": str(runs[-50].pk)}).content.decode()
    assert following.count("<tr>") == 12


@pytest.mark.postgresql
def test_on_another_page_a_few_rows_do(sign_in, viewer, new_run, connection) -> None:
    for _ in range(12):
        new_run()
    body = sign_in(viewer).get(URL, {"connection": str(connection.pk)}, headers={"HX-Request": "true"}).content.decode()
    assert body.count("<tr>") == 11
    assert "run-table" not in body
    own = {"HX-Request": "true", "HX-Target": "run-table"}
    assert 'id="run-table"' in sign_in(viewer).get(URL, headers=own).content.decode()


def test_one_run_shows_every_figure(sign_in, viewer, new_run) -> None:
    run = new_run(seen=1500, requests=9, bytes=2_000_000, promised=1501, held=1499, request_id="abc123")
    body = sign_in(viewer).get(f"{URL}{run.pk}/").content.decode()
    for figure in ("1,500", "1,501", "1,499", "abc123", "1.9"):
        assert figure in body


def test_one_that_went_on_with_another_tells_what_that_had_seen(sign_in, viewer, new_run) -> None:
    told = "going on where the run before had stopped"
    body = sign_in(viewer).get(f"{URL}{new_run(seen=1500, named_before=2345, full=True).pk}/").content.decode()
    assert "2,345" in body
    assert told in body
    assert told not in sign_in(viewer).get(f"{URL}{new_run(seen=1500, full=True).pk}/").content.decode()


def test_what_is_for_operators_is_shown_to_owners_only(sign_in, owner, manager, new_run) -> None:
    run = new_run(outcome=Outcome.FAILED, error_kind="UnexpectedReply", error_detail="GET /races: HTTP 418")
    address = f"{URL}{run.pk}/"
    assert "HTTP 418" in sign_in(owner).get(address).content.decode()
    assert "HTTP 418" not in sign_in(manager).get(address).content.decode()


def test_a_stranger_gets_404(sign_in, stranger, new_run) -> None:
    run = new_run()
    client = sign_in(stranger)
    assert client.get(URL).status_code == 404
    assert client.get(f"/o/elsewhere/sync/runs/{run.pk}/").status_code == 404
