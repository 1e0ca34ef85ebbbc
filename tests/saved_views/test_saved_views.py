"""Views of lists: kept, opened by their address, changed, shared, started with, removed."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.organisations.models import Organisation, User
from organiser_portal.saved_views.models import SavedView, UsualView
from organiser_portal.saved_views.query import kept, kept_text
from tests.factories import make_connection, make_entry, make_listing

ENTRIES = "/o/fellgate/entries/"
VIEWS = "/o/fellgate/views/"


def keep(client: Client, name: str = "Charity", query: str = "partner=hospice&sort=-entered", **more: str):
    return client.post(f"{VIEWS}keep/entries/", {"name": name, "query": query, **more})


@pytest.fixture
def entries(organisation: Organisation) -> None:
    listing = make_listing(make_connection(organisation))
    make_entry(listing, "Aled", "ap Rhys", partner_group="Hospice runners")
    make_entry(listing, "Mehmet", "Aydin")


def test_what_is_shown_is_kept_and_opens_again_by_its_address(viewer: User, sign_in, entries):
    client = sign_in(viewer)
    response = keep(client)
    view = SavedView.objects.get()
    assert response.status_code == 303
    assert (view.name, view.query, view.owner, view.shared) == (
        "Charity",
        "partner=hospice&sort=-entered",
        viewer,
        False,
    )
    page = client.get(f"{VIEWS}{view.pk}/", follow=True)
    assert urlsplit(page.redirect_chain[-1][0]).path == ENTRIES
    assert "ap Rhys" in page.text
    assert "Aydin" not in page.text
    assert 'aria-current="page">Charity' in page.text


def test_a_view_of_ones_own_is_nobody_elses(viewer: User, editor: User, sign_in, entries):
    keep(sign_in(viewer))
    view = SavedView.objects.get()
    other = sign_in(editor)
    assert other.get(f"{VIEWS}{view.pk}/").status_code == 404
    assert "Charity" not in other.get(ENTRIES).text


def test_a_shared_view_stands_above_everybodys_list(viewer: User, editor: User, sign_in, entries):
    keep(sign_in(editor), shared="on")
    assert "Charity" in sign_in(viewer).get(ENTRIES).text


def test_the_address_of_a_shared_view_is_copied_and_opens_for_others(editor: User, viewer: User, sign_in, entries):
    client = sign_in(editor)
    keep(client, shared="on")
    keep(client, name="Mine", query="q=rhys")
    shared, own = SavedView.objects.get(shared=True), SavedView.objects.get(shared=False)
    address = f"{VIEWS}{shared.pk}/"
    assert f'data-copy="http://testserver{address}"' in client.get(address, follow=True).text
    assert "ap Rhys" in sign_in(viewer).get(address, follow=True).text
    assert "data-copy" not in client.get(f"{VIEWS}{own.pk}/", follow=True).text, "nobody else could open it"


def test_a_viewer_shares_nothing(viewer: User, sign_in):
    keep(sign_in(viewer), shared="on")
    assert not SavedView.objects.get().shared


def test_one_starts_with_the_usual_view(viewer: User, sign_in, entries):
    client = sign_in(viewer)
    assert client.get(f"{VIEWS}usual/entries/")["Location"] == ENTRIES
    keep(client, usual="on")
    view = SavedView.objects.get()
    where = urlsplit(client.get(f"{VIEWS}usual/entries/")["Location"])
    assert where.path == ENTRIES
    assert parse_qs(where.query) == {"partner": ["hospice"], "sort": ["-entered"], "view": [str(view.pk)]}
    keep(client, "Newest", "sort=-entered", usual="on")
    assert UsualView.objects.get().view.name == "Newest"


def test_a_changed_list_is_saved_to_its_view(editor: User, sign_in, entries):
    client = sign_in(editor)
    keep(client)
    view = SavedView.objects.get()
    page = client.get(f"{ENTRIES}?partner=hospice&status=live&view={view.pk}")
    assert "changed" in page.text
    assert "Save to “Charity”" in page.text
    client.post(f"{VIEWS}{view.pk}/question/", {"query": f"partner=hospice&status=live&view={view.pk}&after=9"})
    view.refresh_from_db()
    assert view.query == "partner=hospice&status=live"


def test_a_fragment_brings_the_tabs_along(viewer: User, sign_in, entries):
    client = sign_in(viewer)
    keep(client)
    view = SavedView.objects.get()
    answer = client.get(f"{ENTRIES}?partner=none&view={view.pk}", headers={"HX-Request": "true"})
    assert 'hx-swap-oob="true"' in answer.text
    assert "changed" in answer.text


def test_others_change_a_shared_view_only_as_managers(editor: User, viewer: User, manager: User, sign_in):
    keep(sign_in(editor), shared="on")
    view = SavedView.objects.get()
    refused = sign_in(viewer).post(f"{VIEWS}{view.pk}/remove/", follow=True)
    assert "whoever made it, or a manager" in refused.text
    assert SavedView.objects.exists()
    sign_in(manager).post(f"{VIEWS}{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_a_viewer_may_start_with_a_shared_view_without_changing_it(editor: User, viewer: User, sign_in):
    keep(sign_in(editor), shared="on")
    view = SavedView.objects.get()
    sign_in(viewer).post(f"{VIEWS}{view.pk}/change/", {"name": "Mine now", "usual": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("Charity", True)
    assert UsualView.objects.get().user == viewer


def test_what_is_no_longer_shared_nobody_starts_with(editor: User, viewer: User, sign_in):
    keep(sign_in(editor), shared="on", usual="on")
    view = SavedView.objects.get()
    sign_in(viewer).post(f"{VIEWS}{view.pk}/change/", {"usual": "on"})
    sign_in(editor).post(f"{VIEWS}{view.pk}/change/", {"name": "Charity", "usual": "on"})
    assert [usual.user for usual in UsualView.objects.all()] == [editor]


def test_two_views_of_one_name_are_refused_and_nothing_typed_is_lost(viewer: User, sign_in):
    client = sign_in(viewer)
    keep(client)
    response = keep(client, " charity ", "status=live")
    assert response.status_code == 422
    assert "There is a view of this name already" in response.text
    assert 'value="status=live"' in response.text
    assert SavedView.objects.count() == 1


def test_a_list_nobody_has_is_not_found(viewer: User, sign_in):
    assert sign_in(viewer).post(f"{VIEWS}keep/horses/", {"name": "x"}).status_code == 404


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3), max_size=5))
def test_keeping_twice_is_keeping_once(parts: dict[str, list[str]]):
    query = QueryDict(mutable=True)
    for name, values in parts.items():
        query.setlist(name, values)
    once = kept(query)
    assert kept_text(once) == once
    assert not {"view", "after", "before", "open"} & set(QueryDict(once))


def test_what_stands_beside_the_list_is_no_part_of_a_view(viewer: User, sign_in, entries):
    page = sign_in(viewer).get(f"{ENTRIES}?open=5").text
    assert 'aria-current="page">Everyone' in page
    assert "views/keep/entries/" not in page


def test_a_list_opens_with_its_views_while_the_shared_cache_is_away(viewer: User, sign_in, entries, cache_away):
    client = sign_in(viewer)
    assert keep(client).status_code == 303
    page = client.get(f"{VIEWS}{SavedView.objects.get().pk}/", follow=True)
    assert page.status_code == 200
    assert "ap Rhys" in page.text
    assert client.get("/o/fellgate/applications/?menu=filters").status_code == 200
