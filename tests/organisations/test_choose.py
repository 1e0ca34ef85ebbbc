"""Which organisation?"""

from django.test import Client

from organiser_portal.organisations.models import Membership, Organisation, User
from organiser_portal.organisations.roles import Role


def test_nobody_signed_in_is_sent_to_the_door(db):
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_somebody_with_one_organisation_goes_straight_in(viewer: User, sign_in):
    response = sign_in(viewer).get("/")
    assert response.status_code == 302
    assert response["Location"] == "/o/fellgate/"


def test_somebody_with_several_chooses_among_their_own(viewer: User, stranger: User, sign_in):
    Organisation.objects.create(name="Not theirs", slug="not-theirs")
    Membership.objects.create(organisation=Organisation.objects.get(slug="elsewhere"), user=viewer, role=Role.EDITOR)
    page = sign_in(viewer).get("/").text
    assert 'href="/o/fellgate/"' in page
    assert 'href="/o/elsewhere/"' in page
    assert "Not theirs" not in page


def test_somebody_without_any_gets_a_calm_page(db, sign_in):
    page = sign_in(User.objects.create_user("new@portal.example", "correct horse battery")).get("/")
    assert page.status_code == 200
    assert "You are in no organisation" in page.text
    assert "new@portal.example" in page.text


def test_signing_in_leads_into_the_organisation(viewer: User):
    client = Client()
    response = client.post(
        "/accounts/login/", {"login": viewer.email, "password": "correct horse battery"}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/o/fellgate/"
