"""Finding anything from anywhere."""

import pytest
from django.test import Client

from organiser_portal.organisations.models import Organisation, User
from organiser_portal.partners.models import Partner
from tests.factories import make_connection, make_entry, make_listing, synced

FIND = "/o/fellgate/search/"


@pytest.fixture
def world(organisation: Organisation) -> None:
    listing = make_listing(make_connection(organisation))
    make_entry(listing, "Siobhán", "Breathnach", bib="0847", email="sio@mail.example")
    make_entry(listing, "Aled", "ap Rhys", bib="12", email="aled0847@mail.example")
    Partner.objects.create(name="Harbour Lights Hospice", kind="charity", **synced(listing.connection))


def found(client: Client, text: str) -> str:
    return client.get(FIND, {"q": text}, headers={"HX-Request": "true"}).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("siobhan breath", "Siobhán Breathnach"),
        ("sio@mail", "Siobhán Breathnach"),
        ("hexley 10", "Hexley 10K"),
        ("spring", "Hexley Spring Running Festival"),
        ("hospice", "Harbour Lights Hospice"),
        ("outbox", "Changes on their way"),
        ("both sides", "Conflicts"),
    ],
)
def test_each_kind_is_found_by_a_fragment(viewer: User, sign_in, world, text: str, shown: str):
    assert shown in found(sign_in(viewer), text)


def test_who_wears_a_bib_stands_before_whose_address_holds_it(viewer: User, sign_in, world):
    answer = found(sign_in(viewer), "0847")
    assert answer.index("Siobhán Breathnach") < answer.index("Aled ap Rhys")
    assert answer.count("Siobhán") == 1


def test_nothing_of_another_organisation_is_found(stranger: User, sign_in, world):
    client = sign_in(stranger)
    answer = client.get("/o/elsewhere/search/", {"q": "h"}, headers={"HX-Request": "true"}).text
    assert "Hexley" not in answer
    assert "Harbour" not in answer


def test_only_pages_that_are_open_to_one_are_offered(viewer: User, owner: User, sign_in):
    assert "Audit trail" not in found(sign_in(viewer), "")
    assert "Audit trail" in found(sign_in(owner), "")
    assert "Bulk changes" not in found(sign_in(viewer), "bulk")
    assert "Bulk changes" in found(sign_in(owner), "bulk")


def test_nothing_found_says_what_was_looked_through(viewer: User, sign_in, world):
    answer = found(sign_in(viewer), "zzz <b>")
    assert "Nothing called “zzz &lt;b&gt;”" in answer


def test_the_page_works_without_a_script(viewer: User, sign_in, world):
    page = sign_in(viewer).get(FIND, {"q": "breath"}).text
    assert "<h1>Find</h1>" in page
    assert "Siobhán Breathnach" in page


def test_questions_stay_bounded(viewer: User, organisation: Organisation, sign_in, django_assert_max_num_queries):
    listing = make_listing(make_connection(organisation))
    for number in range(30):
        make_entry(listing, "Aled", f"Rhys {number}", bib=str(number))
    client = sign_in(viewer)
    found(client, "")  # the first request notes the session
    with django_assert_max_num_queries(10):
        answer = found(client, "rhys")
    assert answer.count("Aled Rhys") == 6
    assert "All that match" in answer
