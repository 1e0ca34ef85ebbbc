"""Events and races of one name are told apart wherever one of them is chosen."""

import re
from datetime import timedelta
from html import unescape

import pytest

from organiser_portal.partners.models import ReservedGroup
from tests.factories import RACE_DAY, make_connection, make_entry, make_event, make_listing, make_race, synced


def options(page: str, name: str) -> dict[str, str]:
    menu = page[page.index(f'name="{name}"') :].split("</select>")[0]
    return {key: unescape(text) for key, text in re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', menu)}


@pytest.fixture
def three(organisation):
    """One festival at two platforms, and the one of the next year."""
    made = []
    for provider, later in (("letsdothis", 0), ("eventrac", 0), ("letsdothis", 364)):
        event = make_event(organisation, "Hexley Festival")
        race = make_race(organisation, event=event, starts_at=RACE_DAY + timedelta(days=later))
        made.append(make_listing(make_connection(organisation, provider), race=race))
    return made


def test_an_event_is_chosen_by_its_day_its_platform_or_at_all_of_them(owner, sign_in, three):
    client = sign_in(owner)
    first, second, next_year = (each.race.event_id for each in three)
    menu = client.get("/o/fellgate/entries/?menu=filters", headers={"HX-Request": "true"}).text
    told = options(menu, "event")
    assert told[f"{first}.{second}"].endswith(", both platforms")
    assert told[str(first)].endswith(", Let's Do This")
    assert told[str(second)].endswith(", eventrac")
    assert told[str(next_year)] != "Hexley Festival"
    assert len(set(told.values())) == len(told)
    for each, who in zip(three, ("Ann", "Bob", "Cat"), strict=True):
        make_entry(each, who, "Byron")
    page = client.get(f"/o/fellgate/entries/?event={first}.{second}").text
    assert "Ann" in page
    assert "Bob" in page
    assert "Cat" not in page
    assert 'aria-label="Remove filter Event: Hexley Festival"' in page


def test_places_held_at_events_of_one_name_are_told_apart(owner, sign_in, three):
    for each in three:
        ReservedGroup.objects.create(
            name="Ours", capacity=9, event_listing=each.event_listing, **synced(each.connection)
        )
    told = options(sign_in(owner).get("/o/fellgate/partners/places/").text, "event")
    assert len(set(told.values())) == len(told) == 4
