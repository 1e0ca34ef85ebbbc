"""Every main page, desktop and phone, light and dark: no script error, nothing axe objects to, nothing too wide."""

import pytest

from tests.journeys.conftest import Demo, Open, faults_found_by_axe

pytestmark = pytest.mark.journey

PAGES = {
    "home": "/o/fellgate/",
    "entries": "/o/fellgate/entries/",
    "races": "/o/fellgate/races/",
    "events": "/o/fellgate/events/",
    "applications": "/o/fellgate/applications/",
    "connections": "/o/fellgate/connections/",
    "add a connection": "/o/fellgate/connections/add/",
    "runs": "/o/fellgate/sync/runs/",
    "outbound changes": "/o/fellgate/sync/outbound/",
    "add an entry": "/o/fellgate/entries/add/",
    "partners": "/o/fellgate/partners/",
    "campaigns": "/o/fellgate/partners/campaigns/",
    "gates": "/o/fellgate/admissions/",
    "people": "/o/fellgate/people/",
    "audit trail": "/o/fellgate/audit/",
}
LOOKS = [(False, False), (True, True)]


@pytest.mark.parametrize(("phone", "dark"), LOOKS, ids=["desktop light", "phone dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(synced: Demo, open_page: Open, name: str, phone: bool, dark: bool) -> None:
    page = open_page(PAGES[name], phone=phone, dark=dark)
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").count() == 1
    assert faults_found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
