"""While the cache that all share is away, each process remembers and counts for itself: nobody is kept out for it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache, caches
from django.test import Client

from organiser_portal.core.environment import SOON_GIVEN_UP, Environment
from organiser_portal.core.steady_cache import AGAIN_AFTER
from organiser_portal.organisations.models import User
from tests.operations.silent import silent

SIGN_IN, FORGOTTEN = "/accounts/login/", "/accounts/password/reset/"
LOCAL = "django.core.cache.backends.locmem.LocMemCache"
RIGHT, WRONG = "correct horse battery", "wrong horse battery"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def status(user: User, password: str) -> int:
    return Client().post(SIGN_IN, {"login": user.email, "password": password}).status_code


def test_people_sign_in(owner: User, cache_away: None) -> None:
    assert status(owner, RIGHT) == 302


def test_the_admin_site_opens(administrator: User, cache_away: None) -> None:
    client = Client()
    page = client.post(f"{SIGN_IN}?next=/admin/", {"login": administrator.email, "password": RIGHT}, follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/admin/")


def test_guessing_stays_limited(owner: User, viewer: User, cache_away: None) -> None:
    for _ in range(5):
        assert status(owner, WRONG) == 200
    assert status(owner, RIGHT) == 200, "not even the right one, for a while"
    assert status(viewer, RIGHT) == 302, "of one account"


def test_whoever_forgot_their_password_gets_a_link(owner: User, mailoutbox, cache_away: None) -> None:
    assert Client().post(FORGOTTEN, {"email": owner.email}).status_code == 302
    assert [letter.to for letter in mailoutbox] == [[owner.email]]


def test_one_that_says_nothing_is_waited_for_once(owner: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with silent() as port:
        monkeypatch.setenv("CACHE_URL", f"redis://127.0.0.1:{port}/0")
        settings.CACHES = {**settings.CACHES, "shared": Environment().cache_address("CACHE_URL", default="")}
        began = time.monotonic()
        assert status(owner, RIGHT) == 302
        assert time.monotonic() - began < 2 * SOON_GIVEN_UP["socket_timeout"]


def test_one_that_is_back_is_used_again(settings: Any, cache_away: None) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        cache.set("where", "here", 3_600)
        settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": LOCAL, "LOCATION": "back"}}
        caches["shared"].set("where", "there", 3_600)
        assert cache.get("where") == "here", "it is not asked each time whether it is back"
        clock.shift(AGAIN_AFTER)
        assert cache.get("where") == "there"


def test_what_both_know_is_deleted_in_both(settings: Any, cache_away: None) -> None:
    """An account whose password was just made anew has no wrong guesses, should the cache go away again."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        cache.set("guesses", 5, 3_600)
        settings.CACHES = {**settings.CACHES, "shared": {"BACKEND": LOCAL, "LOCATION": "back"}}
        clock.shift(AGAIN_AFTER)
        cache.set("guesses", 1, 3_600)
        assert cache.delete("guesses")
    assert (caches["shared"].get("guesses"), caches["process"].get("guesses")) == (None, None)
