"""What may be written, and every text that says no."""

from providers.sandbox import Sandbox
from tests.providers.sandbox.ticketing_desk import (
    NEW_SECTION,
    READER,
    at_gate,
    draft,
    first,
    new_event,
    signed_in,
    tt_client,
)

MISSING = "The following arguments are required, but have not been supplied: {}."
INVALID = "The following arguments have invalid values: {}."
CLASH = "The following arguments conflict with those of another {}: {}."


def test_what_is_missing_is_named_in_the_order_of_declaration(sandbox: Sandbox):
    system = tt_client(sandbox)
    event = new_event(sandbox, type="", title=None, description="", subcategory="", public="")
    for path, body, names in (
        ("/events", event, "type, title, description, subcategory, public"),
        ("/hosts", {}, "name, contact, email"),
        ("/accounts", {"email": ""}, "username, password"),
        ("/venues", {"region": first(sandbox).venue.region.id}, "name, address, longitude, latitude"),
        (f"{first(sandbox).uri}/tokens", {"sections": []}, "sections"),
        (f"{first(sandbox).uri}/admissions", {}, "redeemer, device, serials"),
    ):
        reply = system.post(path, json=body)
        assert (reply.status_code, reply.json()) == (400, {"error": MISSING.format(names)})


def test_then_what_is_wrong_then_what_clashes(sandbox: Sandbox):
    system = tt_client(sandbox)
    wrong = system.post("/accounts", json={"username": "zed", "password": "p", "title": "Dr."})
    assert wrong.json() == {"error": INVALID.format("title")}
    assert system.post("/accounts", json={"username": "zed", "password": "p", "title": "Mr"}).status_code == 201
    clash = system.post("/accounts", json={"username": "fellgate", "password": "p", "email": "rival@mail.example"})
    assert (clash.status_code, clash.json()) == (409, {"error": CLASH.format("user", "username")})
    title = system.post("/events", json=new_event(sandbox, title=first(sandbox).title.upper()))
    assert title.json() == {"error": CLASH.format("event", "title")}


def test_a_venues_clash_is_told_before_anything_that_is_missing(sandbox: Sandbox):
    system = tt_client(sandbox)
    one, two = list(sandbox.ticketing.state.venues.values())[:2]
    reply = system.put(f"/venues/{one.id}", json={"name": two.name})
    assert (reply.status_code, reply.json()) == (409, {"error": CLASH.format("venue", "name")})


def test_what_is_in_use_cannot_be_deleted(sandbox: Sandbox):
    system, event = tt_client(sandbox), first(sandbox)
    for path, text in (
        (f"/categories/{event.category.id}", "You cannot delete in-use event categories."),
        (f"/regions/{event.venue.region.id}", "A region cannot be deleted if it has venues attached"),
        (f"/venues/{event.venue.id}", "A venue cannot be deleted if it is staging an event"),
    ):
        reply = system.delete(path)
        assert (reply.status_code, reply.json()) == (409, {"error": text})


def test_what_was_deleted_is_404(sandbox: Sandbox):
    system = tt_client(sandbox)
    region = system.post("/regions", json={"name": "Atlantis", "country": "Antigua and Barbuda"}).json()
    assert region["icon"].endswith("/media/antigua_and_barbuda.png")
    assert system.delete(region["self"]).status_code == 200
    assert system.get(region["self"]).json() == {"error": "There is presently no resource with the given URI."}
    assert system.get("/accounts/XX-00000000").json() == {"error": "The requested account could not be located"}
    assert system.get("/hosts/1").json() == {"error": "The specified host could not be found."}
    sandbox.ticketing.switches.delete_status = 204
    category = system.post("/categories", json={"name": "Odd"}).json()
    assert system.delete(category["self"]).status_code == 204


def test_ids_and_addresses_are_taken_for_references(sandbox: Sandbox):
    system, event = tt_client(sandbox), first(sandbox)
    by_id = new_event(sandbox, host=int(event.host.id), category=event.category.id, venue={"self": event.venue.id})
    made = system.post("/events", json=by_id)
    assert made.status_code == 201
    assert (made.json()["start"], made.json()["end"]) == ("2027-06-06T10:00", "9999-12-31T23:59:00.000Z")


def test_a_base_price_is_taken_from_either_place(sandbox: Sandbox):
    host, event = signed_in(sandbox), first(sandbox)
    section = host.post(f"{event.uri}/sections", json=NEW_SECTION).json()
    assert section["self"].count("/") == 2
    path = f"{event.uri}{section['self']}"
    saved = host.put(path, json={**section, "price": {"base": 7, "current": 7, "expires": ""}})
    assert saved.json()["price"]["base"] == 7
    assert host.put(path, json=NEW_SECTION).json()["price"]["base"] == 4.5
    assert host.delete(path).status_code == 200


def test_the_global_token_can_be_neither_changed_nor_deleted(sandbox: Sandbox):
    host, event = signed_in(sandbox), first(sandbox)
    path = f"{event.uri}/tokens/{event.tokens[0].id}"
    body = {"sections": [event.sections[0].id]}
    for reply in (host.put(path, json=body), host.delete(path)):
        assert reply.status_code == 409
        assert reply.json() == {"error": "The global admission token cannot be modified or invalidated."}
    assert host.put(path, json={"sections": []}).status_code == 400


def test_an_issued_token_is_not_global_and_dies_with_its_deletion(sandbox: Sandbox):
    host, event = signed_in(sandbox), first(sandbox)
    section = f"{event.uri}/sections/{event.sections[1].id}"
    token = host.post(f"{event.uri}/tokens", json={"sections": [section]}).json()
    assert (token["global"], token["sections"], len(token["code"])) == (False, [section], 8)
    gate = at_gate(sandbox, token["code"])
    assert gate.get(f"{event.uri}/tickets").status_code == 200
    assert host.delete(token["self"]).status_code == 200
    assert gate.get(f"{event.uri}/tickets").status_code == 403
    lost = tt_client(sandbox, READER).get(f"/tokens/{token['code']}")
    assert (lost.status_code, lost.json()) == (404, {"error": "The provided code does not belong to any event token"})


def test_the_global_token_covers_sections_made_later(sandbox: Sandbox):
    host, event = signed_in(sandbox), first(sandbox)
    host.post(f"{event.uri}/sections", json=NEW_SECTION)
    assert len(tt_client(sandbox).get(f"/tokens/{event.tokens[0].code}").json()["sections"]) == 3


def test_a_foreign_section_is_no_section(sandbox: Sandbox):
    event, other = list(sandbox.ticketing.state.events.values())[:2]
    reply = tt_client(sandbox).post(f"{event.uri}/tokens", json={"sections": [other.sections[0].id]})
    assert reply.json() == {"error": INVALID.format("sections")}


def test_some_are_let_in_and_of_the_others_nothing_is_said(sandbox: Sandbox):
    event = first(sandbox)
    gate = at_gate(sandbox, event.tokens[1].code)  # opens the first section
    mine = next(each for each in event.tickets if each.section is event.sections[0])
    foreign = next(each for each in event.tickets if each.section is event.sections[1])
    body = {"redeemer": "Sam", "device": "x", "serials": [mine.serial, mine.serial, foreign.serial, "NOPE"]}
    reply = gate.post(f"{event.uri}/admissions", json=body)
    assert reply.status_code == 201
    assert [admission["ticket"] for admission in reply.json()] == [mine.serial]
    assert (mine.status, foreign.status) == ("Redeemed", "Issued")
    again = gate.post(f"{event.uri}/admissions", json=body)
    assert again.status_code == 400
    assert again.json() == {"error": "None of the provided ticket serials grants admission to this event"}


def test_free_tickets_are_issued_at_once(sandbox: Sandbox):
    event = draft(sandbox)
    uri = f"{event.uri}/sections/{event.sections[0].id}"
    order = signed_in(sandbox).post("/orders", json={"items": {uri: 2}}).json()
    assert (order["status"], order["total"], event.sections[0].sold) == ("Fulfilled", 0, 2)
    assert [ticket.owner.username for ticket in event.tickets] == ["fellgate", "fellgate"]


def test_a_paid_order_reserves_until_it_is_paid_for_cancelled_or_too_late(sandbox: Sandbox):
    host, section = signed_in(sandbox), first(sandbox).sections[1]
    sold, uri = section.sold, f"{section.event.uri}/sections/{section.id}"

    def ordered() -> str:
        return host.post("/orders", json={"items": {uri: 2}}).json()["self"]

    card = dict.fromkeys(
        ("cvv", "expiryDate", "name", "email", "phone", "address1", "city", "district", "country"), "x"
    )
    paid = ordered()
    assert (section.reserved, section.remaining) == (2, section.capacity - sold - 2)
    declined = host.post(f"{paid}/payments", json={**card, "number": "5555555555555555"})
    assert declined.json() == {"status": "Declined"}
    assert host.post(f"{paid}/payments", json={**card, "number": "4111111111111111"}).json() == {"status": "Authorised"}
    assert (section.reserved, section.sold) == (0, sold + 2)
    assert host.delete(ordered()).status_code == 200
    late = ordered()
    sandbox.clock.advance(16 * 60)
    assert host.get(late).json()["status"] == "Timed Out"
    assert section.reserved == 0


def test_a_full_section_takes_no_order(sandbox: Sandbox):
    section = list(sandbox.ticketing.state.events.values())[1].sections[-1]
    assert section.remaining == 0
    reply = tt_client(sandbox).post("/orders", json={"items": {f"{section.event.uri}/sections/{section.id}": 1}})
    assert reply.status_code == 400
    assert reply.json()["error"].startswith("An order for the requested tickets could not be placed")


def test_a_preferred_region_is_a_bare_id(sandbox: Sandbox):
    path = f"/accounts/{sandbox.ticketing.state.usernames['fellgate'].number}/preferences"
    host, region = signed_in(sandbox), first(sandbox).venue.region
    assert host.get(path).json() == {"region": None}
    assert host.put(path, json={"region": region.id}).json() == {"region": int(region.id)}
    assert host.put(path, json={"region": None}).json() == {"error": MISSING.format("region")}


def test_the_world_is_the_organisers_of_the_other_platforms(sandbox: Sandbox):
    races = {race.name for race in sandbox.letsdothis.organiser.races()}
    sections = {section.name for event in sandbox.ticketing.state.events.values() for section in event.sections}
    assert races <= sections
    assert sandbox.ticketing.counts()["tickets"] > 200


def test_small_things_happen_by_themselves(sandbox: Sandbox):
    before = sandbox.ticketing.counts()["tickets"]
    for number in range(5):
        sandbox.ticketing.tick(number)
    assert sandbox.ticketing.counts()["tickets"] == before + 4
