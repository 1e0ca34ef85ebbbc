"""Real processes that can be killed: a Redis of our own, workers, and beat twice."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.parse import quote

from django.db import connection as database
from redis import Redis

ROOT = Path(__file__).resolve().parent.parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "organiser_portal"]
WORKERS, BEATS = 2, 2


def database_url() -> str:
    """Where this test's own database is."""
    held = database.settings_dict
    who = f"{held['USER']}:{quote(held['PASSWORD'])}" if held["PASSWORD"] else held["USER"]
    return f"postgres://{who}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kill(process: int) -> None:
    """SIGKILL, if it is there yet."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


class Child:
    """A process in a group of its own, so that a kill leaves nothing of it."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self._start = {"args": command, "cwd": ROOT, "env": environment, "start_new_session": True}
        self._log = folder / "children.log"
        self.begin()

    def begin(self) -> None:
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(**self._start, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self) -> None:
        """SIGKILL to it and all its children; returns when it is gone."""
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def grandchildren(self) -> list[int]:
        """Its children. One that is killed it replaces by itself."""
        found = Path(f"/proc/{self._child.pid}/task/{self._child.pid}/children").read_text().split()
        return list(map(int, found))

    def restart(self) -> None:
        self.kill()
        self.begin()


class Installation:
    """A broker, two workers and two beats over the test's own database. Nothing is done before ``begin``, nor after
    ``end``: meanwhile the workers come up, which takes them longer than all the rest.

    ``turn``: seconds after which a walk gives its turn back; None: as many as ever.
    """

    def __init__(self, folder: Path, *, turn: float | None = None) -> None:
        self.folder = folder
        self._port = free_port()
        broker = f"redis://127.0.0.1:{self._port}/0"
        environment = {
            **os.environ,
            "SUITE_DATABASE_URL": database_url(),
            "TORTURE_BROKER_URL": broker,
            "DJANGO_SETTINGS_MODULE": "tests.torture.settings",
            "LOG_LEVEL": "WARNING",
        }
        if turn is not None:
            environment["TORTURE_TURN"] = str(turn)
        self._environment = environment
        redis = ["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        self._redis = Child(redis, folder, environment)
        self.wait_for_broker()
        worker = [*CELERY, "worker", "--concurrency", "1", "--without-mingle", "--without-gossip"]
        self.workers = [Child(worker, folder, environment) for _ in range(WORKERS)]
        self.beats: list[Child] = []

    def begin(self) -> None:
        """The clock starts, and is awaited, as are the workers: trouble is to meet somebody."""
        beats = ([*CELERY, "beat", "--schedule", str(self.folder / f"beat{number}")] for number in range(BEATS))
        self.beats = [Child(command, self.folder, self._environment) for command in beats]
        broker, deadline = Redis(port=self._port), time.monotonic() + 120
        while not self._is_at_work(broker):
            assert time.monotonic() < deadline, "the workers do not come up"
            time.sleep(0.1)

    def _is_at_work(self, broker: Redis) -> bool:
        """Whether a beat has sent something, and every worker listens."""
        listening = sum(client["cmd"] == "brpop" for client in broker.client_list())
        return listening >= WORKERS and "cmdstat_lpush" in broker.info("commandstats")

    def wait_for_broker(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError("redis-server does not come up")

    def kill_a_worker(self, chance: Random) -> None:
        """The process that does the work, which is forked anew at once; now and then all of a worker."""
        worker = chance.choice(self.workers)
        found = worker.grandchildren()
        if chance.random() < 0.3 or not found:
            worker.restart()
        else:
            kill(found[-1])

    def kill_the_worker_with(self, process: int, chance: Random) -> None:
        """The same, of the one with this process, if it is there yet."""
        for worker in self.workers:
            if process in worker.grandchildren():
                if chance.random() < 0.3:
                    worker.restart()
                else:
                    kill(process)

    def restart_broker(self) -> None:
        """With everything that was queued lost."""
        self._redis.restart()
        self.wait_for_broker()

    def cut_database(self) -> None:
        """Every connection but the test's own."""
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def end(self) -> None:
        for child in [*self.beats, *self.workers, self._redis]:
            child.kill()
        self.cut_database()
