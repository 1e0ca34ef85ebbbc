"""The entry beside its list: who stands before and after it there."""

import pytest
from django.test import Client

from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Entry
from tests.factories import make_connection, make_entry, make_listing


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation))


@pytest.fixture
def three(listing: Listing) -> list[Entry]:
    return [make_entry(listing, "Aled", name, wave=wave) for name, wave in (("Abel", "B"), ("Bell", "C"), ("Cho", "B"))]


@pytest.fixture
def browser(viewer: User, sign_in) -> Client:
    return sign_in(viewer)


def page(browser: Client, entry: Entry, query: str) -> str:
    return browser.get(f"/o/fellgate/entries/{entry.pk}/?{query}").text


def link(entry: Entry) -> str:
    return f"/o/fellgate/entries/{entry.pk}/?in=entries"


def test_the_one_in_the_middle_has_both(browser, three):
    text = page(browser, three[1], "in=entries")
    assert "2 of 3" in text
    assert f'rel="prev" data-panel data-key="k" href="{link(three[0])}"' in text
    assert f'rel="next" data-panel data-key="j" href="{link(three[2])}"' in text


def test_filters_and_sort_of_the_list_are_kept(browser, three):
    text = page(browser, three[2], "in=entries&sort=-name&q=aled")
    assert "1 of 3" in text
    assert f'{link(three[1])}&amp;sort=-name&amp;q=aled"' in text
    assert 'rel="prev"' not in text


def test_who_does_not_match_has_no_place(browser, three):
    text = page(browser, three[1], "in=entries&q=cho")
    assert " of 1" not in text
    assert 'rel="next"' not in text


def test_opened_by_its_own_address_it_stands_alone(browser, three):
    assert 'rel="next"' not in page(browser, three[0], "")


def test_a_row_leads_to_its_entry_within_this_list(browser, three):
    text = browser.get("/o/fellgate/entries/?sort=-name").text
    assert f'href="{link(three[0])}&amp;sort=-name"' in text


def test_the_chosen_entry_is_in_the_address_of_the_list(browser, three):
    text = browser.get(f"/o/fellgate/entries/?open={three[1].pk}&sort=-name").text
    assert f'hx-get="{link(three[1])}&amp;sort=-name" hx-trigger="load"' in text


def test_columns_stand_in_the_order_asked_for_and_so_in_the_chooser(browser, three):
    text = browser.get("/o/fellgate/entries/?columns=wave,name,bib").text
    chooser = text[text.index("data-orderly") : text.index("</ol>")]
    order = [chooser.index(f'value="{key}"') for key in ("wave", "name", "bib", "status")]
    assert order == sorted(order)


def test_settling_leads_back_to_the_place_in_the_list(editor: User, sign_in, three):
    answer = sign_in(editor).post(f"/o/fellgate/entries/{three[0].pk}/notes/?in=entries&sort=-name", {"notes": "x"})
    assert answer["Location"] == f"{link(three[0])}&sort=-name"
