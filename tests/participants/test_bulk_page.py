"""The page of a bulk change: what it would come to, what is proposed, and the way back to where it was begun."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from organiser_portal.events.models import Listing
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants import tags
from organiser_portal.participants.bulk.running import run_batch
from organiser_portal.participants.models import Batch, Entry
from tests.factories import make_connection, make_entry, make_listing
from tests.participants.bulk import ENTRIES, begin, do


@pytest.fixture
def listing(organisation: Organisation) -> Listing:
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def twelve(listing: Listing) -> list[Entry]:
    return [make_entry(listing, "Aled", f"Rhys {number:02}", wave="A") for number in range(12)]


@pytest.fixture
def browser(editor: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(editor)


def test_what_it_would_come_to_is_told_while_it_is_typed(browser, twelve):
    Entry.objects.filter(pk__in=[twelve[0].pk, twelve[1].pk]).update(wave="B")
    ids = ",".join(str(entry.pk) for entry in twelve[:5])
    page = browser.get(f"{ENTRIES}bulk/wave/", {"ids": ids, "value": "B"}, headers={"HX-Request": "true"}).text
    assert " hx-swap-oob" in act(page)
    assert "3 will change</b>, 2 are so already" in page
    assert "A → <b>B</b>" in page
    assert "stays B" in page
    assert "<form" not in page
    assert "Set wave to B for 5 entries<" in act(page), "the button says what it does"


def act(page: str) -> str:
    """The button that does it."""
    return page.split('id="act"')[1].split("</button>")[0]


def test_what_would_change_nothing_is_not_offered(browser, twelve):
    Entry.objects.filter(pk=twelve[0].pk).update(redacted=True)
    told = {"q": "rhys", "value": "A"}
    page = browser.get(f"{ENTRIES}bulk/wave/", told, headers={"HX-Request": "true"}).text
    assert "0 will change</b>, 11 are so already" in page
    assert " disabled" in act(page)
    page = browser.get(f"{ENTRIES}bulk/wave/", told | {"value": "B"}, headers={"HX-Request": "true"}).text
    assert " disabled" not in act(page)
    assert " disabled" in act(browser.get(f"{ENTRIES}bulk/push/", {"q": "rhys"}).text), "nothing of them was refused"


def test_what_would_change_nothing_is_not_begun_without_a_script_either(browser, twelve):
    answer = begin(browser, "wave", "q=rhys", 12, value="A")
    assert answer.status_code == 422
    assert "Nothing would change." in answer.text
    assert " disabled" not in act(answer.text), "another value can be typed"
    assert not Batch.objects.exists()


def test_what_they_hold_now_is_told_with_the_provider_s_wave_where_we_have_none(browser, twelve):
    Entry.objects.filter(pk=twelve[0].pk).update(wave="", provider_wave="Wave D")
    Entry.objects.filter(pk=twelve[1].pk).update(wave="")
    page = browser.get(f"{ENTRIES}bulk/wave/", {"q": "rhys", "value": "B"}).text
    held = [" ".join(part.split()) for part in page.split("<dl")[1].split("</dl>")[0].split("<dt>")[1:]]
    assert sorted(part.split("</dt>")[0] for part in held) == ["A", "Wave D", "none"]
    assert "Wave D → <b>B</b>" in page


def test_waves_of_the_same_races_are_proposed_and_no_others(browser, twelve, listing):
    make_entry(listing, "Somebody", "Else", provider_wave="Wave C")
    make_entry(make_listing(listing.connection), "Another", "Race", wave="Z")
    page = browser.get(f"{ENTRIES}bulk/wave/", {"ids": twelve[0].pk}).text
    assert page.count("<option") == 2
    assert '<option value="A"></option><option value="Wave C"></option>' in page
    assert 'value="Wave C" data-fill="id_value">Wave C</button>' in page, "one press instead of typing it alike"


def test_rows_ticked_on_other_pages_go_with_those_of_this_one(browser, twelve):
    picked = {"action": "wave", "pick": [twelve[0].pk], "picked": f"{twelve[1].pk}.{twelve[2].pk}.{twelve[0].pk}.x"}
    answer = browser.get(f"{ENTRIES}bulk/", picked)
    assert answer["Location"] == f"{ENTRIES}bulk/wave/?ids={twelve[0].pk},{twelve[1].pk},{twelve[2].pk}&back="


def test_one_comes_back_to_the_list_where_it_was_begun(browser, twelve):
    chosen = browser.get(f"{ENTRIES}bulk/", {"action": "wave", "pick": [twelve[0].pk], "q": "rhys", "sort": "-name"})
    back = f'href="{ENTRIES}?q=rhys&amp;sort=-name"'
    assert f'<a class="btn btn-ghost" {back}>Cancel</a>' in browser.get(chosen["Location"]).text
    begun = browser.post(chosen["Location"], {"expected": 1, "value": "B"})
    page = browser.get(begun["Location"]).text
    assert back in page, "while it runs"
    assert f'hx-get="{begun["Location"].replace("&", "&amp;")}"' in page, "and whenever it looks again"
    run_batch(Batch.objects.get().pk, clock=timezone.now)
    undo = begun["Location"].replace("/?", "/undo/?")
    assert f'action="{undo}"' in browser.get(begun["Location"]).text
    assert back in browser.get(browser.post(undo)["Location"]).text


def test_the_way_back_leads_nowhere_but_to_the_list(browser, twelve):
    page = browser.get(f"{ENTRIES}bulk/wave/", {"ids": twelve[0].pk, "back": "//elsewhere.example/#q=rhys"}).text
    assert f'href="{ENTRIES}?%2F%2Felsewhere.example%2F%23q=rhys">Cancel' in page


def test_what_was_typed_is_told_again_when_the_list_has_changed(browser, twelve, listing):
    make_entry(listing, "Late", "Rhys")
    page = begin(browser, "wave", "q=rhys", 12, value="B").text
    assert "Set wave to B for 13 entries<" in act(page)
    assert "13 will change" in page


def test_who_has_paid_is_marked_here_and_taken_back(browser, twelve):
    twelve[0].own_tags = tags.join(["vip"])
    twelve[0].save()
    assert do(browser, "payment", "q=rhys", 12, value="paid").changed == 12
    twelve[0].refresh_from_db()
    assert tags.parse(twelve[0].own_tags) == ["paid", "vip"]
    assert begin(browser, "payment", "q=rhys", 12, value="paid").status_code == 422, "all of them have"
    assert do(browser, "payment", f"ids={twelve[0].pk}", 1, value="unpaid").changed == 1
    twelve[0].refresh_from_db()
    assert tags.parse(twelve[0].own_tags) == ["vip"]
    page = browser.get(f"{ENTRIES}bulk/payment/", {"q": "rhys", "value": "paid"}, headers={"HX-Request": "true"}).text
    assert "1 will change</b>, 11 are so already" in page
    assert "Set payment to paid for 12 entries" in page
