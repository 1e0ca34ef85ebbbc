"""An edit sends what somebody changed and nothing else; what was overtaken is told, and nothing typed is lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import User
from organiser_portal.partners.edits import changed, overtaken
from organiser_portal.partners.models import Partner, PartnerAction
from organiser_portal.sync.engine import run_state
from providers.operations import Operation, OperationField, Verb
from providers.sandbox.world import Sandbox
from tests.conftest import NOW

type SignIn = Callable[[User], Client]

FIELDS = (
    OperationField(name="name", label="Name"),
    OperationField(name="capacity", label="Places", kind="whole"),
    OperationField(name="live", label="Live", kind="bool"),
    OperationField(name="tickets", label="Tickets", kind="tickets"),
    OperationField(name="contacts", label="Contacts", kind="contacts"),
    OperationField(name="kind", label="Type", locked="Not here."),
)
EDIT = Operation(verb=Verb.EDIT_GROUP, label="Edit", fields=FIELDS)
SHOWN: dict[str, Any] = {
    "name": "Runners",
    "capacity": 30,
    "live": None,
    "tickets": ["t1", "t2"],
    "contacts": [{"email": "a@b.example", "phone": ""}],
    "kind": "A",
}
AS_TYPED = {
    "name": "Runners ",
    "capacity": 30,
    "live": False,
    "tickets": ["t2", "t1"],
    "contacts": [{"first_name": "", "email": "a@b.example"}],
}


def test_what_was_left_alone_is_not_sent_however_it_is_written():
    assert changed(EDIT, AS_TYPED, SHOWN) == {}
    assert changed(EDIT, AS_TYPED | {"capacity": 20, "kind": "B"}, SHOWN) == {"capacity": 20}
    assert changed(EDIT, AS_TYPED | {"live": True, "tickets": ["t1"]}, SHOWN) == {"live": True, "tickets": ["t1"]}


@pytest.mark.parametrize(
    ("typed", "now", "told"),
    [
        (20, 30, []),  # nobody else touched it
        (20, 25, ["capacity"]),
        (25, 25, []),  # both meant the same
        (30, 25, []),  # not changed here: it is not sent, and stays what it is there
    ],
)
def test_only_what_both_changed_to_something_else_is_overtaken(typed: int, now: int, told: list[str]):
    found = overtaken(EDIT, AS_TYPED | {"capacity": typed}, SHOWN, SHOWN | {"capacity": now})
    assert [each.name for each in found] == told


@pytest.fixture
def partner(connection: Connection, sandbox: Sandbox) -> Partner:
    run_state(connection.sync_states.get(resource="partners").pk, clock=lambda: NOW, by_hand=True)
    return Partner.objects.get(name="Harbour Lights Hospice")


def test_an_edit_leaves_alone_what_changed_at_the_provider_meanwhile(
    sign_in: SignIn, manager: User, partner: Partner, sandbox: Sandbox
):
    client = sign_in(manager)
    url = reverse("partners:partner-do", args=["fellgate", partner.pk, "edit_partner"])
    form: Any = client.get(url).context["form"]
    before = json.loads(form.shown)
    there = there_is(sandbox, partner)
    there["description"] = "Newer, and not known here yet"
    answer = client.post(url, posted(before) | {"headline": "Run by the sea", "shown": form.shown})
    assert answer.status_code == 303
    now = there_is(sandbox, partner)
    assert now["defaultMarketing"]["headline"] == "Run by the sea"
    assert now["description"] == "Newer, and not known here yet"


def test_a_field_that_has_changed_since_is_told_once_and_then_replaced(
    sign_in: SignIn, manager: User, partner: Partner, sandbox: Sandbox
):
    client = sign_in(manager)
    url = reverse("partners:partner-do", args=["fellgate", partner.pk, "edit_partner"])
    form: Any = client.get(url).context["form"]
    before = json.loads(form.shown)
    Partner.objects.filter(pk=partner.pk).update(editable={**partner.editable, "headline": "Theirs"})
    mine = posted(before) | {"headline": "Mine"}
    answer: Any = client.post(url, mine | {"shown": form.shown})
    assert answer.status_code == 422
    assert "it is “Theirs” now" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    assert not PartnerAction.objects.exists()
    assert client.post(url, mine | {"shown": answer.context["form"].shown}).status_code == 303
    assert there_is(sandbox, partner)["defaultMarketing"]["headline"] == "Mine"


def test_an_edit_of_nothing_is_not_sent(sign_in: SignIn, manager: User, partner: Partner):
    client = sign_in(manager)
    url = reverse("partners:partner-do", args=["fellgate", partner.pk, "edit_partner"])
    form: Any = client.get(url).context["form"]
    answer = client.post(url, posted(json.loads(form.shown)) | {"shown": form.shown}, follow=True)
    assert "Nothing was changed, so nothing was sent." in answer.content.decode()
    assert not PartnerAction.objects.exists()


def there_is(sandbox: Sandbox, partner: Partner) -> dict[str, Any]:
    body = next(row.body for row in sandbox.letsdothis.organiser.partners if row.id == partner.external_id)
    assert body is not None
    return body


def posted(values: dict[str, Any]) -> dict[str, Any]:
    """As a browser posts a form that nobody touched."""
    return {name: value for name, value in values.items() if value not in (None, False)}
