"""Pages hold personal data: no cache keeps them. Files of ours hold none, and are kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from organiser_portal import settings as shipped
from organiser_portal.organisations.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/o/fellgate/entries/", "/o/fellgate/", "/", "/o/elsewhere/entries/"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_no_cache_keeps_a_page_or_a_part_of_one(
    sign_in: Callable[[User], Client], owner: User, path: str, headers: dict[str, str]
) -> None:
    answer = sign_in(owner).get(path, headers=headers)
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))


def test_what_says_so_itself_is_left_as_it_is(sign_in: Callable[[User], Client], owner: User) -> None:
    answer = sign_in(owner).get("/o/fellgate/entries/export/")
    assert answer["Cache-Control"] == "no-store"


def test_the_door_is_not_kept_either(client: Client) -> None:
    assert "no-store" in client.get("/accounts/login/")["Cache-Control"]


def test_files_of_ours_are_kept(settings: Any) -> None:
    settings.MIDDLEWARE = shipped.MIDDLEWARE
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True  # none are collected for a test
    answer = Client().get("/static/portal.css")
    assert answer.status_code == 200
    assert "no-store" not in answer["Cache-Control"]
