"""Somebody whose session has ended, on a page that is still open."""

from django.test import Client

from organiser_portal.organisations.models import Organisation

URL = "/o/fellgate/sync/freshness/"


def test_a_page_leads_to_the_door(client: Client, organisation: Organisation) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")


def test_a_part_of_a_page_does_not_become_the_door(client: Client, organisation: Organisation) -> None:
    answer = client.get(URL, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "<form" not in answer.content.decode()
