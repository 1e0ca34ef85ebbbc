"""Organisations and people in the administration; what happens in an organisation goes into its trail."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from organiser_portal.organisations.models import AuditRecord, Invitation, Membership, Organisation, User
from organiser_portal.organisations.roles import Role
from tests.post import refusing_post


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


def trail() -> list[tuple[str, str]]:
    return list(AuditRecord.objects.order_by("id").values_list("action", "actor_label"))


def test_an_organisation_is_added(administrator: User, client: Client):
    client.post(
        "/admin/organisations/organisation/add/",
        {"name": "Moor Runners", "slug": "moor", "time_zone": "Europe/Dublin"},
    )
    assert Organisation.objects.get(slug="moor").time_zone == "Europe/Dublin"
    assert trail() == [("organisation.created", administrator.email)]


def test_a_time_zone_that_does_not_exist_is_refused(client: Client):
    values = {"name": "Moor Runners", "slug": "moor", "time_zone": "Europe/Atlantis"}
    client.post("/admin/organisations/organisation/add/", values)
    assert not Organisation.objects.exists()


def test_somebody_is_put_into_an_organisation_and_taken_out(
    organisation: Organisation, stranger: User, administrator: User, client: Client
):
    values = {"organisation": organisation.pk, "user": stranger.pk, "role": "editor"}
    client.post("/admin/organisations/membership/add/", values)
    member = Membership.objects.get(organisation=organisation, user=stranger)
    client.post(f"/admin/organisations/membership/{member.pk}/change/", {"role": "owner"})
    member.refresh_from_db()
    assert member.role == Role.OWNER
    client.post(f"/admin/organisations/membership/{member.pk}/delete/", {"post": "yes"})
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert trail() == [(f"person.{verb}", administrator.email) for verb in ("added", "role_changed", "removed")]


def test_sensitive_data_opened_here_is_on_the_record(viewer: User, client: Client):
    member = Membership.objects.get(user=viewer)
    until = timezone.now() + timedelta(days=2)
    values = {"role": "viewer", "sensitive_until_0": f"{until:%Y-%m-%d}", "sensitive_until_1": "12:00"}
    client.post(f"/admin/organisations/membership/{member.pk}/change/", values)
    member.refresh_from_db()
    assert member.may_see_sensitive(timezone.now())
    client.post(f"/admin/organisations/membership/{member.pk}/change/", {"role": "viewer"})
    assert [action for action, _ in trail()] == ["person.sensitive_granted", "person.sensitive_withdrawn"]


def test_somebody_is_invited_from_here(organisation: Organisation, client: Client):
    values = {"organisation": organisation.pk, "email": "Nia@Example.org", "role": "owner"}
    client.post("/admin/organisations/invitation/add/", values)
    assert mail.outbox[-1].to == ["nia@example.org"]
    client.post("/admin/organisations/invitation/add/", values)
    invitation = Invitation.objects.get()
    client.post(f"/admin/organisations/invitation/{invitation.pk}/delete/", {"post": "yes"})
    assert not Invitation.objects.exists()
    assert [action for action, _ in trail()] == ["person.invited", "person.invited", "person.invitation_revoked"]


def test_a_member_is_not_invited(organisation: Organisation, viewer: User, client: Client):
    values = {"organisation": organisation.pk, "email": viewer.email, "role": "owner"}
    assert "in this organisation already" in client.post("/admin/organisations/invitation/add/", values).text
    assert not mail.outbox


def test_nobody_types_another_persons_password(viewer: User, client: Client):
    page = client.get(f"/admin/organisations/user/{viewer.pk}/change/").text
    assert viewer.password not in page
    assert 'name="password' not in page
    assert client.get("/admin/organisations/user/add/").status_code == 403


def test_a_link_for_a_new_password_is_sent(viewer: User, client: Client):
    client.post("/admin/organisations/user/", {"action": "send_link", "_selected_action": [viewer.pk]})
    [message] = mail.outbox
    assert message.to == [viewer.email]
    assert "/accounts/password/reset/key/" in message.body


def test_a_link_that_the_mail_server_does_not_take_is_said(viewer: User, client: Client, settings: Settings):
    with refusing_post() as settings.MAILERS:
        sent = {"action": "send_link", "_selected_action": [viewer.pk]}
        page = client.post("/admin/organisations/user/", sent, follow=True)
    assert "The mail server did not take the link to vic@fellgate.example." in page.text


def test_a_new_address_replaces_the_old_one_for_signing_in(viewer: User, client: Client):
    EmailAddress.objects.create(user=viewer, email=viewer.email, verified=True, primary=True)
    client.post(f"/admin/organisations/user/{viewer.pk}/change/", {"email": "New@fellgate.example", "is_active": "on"})
    viewer.refresh_from_db()
    assert viewer.email == "new@fellgate.example"
    door = Client()
    old = door.post("/accounts/login/", {"login": "vic@fellgate.example", "password": "correct horse battery"})
    assert old.status_code == 200
    new = door.post("/accounts/login/", {"login": viewer.email, "password": "correct horse battery"})
    assert new.status_code == 302


def test_whoever_is_switched_off_is_out_at_once(viewer: User, sign_in, client: Client):
    theirs = sign_in(viewer)
    assert theirs.get("/o/fellgate/people/").status_code == 200
    client.post(f"/admin/organisations/user/{viewer.pk}/change/", {"email": viewer.email})
    assert theirs.get("/o/fellgate/people/").status_code == 302


def test_an_organisation_is_found_for_a_form(organisation: Organisation, client: Client):
    asked = {"app_label": "organisations", "model_name": "membership", "field_name": "organisation", "term": "fell"}
    found = client.get("/admin/autocomplete/", asked).json()
    assert [each["text"] for each in found["results"]] == ["Fellgate Events"]
