"""The first day: nothing is connected, and every page says what to do about that instead of what it would show."""

import pytest
from django.test import Client

pytestmark = pytest.mark.portable

PAGES = (
    "entries/",
    "entries/add/",
    "applications/",
    "races/",
    "events/",
    "partners/",
    "partners/places/",
    "partners/campaigns/",
    "sync/freshness/",
    "sync/completeness/",
)


def main_of(client: Client, path: str) -> str:
    page: str = client.get(f"/o/fellgate/{path}").text
    return page.split('<main id="main"')[1].split("</main>")[0]


@pytest.mark.parametrize("path", PAGES)
def test_an_owner_is_led_to_the_first_connection(sign_in, owner, path):
    main = main_of(sign_in(owner), path)
    assert "No platform is connected yet" in main
    assert 'href="/o/fellgate/connections/add/"' in main


@pytest.mark.parametrize("path", PAGES)
def test_who_may_not_connect_is_told_who_may(sign_in, editor, path):
    main = main_of(sign_in(editor), path)
    assert "An owner of Fellgate" in main
    assert "/connections/add/" not in main


def test_nobody_fills_in_an_entry_that_has_no_race_to_go_to(sign_in, editor):
    assert "<form" not in main_of(sign_in(editor), "entries/add/")
