import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.core.management import CommandError, call_command

from providers.sandbox import DEMO_KEYS


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own; gives what it printed up to its last line."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sandbox", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert process.stdout is not None
    printed = ""
    try:
        for line in process.stdout:
            printed += line
            if line.startswith("control"):
                break
        yield process, printed
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_command_prints_addresses_and_keys_that_work_and_stops_cleanly():
    with running("--port", "0", "--switch", "eventrac.envelope=jsend", "--faults", "letsdothis:revoke") as (
        process,
        text,
    ):
        assert all(key in text for key in DEMO_KEYS.values())
        found = re.search(r"http://127\.0\.0\.1:\d+/eventrac/api/v3", text)
        assert found, text
        reply = httpx.get(f"{found[0]}/races/30551", headers={"Authorization": DEMO_KEYS["eventrac"]})
        assert reply.json()["status"] == "success"
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("host", "192.0.2.1", "loopback"),
        ("faults", "wibble", "wibble"),
        ("switch", ["eventrac.colour=blue"], "colour"),
        ("switch", ["eventrac"], "PROVIDER.NAME=VALUE"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(option: str, value: object, sentence: str):
    with pytest.raises(CommandError, match=sentence):
        call_command("sandbox", port=0, size="empty", **{option: value})
