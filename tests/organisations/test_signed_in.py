"""The list of places where one is signed in: kept up to date, but not by every page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organiser_portal.organisations.models import User
from tests.conftest import NOW

HOME = "/o/fellgate/people/"


@pytest.fixture
def browser(owner: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(owner)


def test_the_first_page_makes_it_known(browser: Client, owner: User) -> None:
    browser.get(HOME)

    assert UserSession.objects.get().user == owner


def test_reading_a_page_writes_nothing(browser: Client) -> None:
    browser.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        browser.get(HOME)

    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


def test_after_some_minutes_it_is_noted_again(owner: User, sign_in: Callable[[User], Client]) -> None:
    with time_machine.travel(NOW) as clock:
        browser = sign_in(owner)
        browser.get(HOME)
        clock.shift(timedelta(minutes=6))
        browser.get(HOME)

    assert UserSession.objects.get().last_seen_at - NOW >= timedelta(minutes=6)
