"""Coming in: by a link that reached a mailbox, once, within seven days."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, override_settings
from django.utils import timezone

from organiser_portal.organisations import invitations
from organiser_portal.organisations.models import AuditRecord, Invitation, Membership, Organisation, User
from organiser_portal.organisations.roles import Role

INVITE = "/o/fellgate/people/invite/"
DOOR = "/invitations/"
NEWCOMER = {"first_name": "Nia", "last_name": "Rhys", "password": "seven wet fells"}


@pytest.fixture
def asked(owner: User, sign_in) -> str:
    """Nia has been invited as an editor; this is the path of her link."""
    sign_in(owner).post(INVITE, {"email": "Nia@Example.org", "role": "editor"})
    return path_in(mail.outbox[-1].body)


def arrive(link: str, client: Client | None = None) -> HttpResponse:
    """Follow the link in the e-mail."""
    response: HttpResponse = (client or Client()).get(link, follow=True)
    return response


def come_in(link: str, values: dict[str, str], client: Client | None = None) -> HttpResponse:
    """Follow the link and send the form there."""
    client = client or Client()
    arrive(link, client)
    response: HttpResponse = client.post(DOOR, values)
    return response


def main_of(page: str) -> str:
    """A page without what differs from one request to the next."""
    return page[page.index("<main") : page.index("</main>")]


def path_in(body: str) -> str:
    [found] = re.findall(r"http://127\.0\.0\.1:8000(/invitations/\S+)", body)
    return str(found)


def test_an_invitation_goes_to_the_mailbox_and_says_who_asks(asked: str, owner: User):
    [message] = mail.outbox
    assert message.to == ["nia@example.org"]
    assert "Fellgate Events" in message.subject
    assert owner.email in message.body


@override_settings(PORTAL_URL="https://portal.example.org/")
def test_the_link_is_built_from_the_portals_own_address(owner: User, sign_in):
    sign_in(owner).post(INVITE, {"email": "nia@example.org", "role": "editor"}, headers={"host": "localhost"})
    assert "https://portal.example.org/invitations/" in mail.outbox[-1].body


def test_only_a_hash_of_the_token_is_kept(asked: str):
    token = asked.strip("/").rpartition("/")[2]
    stored = Invitation.objects.get()
    assert token not in str(vars(stored))
    assert len(stored.token_hash) == 64


def test_a_newcomer_makes_an_account_and_is_in(asked: str):
    assert "nia@example.org" in arrive(asked).text
    assert come_in(asked, NEWCOMER)["Location"] == "/o/fellgate/"
    member = Membership.objects.get(user__email="nia@example.org")
    assert member.role == Role.EDITOR
    assert member.user.get_full_name() == "Nia Rhys"
    assert Client().login(username="nia@example.org", password=NEWCOMER["password"])
    assert AuditRecord.objects.filter(action="person.joined", actor=member.user).exists()


def test_a_link_works_once(asked: str):
    come_in(asked, NEWCOMER)
    again = come_in(asked, {**NEWCOMER, "password": "another passphrase"})
    assert again.status_code == 404
    assert "This invitation no longer works" in again.text


def test_a_link_is_dead_after_seven_days(asked: str):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert arrive(asked).status_code == 404
    assert come_in(asked, NEWCOMER).status_code == 404
    assert not User.objects.filter(email="nia@example.org").exists()


def test_seven_days_are_seven_days(asked: str):
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)


def test_a_link_that_was_never_given_says_no_more_than_a_used_one(asked: str):
    come_in(asked, NEWCOMER)
    used, unknown = arrive(asked), arrive("/invitations/never-given/")
    assert used.status_code == unknown.status_code == 404
    assert main_of(used.text) == main_of(unknown.text)


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "nia@example.org"])
def test_a_weak_password_is_refused_and_nothing_else_is_lost(password: str, asked: str):
    response = come_in(asked, {**NEWCOMER, "password": password})
    assert response.status_code == 422
    assert 'value="Nia"' in response.text
    assert f'value="{password}"' not in response.text
    assert not User.objects.filter(email="nia@example.org").exists()
    assert Invitation.objects.get().accepted_at is None


def test_the_address_comes_from_the_invitation_whatever_is_posted(asked: str):
    come_in(asked, {**NEWCOMER, "email": "mallory@example.org"})
    assert User.objects.filter(email="nia@example.org").exists()
    assert not User.objects.filter(email="mallory@example.org").exists()


def test_whoever_has_an_account_signs_in_and_joins(asked: str, sign_in):
    nia = User.objects.create_user("nia@example.org", "correct horse battery")
    browser = Client()
    assert "Sign in, and you are brought back here" in arrive(asked, browser).text
    values = {"login": nia.email, "password": "correct horse battery", "next": DOOR}
    assert "Join Fellgate Events" in browser.post("/accounts/login/", values, follow=True).text
    assert not Membership.objects.filter(user=nia).exists()
    assert browser.post(DOOR)["Location"] == "/o/fellgate/"
    assert Membership.objects.get(user=nia).role == Role.EDITOR


def test_an_account_cannot_be_overwritten_through_its_invitation(asked: str):
    nia = User.objects.create_user("nia@example.org", "correct horse battery")
    come_in(asked, NEWCOMER)
    nia.refresh_from_db()
    assert nia.check_password("correct horse battery")
    assert Invitation.objects.get().accepted_at is None


def test_another_account_is_told_so_and_does_not_join(asked: str, stranger: User, sign_in):
    client = sign_in(stranger)
    for response in (arrive(asked, client), client.post(DOOR)):
        assert response.status_code == 403
        assert "This invitation is for another account" in response.text
    assert Membership.objects.filter(user=stranger).count() == 1
    assert Invitation.objects.get().accepted_at is None


def test_another_account_can_sign_out_and_go_on(asked: str, stranger: User, sign_in):
    client = sign_in(stranger)
    assert f'name="next" value="{asked}"' in arrive(asked, client).text
    response = client.post("/accounts/logout/", {"next": asked}, follow=True)
    assert "Choose a password" in response.text


def test_the_token_stands_in_no_log(asked: str, stranger: User, sign_in, caplog):
    come_in(asked, {**NEWCOMER, "password": "short"})
    arrive(asked, sign_in(stranger))
    come_in(asked, NEWCOMER)
    come_in(asked, NEWCOMER)
    assert {record.levelname for record in caplog.records} >= {"WARNING"}
    assert asked.strip("/").rpartition("/")[2] not in caplog.text


def test_inviting_again_renews_and_kills_the_old_link(asked: str, owner: User, sign_in):
    sign_in(owner).post(INVITE, {"email": "nia@example.org", "role": "manager"})
    assert Invitation.objects.get().role == Role.MANAGER
    assert arrive(asked).status_code == 404
    assert arrive(path_in(mail.outbox[-1].body)).status_code == 200


def test_sending_again_gives_a_new_link(asked: str, owner: User, sign_in):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    address = f"/o/fellgate/people/invitations/{Invitation.objects.get().pk}/resend/"
    sign_in(owner).post(address)
    assert arrive(asked).status_code == 404
    assert arrive(path_in(mail.outbox[-1].body)).status_code == 200


def test_a_withdrawn_invitation_opens_nothing(asked: str, owner: User, sign_in):
    sign_in(owner).post(f"/o/fellgate/people/invitations/{Invitation.objects.get().pk}/revoke/")
    assert arrive(asked).status_code == 404
    assert AuditRecord.objects.filter(action="person.invitation_revoked").exists()


def test_another_organisations_invitation_is_not_there(asked: str, stranger: User, sign_in):
    address = f"/o/elsewhere/people/invitations/{Invitation.objects.get().pk}/revoke/"
    assert sign_in(stranger).post(address).status_code == 404
    assert Invitation.objects.exists()


def test_a_member_is_not_invited_again(owner: User, viewer: User, sign_in):
    response = sign_in(owner).post(INVITE, {"email": viewer.email.upper(), "role": "owner"})
    assert response.status_code == 422
    assert "is in this organisation already" in response.text
    assert not mail.outbox


def test_inviting_tells_nobody_whether_an_account_exists(owner: User, stranger: User, sign_in):
    client = sign_in(owner)
    known, unknown = (
        client.post(INVITE, {"email": email, "role": "viewer"}, follow=True).text.replace(email, "THEM")
        for email in (stranger.email, "nobody@elsewhere.example")
    )
    assert "The invitation is on its way to THEM" in known
    assert "The invitation is on its way to THEM" in unknown
    first, second = mail.outbox
    assert first.body.splitlines()[2] == second.body.splitlines()[2]


def test_somebody_who_is_in_by_then_keeps_their_role(organisation: Organisation, owner: User):
    now = timezone.now()
    editor = User.objects.create_user("nia@example.org", "correct horse battery")
    invitation, _ = invitations.invite(
        organisation=organisation, email=editor.email, role=Role.VIEWER, actor=owner, now=now
    )
    Membership.objects.create(organisation=organisation, user=editor, role=Role.MANAGER)
    assert invitations.accept(invitation=invitation, user=editor, now=now).role == Role.MANAGER


def test_a_link_accepted_twice_at_once_counts_once(organisation: Organisation, owner: User):
    now = timezone.now()
    nia = User.objects.create_user("nia@example.org", "correct horse battery")
    invitation, token = invitations.invite(
        organisation=organisation, email=nia.email, role=Role.VIEWER, actor=owner, now=now
    )
    held = invitations.find_open(token, now=now)
    invitations.accept(invitation=invitation, user=nia, now=now)
    with pytest.raises(invitations.InvitationGone):
        invitations.accept(invitation=held, user=nia, now=now)


def test_the_door_takes_only_so_many_tries(asked: str):
    client = Client()
    tries = [client.post(DOOR).status_code for _ in range(21)]
    assert tries[:20] == [404] * 20
    assert tries[20] == 429


def test_a_mail_server_that_is_down_loses_no_invitation(owner: User, sign_in):
    broken = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    with override_settings(MAILERS=broken):
        response = sign_in(owner).post(INVITE, {"email": "nia@example.org", "role": "viewer"}, follow=True)
    assert "The mail server did not take the invitation" in response.text
    assert Invitation.objects.filter(email="nia@example.org").exists()
