"""Codes of tokens follow the credentials under a new key."""

import json
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from organiser_portal.admissions.models import GateToken, sealed
from organiser_portal.organisations.models import Organisation
from tests.factories import make_connection, synced


@pytest.fixture
def token(organisation: Organisation) -> GateToken:
    return GateToken.objects.create(sealed_code=sealed("K3T9ZW0B"), **synced(make_connection(organisation)))


def rotate() -> dict[str, Any]:
    out = StringIO()
    call_command("rotate_credential_keys", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_a_rotated_code_opens_with_the_new_key_alone(token: GateToken, settings: Any):
    old, new = settings.CREDENTIAL_KEYS, Fernet.generate_key().decode()
    settings.CREDENTIAL_KEYS = [new, *old]
    assert rotate()["sealed"] == {"admissions.GateToken.sealed_code": {"rotated": 1, "unreadable": []}}
    settings.CREDENTIAL_KEYS = [new]
    token.refresh_from_db()
    assert token.code() == "K3T9ZW0B"


def test_a_code_no_key_opens_is_named(token: GateToken, settings: Any):
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match=rf"admissions.GateToken.sealed_code: {token.pk}"):
        call_command("rotate_credential_keys", stdout=StringIO())
