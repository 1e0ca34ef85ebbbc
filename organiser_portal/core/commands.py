"""Commands that speak to people and, with ``--json``, to programs. The exit status is 0 only on success."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Failed(CommandError):
    """The command did its work and the answer is no. Its report has been written already."""


class JsonCommand(BaseCommand):
    """A command with ``--json``: then one JSON object on standard output, and nothing else there.

    The object holds ``ok`` (true or false), with ``error`` (one sentence) when it is false, and the command's facts.
    Sentences for people about a failure go to standard error in both modes.
    """

    json = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--json", action="store_true", help="Answer with one JSON object on standard output.")
        if self.json:
            parser.called_from_command_line = False  # wrong arguments are raised, so that they can be told in JSON
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        self.json = "--json" in argv
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            self._write({"ok": False, "error": str(error)})
            self.stderr.write(str(error))
            sys.exit(2)

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.json = options.get("json", False)
        try:
            return super().execute(*args, **options)
        except Failed:
            raise
        except CommandError as error:
            if self.json:
                self._write({"ok": False, "error": str(error)})
            raise

    def report(self, facts: Mapping[str, object], lines: Iterable[str], *, error: str = "") -> None:
        """Say what came out: ``facts`` to programs, ``lines`` to people. With ``error``, raises Failed after it."""
        if self.json:
            self._write({"ok": not error, **({"error": error} if error else {}), **facts})
        else:
            for line in lines:
                self.stdout.write(line)
        if error:
            raise Failed(error)

    def _write(self, answer: Mapping[str, object]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
