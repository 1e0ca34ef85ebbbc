"""Who gets into the administration, and by which door."""

import pytest
from django.test import Client

from organiser_portal.organisations.models import User

pytestmark = pytest.mark.django_db


def test_nobody_signed_in_is_sent_to_the_one_door():
    response = Client().get("/admin/organisations/user/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert "/admin/organisations/user/" in response.redirect_chain[-1][0]


def test_the_administration_has_no_door_of_its_own(administrator: User):
    response = Client().post("/admin/login/", {"username": administrator.email, "password": "correct horse battery"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_signing_in_leads_on_to_the_administration(administrator: User):
    client = Client()
    response = client.post(
        "/accounts/login/",
        {"login": administrator.email, "password": "correct horse battery", "next": "/admin/"},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == "/admin/"
    assert "Organiser Portal" in response.text


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/organisations/user/", "/admin/nonsense/"])
def test_an_owner_finds_nothing_there(address: str, owner: User, sign_in):
    assert sign_in(owner).get(address).status_code == 404


def test_an_administrator_who_is_switched_off_is_out(administrator: User, sign_in):
    client = sign_in(administrator)
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_administrators_need_not_be_superusers(sign_in):
    helper = User.objects.create_user("help@portal.example", "correct horse battery", is_staff=True)
    assert sign_in(helper).get("/admin/organisations/organisation/").status_code == 200


def test_passwords_and_signing_out_are_the_portals_own(client: Client):
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert client.post("/admin/logout/")["Location"] == "/accounts/logout/"
