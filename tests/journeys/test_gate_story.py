"""Race morning: a code for a steward, a card for their pocket, tickets let in from the desk, and who is in."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from providers.sandbox import DEMO_KEYS
from tests.journeys.conftest import SLOW, Demo, Open, comes_true, faults_found_by_axe
from tests.journeys.elsewhere import fails, happens

pytestmark = pytest.mark.journey

GATES = "/o/fellgate/admissions/"


def waiting(demo: Demo, title: str) -> list[str]:
    """Serials of those who are not in yet, as the event's platform tells of them."""
    headers = {"X-API-Key": DEMO_KEYS["ticketing"], "X-Client-Version": "3.0.0"}
    with httpx.Client(base_url=f"{demo.sandbox}/ticketing/v3", headers=headers) as platform:
        [event] = platform.get("/events", params={"title": title}).json()["entries"]
        tickets = platform.get(f"{event['self']}/tickets?records=500").json()["entries"]
    return [ticket["serial"] for ticket in tickets if ticket["status"] == "Issued"]


def at_gate(page: Page) -> str:
    """Go to the first event that is ahead; gives its name."""
    link = page.locator("#gate-rows a.name").first
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return title


def redeem(page: Page, *serials: str) -> None:
    page.get_by_label("Ticket serials").fill("\n".join(serials))
    page.get_by_label("Steward").fill("Jo, desk")
    page.get_by_role("button", name="Redeem tickets").click()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_steward_gets_a_code_for_chosen_races_on_a_card(synced: Demo, open_page: Open, phone: bool) -> None:
    page = open_page(GATES, phone=phone)
    at_gate(page)
    assert not faults_found_by_axe(page)
    page.get_by_role("link", name="Stewards' tokens").click()
    page.get_by_role("link", name="Issue a token").click()
    expect(page.get_by_text("Whoever has the code can see the names and contact details")).to_be_visible()
    assert not faults_found_by_axe(page)
    page.get_by_label("For whom").fill("Sam, gate A")
    page.locator("input[name=races]").first.check()
    page.get_by_role("button", name="Issue an admission token").click()
    card = page.locator(".gate-card")
    expect(card.locator(".gate-code-text")).to_have_text(re.compile(r"^\s*[0-9A-Z]{8}\s*$"))
    expect(card.get_by_role("img", name="QR code of the token")).to_be_visible()
    expect(card).to_contain_text("Sam, gate A")
    assert not faults_found_by_axe(page)
    page.emulate_media(media="print")
    expect(card).to_be_visible()
    expect(page.get_by_text("Print this page and hand it to one steward")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_have_count(0)  # nothing but the card goes to paper


def test_of_each_ticket_the_page_says_what_came_of_it(synced: Demo, open_page: Open) -> None:
    page = open_page(GATES)
    title = at_gate(page)
    inside = int(page.locator("#sections").inner_text().split()[0])
    first, second = waiting(synced, title)[:2]
    page.get_by_role("link", name="Redeem tickets").click()
    redeem(page, first)
    expect(page.get_by_role("heading", name="1 let in")).to_be_visible()
    redeem(page, first, second, "NOBODY-000000000000")
    expect(page.get_by_role("heading", name="1 let in, 2 not accepted")).to_be_visible()
    expect(page.locator("li", has_text=second)).to_contain_text("Let in")
    expect(page.locator("li", has_text=first)).to_contain_text("let in by Jo, desk")
    expect(page.locator("li", has_text="NOBODY")).to_contain_text("unknown")
    assert not faults_found_by_axe(page)
    page.get_by_role("link", name="Who is in").click()
    expect(page.locator("#sections")).to_have_text(re.compile(rf"^\s*{inside + 2} in"))
    expect(page.locator("#gate-board")).to_contain_text(second)


def admissions_on(card: Locator) -> int:
    """How many the card of a connection says we hold."""
    said = re.search(r"([\d,]+) admissions", card.inner_text())
    assert said is not None
    return int(said[1].replace(",", ""))


def test_who_is_in_changes_under_ones_eyes_while_it_is_read_and_shows_without_script(
    synced: Demo, open_page: Open, mended_afterwards: None
) -> None:
    plain = open_page(GATES, phone=True, script=False)
    serial = waiting(synced, at_gate(plain))[0]
    fails(synced, "ticketing:slow=3,times=2,path=admissions")
    happens(synced, "ticketing", "admit", serial=serial, redeemer="Gate B, Ada")
    connections = open_page("/o/fellgate/connections/")
    card = connections.locator(".connection", has_text="TickeTing").first
    known = admissions_on(card)
    with connections.expect_response(lambda answer: answer.request.method == "POST"):
        card.get_by_role("button", name="Sync now").click()
    page = open_page(GATES)
    at_gate(page)
    expect(page.locator("#gate-board")).to_contain_text("this page keeps itself up to date")
    expect(page.locator("#gate-board")).to_contain_text(serial, timeout=SLOW)
    plain.reload()
    expect(plain.locator("#gate-board")).to_contain_text("Gate B, Ada")
    expect(card).to_contain_text("What is fetched", timeout=SLOW)
    assert comes_true(connections, lambda: admissions_on(card) > known, 5), "the card looks again when its sync ends"
