"""Commands that answer programs as well as people."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management.base import CommandError

from organiser_portal.core.commands import Failed, JsonCommand


class Weigh(JsonCommand):
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "nothing":
            raise CommandError("There is nothing to weigh.")
        heavy = options["what"] == "elephant"
        self.report({"weight": 7}, ["It weighs 7."], error="Too heavy." if heavy else "")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run it as the shell would: (exit status, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            Weigh(stdout=sys.stdout, stderr=sys.stderr).run_from_argv(["manage.py", "weigh", *arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        return status, *capsys.readouterr()

    return run


def test_a_person_gets_lines_and_a_program_gets_an_object(said: Any) -> None:
    assert said("mouse")[:2] == (0, "It weighs 7.\n")
    status, out, _ = said("mouse", "--json")
    assert (status, json.loads(out)) == (0, {"ok": True, "weight": 7})


def test_a_no_is_reported_once_and_is_status_1(said: Any) -> None:
    status, out, err = said("elephant", "--json")
    assert (status, json.loads(out)) == (1, {"ok": False, "error": "Too heavy.", "weight": 7})
    assert "Too heavy." in err


def test_an_error_is_json_too(said: Any) -> None:
    status, out, err = said("nothing", "--json")
    assert (status, json.loads(out)) == (1, {"ok": False, "error": "There is nothing to weigh."})
    assert "There is nothing to weigh." in err


def test_so_are_wrong_arguments(said: Any) -> None:
    status, out, _ = said("--json")
    assert status == 2
    assert "what" in json.loads(out)["error"]


def test_called_from_code_it_raises(db: None) -> None:
    with pytest.raises(Failed):
        Weigh(stdout=io.StringIO()).execute(
            what="elephant", json=True, no_color=True, force_color=False, skip_checks=True
        )
