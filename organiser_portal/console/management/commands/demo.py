"""``manage.py demo``: everything in one foreground process group, with sandbox providers and invented data."""

import os
import subprocess
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from organiser_portal.console import demo, demo_refusal
from organiser_portal.embedded import serve
from organiser_portal.organisations.models import Organisation

TRICKLE = "20"  # seconds between small changes at the sandbox


class Command(BaseCommand):
    help = "Run the portal with sandbox providers and invented data. Ctrl-C stops everything; the data stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of the portal (default: %(default)s)")
        parser.add_argument("--sandbox-port", type=int, help="port of the sandbox (default: the one after)")
        parser.add_argument(
            "--journal",
            type=Path,
            default=settings.BASE_DIR / "var" / "sandbox.jsonl",
            help="what the sandbox remembers",
        )
        parser.add_argument("--size", default="s", choices=["s", "m", "l"], help="how much data (default: %(default)s)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.PROVIDER_SANDBOX:
            raise CommandError("The demo needs PROVIDER_SANDBOX=on. `make demo` writes an .env that says so.")
        port = options["port"]
        sandbox_port = options["sandbox_port"] or port + 1
        settings.PORTAL_URL = f"http://127.0.0.1:{port}"  # where invitations lead
        _prepare_files()
        with _sandbox("--port", str(sandbox_port), "--size", options["size"], "--journal", str(options["journal"])):
            organisation = demo.prepare(sandbox=f"http://127.0.0.1:{sandbox_port}", now=timezone.now())
            connection.close()
            serve(bind=f"127.0.0.1:{port}", on_ready=lambda: self._welcome(port, organisation))

    def _welcome(self, port: int, organisation: Organisation) -> None:
        threading.Thread(target=demo_refusal.wait_and_add, args=[organisation], daemon=True).start()
        self.stdout.write(
            f"\n  Organiser Portal   http://127.0.0.1:{port}/\n"
            f"  Sign in with       {demo.EMAIL}\n"
            f"  Password           {demo.PASSWORD}\n"
            f"  Admin site         http://127.0.0.1:{port}/admin/\n\n"
            "  Ctrl-C stops everything; the data stay. `make demo-reset` starts over.\n"
        )


def _prepare_files() -> None:
    Path(settings.BASE_DIR / "var").mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


@contextmanager
def _sandbox(*arguments: str) -> Iterator[None]:
    """The sandbox as a child of this process, ready to answer; it ends with us."""
    command = [sys.executable, "manage.py", "sandbox", "--trickle", TRICKLE, *arguments]
    child = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        assert child.stdout is not None
        if not child.stdout.readline():
            raise CommandError("The sandbox did not start. Is its port taken? --sandbox-port chooses another.")
        threading.Thread(target=child.stdout.read, daemon=True).start()  # keeps its pipe empty
        yield
    finally:
        child.terminate()
        child.wait(timeout=10)
