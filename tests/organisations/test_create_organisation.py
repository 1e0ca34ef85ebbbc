"""``manage.py create_organisation``: the organisation, and its owner or the link that makes one."""

import io
import json
import sys

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from organiser_portal.organisations.models import Invitation, Membership, Organisation, User
from organiser_portal.organisations.roles import Role

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("create_organisation", *args, stdout=out)
    return out.getvalue()


def test_somebody_with_an_account_owns_it_at_once(stranger: User):
    answer = json.loads(run("Moor Runners", "--owner", stranger.email.upper(), "--json"))
    organisation = Organisation.objects.get(slug="moor-runners")
    assert answer == {
        "ok": True, "id": organisation.pk, "slug": "moor-runners", "name": "Moor Runners",
        "owner": stranger.email, "account": "existing", "invitation": None,
    }  # fmt: skip
    assert Membership.objects.get(organisation=organisation).role == Role.OWNER


def test_anybody_else_gets_a_link_that_makes_them_the_owner():
    said = run("Moor Runners", "--owner", "new@moor.example")
    link = said.strip().splitlines()[-1]
    assert not mail.outbox
    path = link.removeprefix("http://127.0.0.1:8000")
    client = Client()
    client.get(path)
    client.post("/invitations/", {"first_name": "Meg", "password": "seven wet fells"})
    assert Membership.objects.get(user__email="new@moor.example").role == Role.OWNER


def test_a_password_on_standard_input_makes_the_account(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("seven wet fells\n"))
    said = run("Moor Runners", "--owner", "new@moor.example", "--slug", "moor", "--password-stdin")
    assert "seven wet fells" not in said
    assert Client().login(username="new@moor.example", password="seven wet fells")
    assert Membership.objects.get(organisation__slug="moor").role == Role.OWNER


@pytest.mark.parametrize(
    "args, stdin, reason",
    [
        (["Moor", "--owner", "not-an-address"], "", "not an e-mail address"),
        (["Moor", "--owner", "a@b.example", "--slug", "fellgate"], "", "already"),
        (["!!!", "--owner", "a@b.example"], "", "--slug"),
        (["  ", "--owner", "a@b.example", "--slug", "moor"], "", "A name has"),
        (["Moor", "--owner", "a@b.example", "--password-stdin"], "short\n", "too short"),
        (["Moor", "--owner", "olive@fellgate.example", "--password-stdin"], "seven wet fells\n", "an account already"),
    ],
)
def test_it_fails_with_a_reason_and_leaves_nothing(args, stdin: str, reason: str, owner: User, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    with pytest.raises(CommandError, match=reason):
        run(*args)
    assert list(Organisation.objects.values_list("slug", flat=True)) == ["fellgate"]
    assert not Invitation.objects.exists()


def test_a_failure_is_told_in_json_too(organisation):
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("create_organisation", "Fellgate", "--owner", "a@b.example", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["ok"] is False
    assert "fellgate" in answer["error"]
