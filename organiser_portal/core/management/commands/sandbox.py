"""Serve the pretended providers on this machine, for the demo and for trying things out."""

import gc
import signal
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter

from providers.sandbox import GRAMMAR, BadOrder, BadSpec, Sandbox
from providers.sandbox.server import LOOPBACK


class _AsWritten(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the line breaks of the fault grammar."""


class Command(BaseCommand):
    help = "Serves every provider as a local sandbox, in memory, until it is stopped (Ctrl-C or SIGTERM)."
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=f"faults:\n{GRAMMAR}", formatter_class=_AsWritten, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8001, help="0: any free one. Default 8001.")
        parser.add_argument("--host", default=LOOPBACK, help="A loopback address. Default 127.0.0.1.")
        parser.add_argument("--size", choices=("empty", "s", "m", "l"), default="s", help="How much data.")
        parser.add_argument("--seed", type=int, default=1, help="Another number, other people.")
        parser.add_argument("--faults", default="", metavar="SPEC", help="What goes wrong; see below.")
        parser.add_argument(
            "--trickle", type=float, default=0, metavar="SECONDS", help="Something small happens so often. 0: never."
        )
        parser.add_argument(
            "--journal", type=Path, metavar="FILE", help="Remember what happened, and go on from there next time."
        )
        parser.add_argument(
            "--switch", action="append", default=[], metavar="PROVIDER.NAME=VALUE", help="May be repeated."
        )

    def handle(self, *_: Any, **options: Any) -> None:
        sandbox = self._built(options)
        try:
            with sandbox.serve(host=options["host"], port=options["port"]) as root:
                stop = Event()
                for name in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(name, lambda *_: stop.set())
                self._announce(sandbox, root)
                stop.wait()
        except (OSError, ValueError) as error:
            raise CommandError(f"Cannot serve on {options['host']}:{options['port']}: {error}") from error

    def _built(self, options: dict[str, Any]) -> Sandbox:
        try:
            names = ("seed", "size", "faults", "trickle", "journal")
            sandbox = Sandbox(**{name: options[name] for name in names})
            for switch in options["switch"]:
                sandbox.turn(switch)
        except (BadSpec, BadOrder) as error:
            raise CommandError(str(error)) from error
        gc.collect()
        gc.freeze()  # what was built stays to the end; looking through it again would cost tenths of a second
        return sandbox

    def _announce(self, sandbox: Sandbox, root: str) -> None:
        self.stdout.write(f"Provider sandbox, size {sandbox.size}, seed {sandbox.seed}, on {root}")
        for site in sandbox.sites():
            counts = ", ".join(f"{number} {what}" for what, number in site.counts().items())
            self.stdout.write(f"\n{site.key}\n  base URL  {sandbox.base_url(site.key)}\n  key       {site.demo_key}")
            for name, value in site.demo_settings.items():
                self.stdout.write(f"  {name:<9} {value}")
            self.stdout.write(f"  holds     {counts}")
        self.stdout.write(f"\ncontrol   {root}/_control/    Stop with Ctrl-C.")
        self.stdout.flush()
