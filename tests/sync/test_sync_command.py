"""``manage.py sync`` and ``manage.py push``."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DataError, IntegrityError
from django.utils import timezone

from organiser_portal.connections.models import Connection, Standing, SyncState
from organiser_portal.participants.models import Entry
from organiser_portal.sync.models import SyncRun
from providers.errors import CredentialsRejected, ProviderUnavailable, RateLimited
from tests.sync.world import Script, last_page, page, received


def call(name: str, *arguments: str, slug: str = "fellgate") -> tuple[dict, bool]:
    out = StringIO()
    try:
        call_command(name, "--json", f"--organisation={slug}", *arguments, stdout=out, stderr=StringIO())
        worked = True
    except CommandError:
        worked = False
    return json.loads(out.getvalue()), worked


def test_every_listing_is_walked_in_order_whatever_the_hour(connection, script: Script) -> None:
    SyncState.objects.update(due_at=timezone.now() + timedelta(hours=3))
    script.acts = [last_page([]), page([received(1)], cursor="a", promised=2), last_page([received(2)], promised=2)]
    answer, worked = call("sync")
    assert worked
    assert answer["ok"]
    assert [run["resource"] for run in answer["runs"]] == ["races", "entries"]
    entries = answer["runs"][1]
    assert (entries["outcome"], entries["seen"], entries["new"], entries["pages"], entries["held"]) == (
        "succeeded", 2, 2, 2, 2,
    )  # fmt: skip


def test_a_table_of_tallies_is_printed_for_people(connection, script: Script) -> None:
    script.acts = [last_page([]), last_page([received(1)])]
    out = StringIO()
    call_command("sync", "--organisation=fellgate", stdout=out)
    heading, _, entries = out.getvalue().splitlines()
    assert heading.split()[:4] == ["connection", "listing", "outcome", "seen"]
    assert entries.split()[:4] == ["Programmed", "entries", "succeeded", "1"]


def test_any_failure_fails_the_command_and_the_rest_is_done(connection, script: Script) -> None:
    script.acts = [ProviderUnavailable("Programmed is down."), last_page([received(1)])]
    answer, worked = call("sync")
    assert not worked
    assert not answer["ok"]
    assert answer["runs"][0]["error"] == "Programmed is down."
    assert answer["runs"][1]["ok"]


@pytest.mark.parametrize("error", [ZeroDivisionError, IntegrityError, DataError])
def test_a_mistake_of_ours_is_told_by_its_run_and_the_rest_is_done(
    connection, new_connection, script: Script, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    new_connection(label="other")
    script.acts = [error("DETAIL: Key (email)=(ada@example.org) exists."), *(last_page([]) for _ in range(3))]
    answer, worked = call("sync")
    assert not worked
    broken, *others = answer["runs"]
    assert broken["error_kind"] == "internal"
    assert f"run {broken['run']}" in broken["error"]
    assert f"run {broken['run']}" in answer["error"]
    assert len(others) == 3
    assert all(run["ok"] for run in others)
    assert error.__name__ in caplog.text
    assert "ada@" not in caplog.text + json.dumps(answer)


def test_a_provider_that_is_not_there_any_more_stops_no_other(connection, new_connection, script: Script) -> None:
    gone = new_connection(label="gone")
    Connection.objects.filter(pk=gone.pk).update(provider="abandoned")
    script.acts = [last_page([]), last_page([])]
    answer, worked = call("sync")
    assert not worked
    assert {run["connection"] for run in answer["runs"] if not run["ok"]} == {gone.pk}


def test_a_rejected_key_ends_it_for_that_connection(connection, script: Script) -> None:
    script.acts = [CredentialsRejected("The key is wrong.")]
    answer, worked = call("sync")
    assert not worked
    assert "The key is wrong." in answer["runs"][1]["error"]
    assert SyncRun.objects.count() == 1


def test_a_short_pause_that_the_provider_asks_for_is_waited_out(connection, script: Script) -> None:
    script.acts = [RateLimited("wait", retry_after=0.05), last_page([])]
    _, worked = call("sync", "--resource=races")
    assert worked
    assert SyncRun.objects.count() == 2


def test_a_long_one_is_not(connection, script: Script) -> None:
    script.acts = [RateLimited("Wait, says Programmed.", retry_after=600)]
    answer, worked = call("sync", "--resource=races", "--wait=1")
    assert not worked
    assert answer["runs"][0]["error"] == "Wait, says Programmed."


def test_a_long_one_ends_it_for_that_connection(connection, new_connection, script: Script) -> None:
    new_connection(label="other")
    script.acts = [RateLimited("Wait, says Programmed.", retry_after=600), last_page([]), last_page([])]
    answer, worked = call("sync", "--wait=1")
    assert not worked
    assert [run["ok"] for run in answer["runs"]] == [False, False, True, True]
    assert "Programmed asks us not to call before" in answer["runs"][1]["error"]
    assert len(script.asked) == 3


def test_a_short_one_is_waited_out_before_the_next_listing(connection, races, script: Script) -> None:
    until = timezone.now() + timedelta(seconds=0.2)
    Connection.objects.update(quiet_until=until)
    script.acts = [last_page([]), last_page([])]
    _, worked = call("sync")
    assert worked
    assert SyncRun.objects.earliest("pk").started_at >= until


def test_another_worker_is_waited_for_and_then_reported(connection, races, script: Script) -> None:
    SyncState.objects.filter(pk=races.pk).update(lease="x", leased_until=timezone.now() + timedelta(minutes=9))
    answer, worked = call("sync", "--wait=0.1")
    assert not worked
    assert answer["runs"][0]["error"] == "Another worker is busy with this connection."


def test_a_walk_that_saw_too_little_is_repeated_whole(connection, entries, script: Script) -> None:
    SyncState.objects.filter(pk=entries.pk).update(cursor="end", last_full_at=timezone.now())
    script.acts = [last_page([], complete=False, short=True), last_page([received(1)])]
    _, worked = call("sync", "--resource=entries")
    assert worked
    assert [asked[2] for asked in script.asked] == [False, True]


def test_full_walks_everything(connection, script: Script) -> None:
    script.acts = [last_page([]), last_page([])]
    call("sync", "--full")
    assert all(full for _, _, full in script.asked)


def test_full_is_not_done_before_what_is_gone_was_looked_for(connection, entries, script: Script) -> None:
    script.acts = [last_page([received(1), received(2)])]
    call("sync", "--resource=entries")
    script.acts = [
        *(page([received(1)], cursor="one"), RateLimited("wait", retry_after=0.05)),
        *(last_page([], complete=False), last_page([received(1)])),
    ]
    answer, worked = call("sync", "--resource=entries", "--full")
    assert worked, answer
    assert answer["runs"][0]["gone"] == 1
    assert [asked[1:] for asked in script.asked[1:]] == [("end", True), ("one", True), ("end", True)]


def test_a_whole_walk_of_the_sandbox_that_breaks_off_still_sees_what_is_gone(letsdothis, sandbox) -> None:
    letsdothis.settings["page_size"] = "25"
    letsdothis.save()
    call("sync")
    Entry.objects.filter(pk=Entry.objects.earliest("pk").pk).update(external_id="not-there-any-more")
    sandbox.faults.add("letsdothis:status=429,retry_after=1,path=/participants,skip=1")
    answer, worked = call("sync", "--full", "--resource=entries")
    assert worked, answer
    assert (answer["runs"][0]["gone"], answer["runs"][0]["resumed"]) == (1, False)
    assert SyncRun.objects.filter(resource="entries", resumed=True).count() == 1


def test_full_fails_when_what_is_gone_could_not_be_looked_for(connection, entries, script: Script) -> None:
    script.acts = [page([received(1)], cursor="one"), ProviderUnavailable("down")]
    call("sync", "--resource=entries")
    script.acts = [last_page([], complete=False)]
    answer, worked = call("sync", "--resource=entries", "--full", "--wait=-1")
    assert not worked
    assert "what is gone" in answer["runs"][0]["error"]


def test_only_what_is_named_is_synced(connection, new_connection, script: Script) -> None:
    other = new_connection(label="other")
    script.acts = [last_page([])]
    answer, _ = call("sync", f"--connection={other.pk}", "--resource=races")
    assert [(run["connection"], run["resource"]) for run in answer["runs"]] == [(other.pk, "races")]


@pytest.mark.parametrize(
    ("arguments", "slug", "error"),
    [
        (["--provider=nobody"], "fellgate", "no such connection"),
        (["--resource=shoes"], "fellgate", "no listing 'shoes'"),
        ([], "nowhere", "no organisation 'nowhere'"),
    ],
)
def test_what_is_not_there_is_named(connection, arguments, slug, error) -> None:
    answer, worked = call("sync", *arguments, slug=slug)
    assert not worked
    assert error in answer["error"]


def test_a_connection_at_rest_is_reported(connection, script: Script) -> None:
    Connection.objects.update(standing=Standing.PAUSED, standing_reason="Paused by Olive.")
    answer, worked = call("sync")
    assert not worked
    assert "Paused by Olive." in answer["runs"][0]["error"]
    assert script.asked == []


def test_the_sandbox_is_synced_whole(eventrac, letsdothis) -> None:
    answer, worked = call("sync")
    assert worked, answer
    assert all(run["outcome"] == "succeeded" for run in answer["runs"])
    held = {(run["provider"], run["resource"]): run["held"] for run in answer["runs"]}
    assert Entry.objects.count() == held["letsdothis", "entries"] > 0
    again, worked = call("sync")
    assert worked
    assert all(run["new"] == run["changed"] == run["gone"] == 0 for run in again["runs"])
