"""``manage.py connect``: for operators and automation."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from organiser_portal.connections.management.commands.connect import Command
from organiser_portal.connections.models import Connection, Standing
from organiser_portal.organisations.models import AuditRecord, Organisation
from providers.sandbox import DEMO_KEYS, Sandbox
from tests.connections.conftest import CANARY

KEY = f"api_key={DEMO_KEYS['eventrac']}"
ID = "organiser_id=20417"

type Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(organisation: Organisation, sandbox: Sandbox) -> Run:
    """Run it as a program would; the answer, whatever the exit status."""

    def connect(*arguments: str, provider: str = "eventrac") -> dict[str, Any]:
        out = io.StringIO()
        try:
            call_command(
                "connect", "--organisation", "fellgate", "--provider", provider, *arguments, "--json", stdout=out
            )
        except CommandError as error:
            return {**json.loads(out.getvalue()), "exit": error.returncode}
        return {**json.loads(out.getvalue()), "exit": 0}

    return connect


def test_it_creates_tests_and_prints_id_and_standing(run: Run) -> None:
    answer = run("--set", ID, "--secret", KEY)
    connection = Connection.objects.get()
    assert answer["exit"] == 0
    assert (answer["ok"], answer["id"], answer["created"]) == (True, connection.pk, True)
    assert answer["standing"] == connection.standing == Standing.WORKING
    assert answer["account"]["name"] == "Organiser 20417"


def test_a_person_gets_lines(organisation: Organisation, sandbox: Sandbox) -> None:
    out = io.StringIO()
    call_command("connect", organisation="fellgate", provider="eventrac", set=[ID], secret=[KEY], stdout=out)
    connection = Connection.objects.get()
    assert f"Created connection {connection.pk}: eventrac" in out.getvalue()
    assert "Standing: working" in out.getvalue()


def test_a_second_time_it_updates(run: Run) -> None:
    first = run("--set", ID, "--secret", KEY)
    second = run("--set", "pace=1")
    assert (second["id"], second["created"], second["exit"]) == (first["id"], False, 0)
    connection = Connection.objects.get()
    assert connection.settings == {"organiser_id": "20417", "pace": "1"}
    assert connection.secrets() == {"api_key": DEMO_KEYS["eventrac"]}


def test_the_label_says_which(run: Run) -> None:
    one = run("--set", ID, "--secret", KEY, "--label", "One")
    two = run("--set", ID, "--secret", KEY, "--label", "Two")
    again = run("--label", "one", "--set", "pace=1")
    assert one["id"] != two["id"]
    assert again["id"] == one["id"]


def test_without_a_label_several_are_too_many(run: Run) -> None:
    run("--set", ID, "--secret", KEY, "--label", "One")
    run("--set", ID, "--secret", KEY, "--label", "Two")
    answer = run("--set", "pace=1")
    assert answer["exit"] == 1
    assert "say which with --label: 'One', 'Two'" in answer["error"]


def test_a_wrong_key_is_exit_1_but_the_connection_is_kept(run: Run) -> None:
    answer = run("--set", ID, "--secret", f"api_key={CANARY}")
    connection = Connection.objects.get()
    assert answer["exit"] == 1
    assert (answer["ok"], answer["id"], answer["standing"]) == (False, connection.pk, Standing.NEEDS_ATTENTION)
    assert "does not accept the key" in answer["error"]
    assert CANARY not in json.dumps(answer)


def test_the_operators_address_counts_as_permission(run: Run) -> None:
    run("--set", ID, "--secret", KEY, "--base-url", "http://127.0.0.1:8001/eventrac/api/v3")
    connection = Connection.objects.get()
    assert connection.base_url_allowed
    run("--set", "pace=1")
    connection.refresh_from_db()
    assert connection.base_url_allowed
    run("--base-url", "")
    connection.refresh_from_db()
    assert (connection.base_url, connection.base_url_allowed) == ("", False)


@pytest.mark.parametrize("content", ["{key}", "{key}\n", "  {key}\r\n"])
def test_a_secret_comes_from_a_file(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "key").write_text(content.format(key=DEMO_KEYS["eventrac"]))
    assert run("--set", ID, "--secret", f"api_key=@{tmp_path / 'key'}")["exit"] == 0


def test_a_secret_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{DEMO_KEYS['eventrac']}\n"))
    assert run("--set", ID, "--secret", "api_key=-")["exit"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", ID], "--secret api_key=…: This cannot be left empty."),
        (["--secret", KEY], "--set organiser_id=…: This cannot be left empty."),
        (["--set", "organizer=1"], "has no setting 'organizer'. It has: organiser_id, bulk_path, pace."),
        (["--secret", "token=1"], "has no secret 'token'. It has: api_key."),
        (["--set", "api_key=1"], "api_key goes with --secret."),
        (["--secret", ID], "organiser_id goes with --set."),
        (["--set", "organiser_id"], "--set takes NAME=VALUE."),
        (["--set", "organiser_id=abc", "--secret", KEY], "--set organiser_id=…: This is not a value it can have."),
        (
            ["--set", ID, "--set", "bulk_path=x", "--secret", KEY],
            "--set bulk_path=…: This cannot be chosen, or not any more.",
        ),
        (["--set", ID, "--secret", "api_key=@/nowhere"], "The file for api_key cannot be read: FileNotFoundError."),
        (["--set", ID, "--secret", KEY, "--base-url", "ftp://x.example/"], "--base-url: This is not a base URL."),
    ],
)
def test_what_is_wrong_is_said_exactly_and_nothing_is_saved(run: Run, arguments: list[str], sentence: str) -> None:
    answer = run(*arguments)
    assert answer["exit"] == 1
    assert sentence in answer["error"]
    assert not Connection.objects.exists()


@pytest.mark.django_db
def test_an_unknown_organisation_and_an_unknown_provider(sandbox: Sandbox, organisation: Organisation) -> None:
    with pytest.raises(CommandError, match="no organisation 'nobody'"):
        call_command("connect", organisation="nobody", provider="eventrac")
    with pytest.raises(CommandError, match="no provider 'nobody'"):
        call_command("connect", organisation="fellgate", provider="nobody")


def test_what_an_operator_does_is_in_the_audit_trail(run: Run) -> None:
    run("--set", ID, "--secret", KEY)
    assert set(AuditRecord.objects.values_list("action", "actor_label")) == {
        ("connection.created", "command line"),
        ("connection.tested", "command line"),
    }


def test_the_help_names_every_setting_and_secret() -> None:
    text = Command().create_parser("manage.py", "connect").format_help()
    for word in ("organiser_id", "event_ids", "api_key", "@/run/secrets/key", "PROVIDER_SANDBOX", "Exit status"):
        assert word in text
