"""The pace of a key is kept across processes: measured at the far end, over real HTTP."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection as database
from django.db import transaction

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, KeyTurn
from organiser_portal.connections.pace import SharedLines
from organiser_portal.organisations.models import Organisation
from providers.errors import RateLimited
from providers.sandbox import Sandbox
from providers.turns import Hushed
from tests.conftest import NOW
from tests.sync.conftest import connected

ROOT = Path(__file__).resolve().parent.parent.parent
SEVERAL = pytest.mark.skipif("database.vendor != 'postgresql'", reason="SQLite means one process")
PROGRAM = """
    import sys
    import django
    django.setup()
    from organiser_portal.connections import gateway
    from organiser_portal.connections.models import Connection
    connection = Connection.objects.get(pk=int(sys.argv[1]))
    print("ready", flush=True)
    sys.stdin.readline()
    with gateway.open_provider(connection) as provider:
        for _ in range(int(sys.argv[2])):
            provider.look_up("nobody")
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(size="s")
    with sandbox.serve():
        yield sandbox


def at_pace(organisation: Organisation, sandbox: Sandbox, pace: str) -> Connection:
    connection = connected(organisation, sandbox, "eventrac")
    connection.settings |= {"pace": pace}
    connection.save()
    return connection


@SEVERAL
@pytest.mark.django_db(transaction=True)
def test_three_processes_together_keep_the_pace_of_one(organisation: Organisation, sandbox: Sandbox) -> None:
    connection = at_pace(organisation, sandbox, "20")
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database.settings_dict)
    environment = {**os.environ, "SUITE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(connection.pk), "12"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) for _ in range(3)]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    assert [child.wait(30) for child in children] == [0, 0, 0]
    called = sorted(call.at.timestamp() for call in sandbox.calls("eventrac"))
    assert len(called) == 36
    assert called[-1] - called[0] >= 35 / 20, "never faster than the sheet allows"
    assert called[-1] - called[0] < 3 * 35 / 20, "nor as if each waited for all others"
    gaps = sorted(later - earlier for earlier, later in pairwise(called))
    assert gaps[len(gaps) // 4] > 0.02, "no bursts, but for a call that a busy machine has held up"


@pytest.mark.django_db(transaction=True)
def test_a_wish_to_be_left_alone_holds_for_who_is_under_way(organisation: Organisation, sandbox: Sandbox) -> None:
    connection = at_pace(organisation, sandbox, "0")
    with gateway.open_provider(connection) as walking, gateway.open_provider(connection) as sending:
        walking.look_up("nobody")
        sandbox.faults.add("eventrac:status=429,retry_after=40,times=1")
        with pytest.raises(RateLimited):
            sending.look_up("nobody")
        before = len(sandbox.log)
        with pytest.raises(RateLimited) as told:
            walking.look_up("nobody")
        assert len(sandbox.log) == before
        assert 35 < told.value.retry_after <= 40


@SEVERAL
@pytest.mark.django_db(transaction=True)
class TestSharedLines:
    @pytest.fixture
    def lines(self) -> Iterator[SharedLines]:
        lines = SharedLines()
        yield lines
        lines.close()

    def test_each_call_has_the_place_after_the_one_before(self, lines: SharedLines) -> None:
        naps: list[float] = []
        for _ in range(4):
            lines.line("k", lambda: NOW).wait(0.5, naps.append)
        assert naps == [pytest.approx(number * 0.51, abs=0.1) for number in (1, 2, 3)]

    def test_another_key_waits_for_nobody(self, lines: SharedLines) -> None:
        naps: list[float] = []
        for key in "abc":
            lines.line(key, lambda: NOW).wait(60, naps.append)
        assert naps == []

    def test_who_waits_for_a_turn_hears_that_nobody_is_to_call(self, lines: SharedLines) -> None:
        line, other = lines.line("k", lambda: NOW), SharedLines()
        line.wait(0.5, time.sleep)
        with pytest.raises(Hushed) as told:
            line.wait(0.5, lambda _: other.line("k", lambda: NOW).hush(30))
        other.close()
        assert 25 < told.value.seconds <= 30

    def test_it_costs_about_a_millisecond(self, lines: SharedLines) -> None:
        line = lines.line("k", lambda: NOW)
        line.wait(0, time.sleep)
        started = time.perf_counter()
        for _ in range(100):
            line.wait(0, time.sleep)
        assert (time.perf_counter() - started) / 100 < 0.004

    def test_a_cut_line_is_picked_up_again(self, lines: SharedLines) -> None:
        line = lines.line("k", lambda: NOW)
        line.wait(0, time.sleep)
        with database.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                           " AND datname = current_database()")  # fmt: skip
        line.hush(30)
        with pytest.raises(Hushed):
            line.wait(0, time.sleep)

    def test_an_open_transaction_holds_nobody_up(self, lines: SharedLines) -> None:
        with transaction.atomic():
            before = KeyTurn.objects.count()
            lines.line("held up by nobody", lambda: NOW).wait(0.1, time.sleep)
        assert KeyTurn.objects.count() == before + 1
