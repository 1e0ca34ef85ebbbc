"""The pages of those who are not signed in, those about one's account, and those that say no."""

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from tests.post import refusing_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address, heading",
    [
        ("/accounts/login/", "Sign in"),
        ("/accounts/signup/", "Accounts are made by invitation"),
        ("/accounts/password/reset/", "Forgotten your password?"),
        ("/accounts/password/reset/done/", "Look in your mailbox"),
        ("/accounts/password/reset/key/done/", "Your password is changed"),
        ("/accounts/inactive/", "This account is switched off"),
        ("/accounts/confirm-email/nonsense/", "This link no longer works"),
    ],
)
def test_the_door_has_a_page_for(address: str, heading: str):
    response = Client().get(address)
    assert f'<h1 class="mb-3">{heading}</h1>' in response.text


def test_a_wrong_password_is_said_and_the_address_kept(owner):
    response = Client().post("/accounts/login/", {"login": owner.email, "password": "wrong"})
    assert "That did not open the door." in response.text
    assert f'value="{owner.email}"' in response.text


def test_a_forgotten_password_is_replaced_through_the_link(owner):
    client = Client()
    client.post("/accounts/password/reset/", {"email": owner.email})
    [message] = mail.outbox
    link = next(word for word in message.body.split() if word.startswith("http"))
    page = client.get(link, follow=True)
    assert "Choose a new password" in page.text
    address = page.redirect_chain[-1][0]
    new = "a longer new passphrase"
    client.post(address, {"password1": new, "password2": new})
    owner.refresh_from_db()
    assert owner.check_password(new)


@pytest.mark.parametrize("email", ["olive@fellgate.example", "nobody@mail.example"])
def test_a_mail_server_that_takes_no_letter_is_said_and_names_nobody_in_the_log(email: str, owner, settings, caplog):
    with refusing_post() as settings.MAILERS:
        response = Client().post("/accounts/password/reset/", {"email": email})
    assert response.status_code == 503
    assert "The mail server does not take our letter." in response.text
    assert f'value="{email}"' in response.text
    assert "SMTPRecipientsRefused" in caplog.text
    assert email not in caplog.text


def test_a_used_up_link_offers_another():
    response = Client().get("/accounts/password/reset/key/1-nonsense-token/")
    assert "This link no longer works" in response.text
    assert "Send me another link" in response.text


@pytest.mark.parametrize(
    "address, heading",
    [
        ("/accounts/password/change/", "Change your password"),
        ("/accounts/sessions/", "You are signed in here alone"),
        ("/accounts/reauthenticate/", "Confirm it is you"),
        ("/accounts/logout/", "Sign out?"),
        ("/accounts/email/", "Your e-mail address"),
    ],
)
def test_ones_own_account_has_a_page_for(address: str, heading: str, owner, sign_in):
    response = sign_in(owner).get(address)
    assert response.status_code == 200
    assert heading in response.text


@pytest.mark.parametrize("address", ["/accounts/password/change/", "/accounts/sessions/", "/accounts/email/"])
def test_from_ones_own_account_a_way_leads_back_and_to_its_other_pages(address: str, owner, sign_in):
    """On a phone the bar at the thumb had nothing but "More"."""
    bar = sign_in(owner).get(address).text.split('<nav aria-label="Main">')[1].split("<details")[0]
    for page in ("/", "/accounts/sessions/", "/accounts/password/change/", "/accounts/email/"):
        assert f'<a href="{page}"' in bar
    assert f'<a href="{address}" aria-current="page">' in bar


def test_an_address_that_is_nowhere_says_so_calmly():
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/o/fellgate/conflicts/rules/", "This needs the role Owner, and yours is Viewer."),
        ("/o/fellgate/entries/add/", "This needs the role Editor or a higher one, and yours is Viewer."),
    ],
)
def test_a_refusal_says_which_role_it_takes(viewer, sign_in, address: str, said: str):
    """There is no role above the owner's."""
    response = sign_in(viewer).get(address)
    assert response.status_code == 403
    assert said in response.text


def test_an_old_form_is_refused_in_plain_words(owner):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": owner.email, "password": "x"})
    assert response.status_code == 403
    assert "too old to be taken" in response.text


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_a_page_of_last_resort_needs_neither_request_nor_context(name: str):
    page = render_to_string(name)
    assert "Go to the start" in page
    assert "theme.js" in page, "who has chosen the dark is not blinded by a fault of ours"
    assert '<use href="#logo">' in page
    assert 'id="logo"' in page, "the sign of the house as everywhere else"
