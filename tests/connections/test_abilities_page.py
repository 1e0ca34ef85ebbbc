"""What can be done at a provider, what cannot, and what happens instead: all of it from what the provider declares."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from organiser_portal.connections.declared import WHO, declared
from organiser_portal.connections.gaps import gaps
from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.organisations.roles import Role
from providers.operations import Operation, Verb
from providers.port import Cadence, Capabilities, Resource
from providers.records import Kind
from providers.registry import PROVIDERS
from tests.connections.conftest import page
from tests.factories import make_connection
from tests.who_may_open import EXPECTED

pytestmark = pytest.mark.portable

SignIn = Callable[[User], Client]

PLAIN = Capabilities(lists_entries=True)
ENTRIES = Resource(key="entries", label="Entries", kind=Kind.ENTRY, cadence=Cadence.FAST, full_every_hours=24)
PARTNERS = Resource(key="partners", label="Partners", kind=Kind.PARTNER, cadence=Cadence.SLOW)


def instead(able: Capabilities, *resources: Resource, **operations: Operation) -> dict[str, str]:
    verbs = {operation.verb: operation for operation in operations.values()}
    return {gap.verb: gap.instead for gap in gaps(able, resources, verbs, asks="every 4 h")}


@pytest.mark.parametrize("key", sorted(PROVIDERS))
def test_everything_it_declares_is_on_the_page(
    key: str, organisation: Organisation, viewer: User, sign_in: SignIn
) -> None:
    provider = PROVIDERS[key]
    connection = make_connection(organisation, key)
    html = unescape(page(sign_in(viewer), f"/o/fellgate/connections/{connection.pk}/abilities/"))
    assert all(each.label in html for each in provider.resources)
    assert all(each.label in html and each.help in html for each in provider.connection_fields)
    assert all(sentence in html for sentence in provider.capabilities.cannot.values())
    assert all(gap.instead in html for gap in declared(connection).gaps)
    assert "Encrypted" in html


@pytest.mark.parametrize("key", sorted(PROVIDERS))
def test_what_happens_instead_is_told_for_each_thing_and_names_no_provider(
    key: str, organisation: Organisation
) -> None:
    told = declared(make_connection(organisation, key)).gaps
    assert {"push_results", *PROVIDERS[key].capabilities.cannot} <= {gap.verb for gap in told}
    assert all(gap.instead.endswith(".") for gap in told)
    labels = [provider.label.lower() for provider in PROVIDERS.values()]
    assert not any(label in f"{gap.label} {gap.instead}".lower() for gap in told for label in labels)


def test_the_page_of_the_connection_only_sums_it_up(working: Connection, viewer: User, sign_in: SignIn) -> None:
    html = page(sign_in(viewer), f"/o/fellgate/connections/{working.pk}/")
    assert "2 listings are read, and 2 things can be done there." in html
    assert f"/connections/{working.pk}/abilities/" in html
    assert "eventrac cannot list participants" not in html


def test_listings_are_asked_for_as_the_connection_says_and_no_oftener_than_is_worth_it(
    organisation: Organisation,
) -> None:
    connection = make_connection(organisation, "letsdothis", polling={"usual": 30, "race_week": 5, "race_day": 2})
    asked = {each.label: each.asked for each in declared(connection).readings}
    assert asked["Entries"] == "every 30 min, 5 min in race week, 2 min on race day"
    assert asked["Tickets"] == "every 1 h"


def test_a_walk_over_what_has_changed_is_told_from_one_over_everything(organisation: Organisation) -> None:
    told = {each.label: each.whole for each in declared(make_connection(organisation, "letsdothis")).readings}
    assert told["Entries"] == "What has changed since. The whole list every 24 h, to see what is gone."
    assert told["Tickets"] == "The whole list every time. What is no longer on it is marked as gone."


def test_an_entry_that_cannot_be_deleted_is_marked_as_gone() -> None:
    assert instead(PLAIN, ENTRIES)["withdraw_entry"].startswith("Take it out there; the next walk")
    blind = Capabilities(add_entry=True)
    assert instead(blind)["withdraw_entry"] == "Take it out there; mark it here as well."


def test_who_tells_nothing_by_itself_is_asked() -> None:
    assert instead(PLAIN)["push_results"] == "It is asked every 4 h, and whenever somebody presses “Sync now”."


def test_a_listing_that_does_not_say_what_changed_is_compared_record_by_record() -> None:
    assert "say_what_changed" not in instead(PLAIN, ENTRIES)
    assert instead(PLAIN, ENTRIES, PARTNERS)["say_what_changed"].endswith("record by record: partners.")


def test_what_has_no_place_there_is_kept_here() -> None:
    narrow = Capabilities(lists_entries=True, entry_fields=frozenset({"first_name", "last_name"}))
    assert "club" in instead(narrow)["hold_fields"]
    assert "hold_fields" not in instead(PLAIN)


def test_records_that_can_only_be_read_are_changed_there() -> None:
    edit = Operation(verb=Verb.EDIT_PARTNER, label="Edit partner")
    assert {"create_partner", "edit_partner"} <= instead(PLAIN, PARTNERS).keys()
    assert "edit_partner" not in instead(PLAIN, PARTNERS, edit=edit)


def test_a_capability_that_nobody_has_named_gets_a_sentence_too() -> None:
    odd = Capabilities(lists_entries=True, cannot={"sing": "It cannot sing."})
    (gap,) = [each for each in gaps(odd, (), {}, asks="") if each.verb == "sing"]
    assert (gap.label, gap.why) == ("Sing", "It cannot sing.")
    assert gap.instead.endswith(".")


def test_who_may_use_an_operation_is_who_may_open_its_page() -> None:
    pages = {
        "token": "admissions:token-issue",
        "redeem": "admissions:redeem",
        "partner": "partners:partner-do",
        "group": "partners:group-do",
        "campaign": "partners:campaign-do",
    }
    for verb in Verb:
        noun = next((noun for noun in pages if noun in verb.value), "campaign")
        assert WHO.get(verb, Role.MANAGER) == EXPECTED[pages[noun]][0], verb
    assert EXPECTED["participants:entry-add"][0] == EXPECTED["participants:entry-edit"][0] == Role.EDITOR


def test_a_provider_that_nobody_knows_any_more_still_has_a_page(
    organisation: Organisation, owner: User, sign_in: SignIn
) -> None:
    connection = make_connection(organisation, "gonesince")
    client = sign_in(owner)
    for path in ("abilities", "contract"):
        assert client.get(f"/o/fellgate/connections/{connection.pk}/{path}/").status_code == 200
