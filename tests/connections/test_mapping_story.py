"""A corrected mapping reaches the entries from what is stored, without a call to the provider."""

import io
from collections.abc import Callable

from django.core.management import call_command
from django.test import Client

from organiser_portal.connections import services
from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import User
from organiser_portal.participants.models import Entry
from providers.sandbox import Sandbox
from tests.conftest import NOW


def test_a_corrected_mapping_is_applied_to_stored_entries_without_a_call(
    sandbox: Sandbox, connect: Callable[..., Connection], owner: User, sign_in: Callable[[User], Client]
) -> None:
    connection = connect("letsdothis")
    assert services.test_connection(connection=connection, actor=None, now=NOW).accepted
    call_command("sync", organisation="fellgate", stdout=io.StringIO())
    client, url = sign_in(owner), f"/o/fellgate/connections/{connection.pk}/mapping/"
    rows = list(client.get(url).context["form"].rows())
    chosen = {bound.name: "" if question.key == "q1" else bound.initial for question, bound in rows}
    asked, nameless = len(sandbox.calls()), Entry.objects.filter(first_name="").count()

    assert client.post(url, chosen).status_code == 303
    call_command("sync", organisation="fellgate", resource="replay", stdout=io.StringIO())

    assert Entry.objects.filter(first_name="").count() > nameless
    assert len(sandbox.calls()) == asked
