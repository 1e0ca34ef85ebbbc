"""Codes for stewards, from the form to the card to the end."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from organiser_portal.admissions.models import GateToken
from organiser_portal.connections.models import Connection, Standing
from organiser_portal.core.qr import svg
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import AuditRecord, User
from providers.sandbox.world import Sandbox

type SignIn = Callable[[User], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"admissions:{name}", args=["fellgate", *args])


@pytest.fixture
def client(sign_in: SignIn, manager: User) -> Client:
    return sign_in(manager)


@pytest.fixture
def race(gate: EventListing) -> str:
    return gate.listings.order_by("pk")[0].external_id


@pytest.fixture
def token(client: Client, gate: EventListing, race: str) -> GateToken:
    """Issued through the page."""
    answer = client.post(url("token-issue", gate.pk), {"steward": "Sam, gate A", "races": [race]})
    token = GateToken.objects.get(steward="Sam, gate A")
    assert answer["Location"] == url("token-card", gate.pk, token.pk)
    return token


def test_the_form_warns_what_a_token_can_do(client: Client, gate: EventListing):
    page = client.get(url("token-issue", gate.pk)).content.decode()
    assert "Whoever has the code can see the names and contact details" in page
    for race in gate.listings.all():
        assert race.name in page


def test_the_card_has_the_code_as_text_and_as_a_picture(
    client: Client, gate: EventListing, token: GateToken, race: str
):
    answer = client.get(url("token-card", gate.pk, token.pk))
    page = answer.content.decode()
    assert token.code() in page
    assert svg(token.code(), label="QR code of the token") in page
    assert gate.listings.get(external_id=race).name in page
    assert "Sam, gate A" in page
    assert "no-store" in answer["Cache-Control"]


def test_every_look_at_a_code_is_in_the_audit_trail(
    client: Client, gate: EventListing, token: GateToken, manager: User
):
    for _ in range(2):
        client.get(url("token-card", gate.pk, token.pk))
    seen = AuditRecord.objects.filter(action="gates.card_seen", actor=manager)
    assert seen.count() == 2
    assert f"code ending {token.code_hint}" in seen[0].subject
    trail = client.get(reverse("console:audit-list", args=["fellgate"])).content.decode()
    assert "opened the card with the code of an admission token of" in trail


def test_the_code_is_on_the_card_and_nowhere_else(client: Client, gate: EventListing, token: GateToken):
    code = token.code()
    pages = [client.get(url(name, gate.pk)).content.decode() for name in ("token-list", "gate-detail", "token-issue")]
    assert [page for page in pages if code in page] == []
    assert f"••••••{code[-2:]}" in pages[0]
    assert code not in str([list(model._default_manager.values()) for model in apps.get_models()])
    assert code not in str(client.session.items()) + str(client.cookies)


def test_a_token_is_changed(client: Client, gate: EventListing, token: GateToken, sandbox: Sandbox):
    every = [listing.external_id for listing in gate.listings.all()]
    assert client.post(url("token-edit", gate.pk, token.pk), {"races": every}).status_code == 302
    token.refresh_from_db()
    assert token.race_external_ids == every
    event = sandbox.ticketing.state.events[gate.external_id]
    assert {section.id for section in event.tokens[-1].sections} == set(every)


def test_a_withdrawn_token_is_gone_there_and_here(
    client: Client, gate: EventListing, token: GateToken, sandbox: Sandbox
):
    code = token.code()
    assert "stops working at once" in client.get(url("token-revoke", gate.pk, token.pk)).content.decode()
    client.post(url("token-revoke", gate.pk, token.pk))
    assert code not in {each.code for each in sandbox.ticketing.state.events[gate.external_id].tokens}
    token.refresh_from_db()
    assert (token.gone_at is None, bytes(token.sealed_code)) == (False, b"")
    assert client.get(url("token-card", gate.pk, token.pk)).status_code == 404


def test_the_events_own_token_and_the_portals_are_not_offered_for_change(client: Client, gate: EventListing):
    for token in gate.gate_tokens.filter(everywhere=True) | gate.gate_tokens.filter(own=True):
        for name in ("token-edit", "token-revoke"):
            assert client.get(url(name, gate.pk, token.pk)).status_code == 404
            assert url(name, gate.pk, token.pk) not in client.get(url("token-list", gate.pk)).content.decode()


def test_a_refusal_keeps_what_was_typed(client: Client, gate: EventListing, race: str, connection: Connection):
    Connection.objects.filter(pk=connection.pk).update(standing=Standing.PAUSED)
    answer = client.post(url("token-issue", gate.pk), {"steward": "Jo, gate B", "races": [race]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The connection is paused" in page
    assert "Jo, gate B" in page
    assert f'value="{race}"' in page
    assert page.count(" checked") == 1
    assert client.post(url("token-issue", gate.pk), {"steward": "Jo"}).status_code == 422


def test_a_card_whose_code_cannot_be_opened_says_so(client: Client, gate: EventListing, token: GateToken):
    GateToken.objects.filter(pk=token.pk).update(sealed_code=b"sealed with another key")
    assert "The code is not known here" in client.get(url("token-card", gate.pk, token.pk)).content.decode()
    assert not AuditRecord.objects.filter(action="gates.card_seen").exists()
