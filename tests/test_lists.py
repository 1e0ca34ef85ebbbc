"""Every list is made with one toolkit: columns of one's choice, filters as chips, views, empty states."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from organiser_portal.admissions.models import Admission
from organiser_portal.connections.models import OutboundChange, RejectedRecord
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.participants.models import Batch, Import
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.saved_views.listings import LISTINGS, OF_ONE
from organiser_portal.saved_views.models import SavedView
from organiser_portal.sync.models import SyncRun
from providers.packing import pack
from tests.conftest import NOW
from tests.factories import make_application, make_connection, make_entry, make_listing, synced

# Address, columns in an order of one's own, a filter that finds something and its chip ("": the search and the choices
# above the list are all there is), one that finds nothing.
LISTS = {
    "entries": ("entries/", "name,status,bib", "status=live", "Status: Holds a place", "q=nobody"),
    "applications": ("applications/", "name,draw,race", "source=letsdothis", "Source: Let's Do This", "q=nobody"),
    "batches": ("entries/batches/", "what,refused,changed", "action=wave", "What: Set wave", "q=nothing"),
    "imports": ("entries/imports/", "file,rows,state", "standing=waits", "How it stands: Waits for you", "q=nothing"),
    "races": ("races/", "name,held,date", "provider=letsdothis", "Source: Let's Do This", "q=nothing"),
    "events": ("events/", "name,races,place", "provider=letsdothis", "Source: Let's Do This", "q=nothing"),
    "partners": ("partners/", "name,left,source", "kind=charity", "Type: Charity", "q=nobody"),
    "campaigns": ("partners/campaigns/", "name,results,created", "race=none", "Race: Not linked", "q=nothing"),
    "places": ("partners/places/", "name,seen,kind", "left=some", "Places left: Some", "q=nobody"),
    "runs": ("sync/runs/", "what,took,began", "resource=partners", "What: Partners", "outcome=failed"),
    "changes": ("sync/outbound/", "entry,reference,by", "action=add_entry", "Change: Added", "state=rejected"),
    "gates": ("admissions/", "event,inside,source", "q=hexley", "", "q=nowhere"),
    "admissions": ("admissions/{gate}/", "holder,device,in", "section={section}", "Section: Hexley 10K", "q=nobody"),
    "audit": ("audit/", "what,when,who", "who=portal", "Who: The portal and its commands", "q=nobody"),
    "rejected": (
        "connections/{connection}/rejected/",
        "record,first,why",
        "kind=race",
        "Kind: Race",
        "q=nobody",
    ),
}


@pytest.fixture
def one_of_each(organisation: Organisation) -> dict[str, int]:
    """The keys that addresses of lists hold."""
    connection = make_connection(organisation, "letsdothis")
    listing = make_listing(connection, starts_at=timezone.now() + timedelta(days=9))
    entry = make_entry(listing, "Ada", "Byron")
    make_application(listing, "Eda", "Byron")
    Partner.objects.create(name="Hospice", kind="charity", **synced(connection, "p"))
    Campaign.objects.create(name="Spring", **synced(connection, "c"))
    began = {"started_at": NOW, "progressed_at": NOW, "finished_at": NOW}
    SyncRun.objects.create(
        organisation=organisation, connection=connection, resource="partners", outcome="succeeded", **began
    )
    OutboundChange.objects.create(
        organisation=organisation, connection=connection, entry_id=entry.pk, reference="r-1", action="add_entry",
        race_external_id="R", state="confirmed", created_at=NOW, due_at=NOW,
    )  # fmt: skip
    ReservedGroup.objects.create(name="Sponsors", capacity=9, event_listing=listing.event_listing, **synced(connection))
    RejectedRecord.objects.create(
        connection=connection, resource="races", kind="race", external_id="30551", reason="date: not an instant",
        data=pack(b"{}"), first_seen=NOW, last_seen=NOW,
    )  # fmt: skip
    audit.record(organisation=organisation, actor=None, action="connection.tested", subject="Somewhere", accepted=True)
    Batch.objects.create(organisation=organisation, action="wave", value="B", total=12, created_at=NOW)
    Import.objects.create(organisation=organisation, file_name="club.csv", heading_key="x", total=3, created_at=NOW)
    gate = make_listing(make_connection(organisation, "ticketing"), starts_at=timezone.now() + timedelta(days=9))
    there = {"event_listing": gate.event_listing, "listing": gate}
    Admission.objects.create(ticket="T-1", name="Ravi Okafor", admitted_at=NOW, **there, **synced(gate.connection))
    keys = {"connection": connection.pk, "gate": gate.event_listing_id, "section": gate.pk}
    return {**keys, "connection_id": keys["connection"], "gate_id": keys["gate"]}


@pytest.fixture
def client(owner: User, sign_in, one_of_each) -> Client:
    return sign_in(owner)


@pytest.fixture
def path(listing: str, one_of_each: dict[str, int]) -> str:
    return f"/o/fellgate/{LISTS[listing][0].format(**one_of_each)}"


def headings(page: str) -> Iterator[str]:
    head = page.split("<thead>")[1].split("</thead>")[0]
    return (unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<th[ >].*?</th>", head, re.DOTALL))


WITHOUT_COLUMNS = {"conflicts"}  # each with both its values, side by side


def test_every_list_that_views_are_kept_of_is_tried_here():
    assert set(LISTS) == {*LISTINGS, *OF_ONE} - WITHOUT_COLUMNS


@pytest.mark.parametrize("listing", LISTS)
def test_columns_stand_in_the_order_asked_for_and_the_address_keeps_it(client, listing, path):
    columns = LISTS[listing][1]
    asked = {"HX-Request": "true", "HX-Target": "run-table"}
    answer = client.get(path, {"columns": columns}, headers=asked)
    wanted = columns.split(",")
    told = [heading for heading in headings(answer.text) if heading]
    assert len(told) == len(wanted), told
    assert answer["HX-Push-Url"].endswith(f"?columns={columns}")
    assert told != [heading for heading in headings(client.get(path).text) if heading]


@pytest.mark.parametrize("listing", LISTS)
def test_a_filter_at_work_is_a_chip_that_takes_it_away(client, listing, path, one_of_each):
    _, _, question, chip, _ = LISTS[listing]
    page = unescape(client.get(f"{path}?{question.format(**one_of_each)}").text)
    assert not chip or f'aria-label="Remove filter {chip}"' in page
    assert "</tbody>" in page


@pytest.mark.parametrize("listing", LISTS)
def test_where_nothing_matches_one_is_told_what_to_do_next(client, listing, path):
    page = client.get(f"{path}?{LISTS[listing][-1]}").text
    assert "<tbody" not in page
    assert re.search(r'class="empty.*?<a class="btn', page, re.DOTALL)


@pytest.mark.parametrize("listing", LISTS)
def test_what_a_list_shows_is_kept_as_a_view_of_it(client, listing, path, one_of_each):
    _, columns, question, *_ = LISTS[listing]
    query = f"{question.format(**one_of_each)}&columns={columns}"
    name = f"{listing}-{one_of_each[OF_ONE[listing][1]]}" if listing in OF_ONE else listing
    client.post(f"/o/fellgate/views/keep/{name}/", {"name": "Mine", "query": query})
    view = SavedView.objects.get()
    page = client.get(f"/o/fellgate/views/{view.pk}/", follow=True)
    assert page.redirect_chain[-1][0].startswith(f"{path}?")
    assert 'aria-current="page">Mine' in page.text


def test_a_view_of_one_gate_is_not_one_of_another(client, one_of_each, organisation):
    other = make_listing(make_connection(organisation, "ticketing"), starts_at=timezone.now())
    client.post(f"/o/fellgate/views/keep/admissions-{one_of_each['gate']}/", {"name": "Mine", "query": "q=ravi"})
    assert "Mine" in client.get(f"/o/fellgate/admissions/{one_of_each['gate']}/").text
    assert "Mine" not in client.get(f"/o/fellgate/admissions/{other.event_listing_id}/").text


@pytest.mark.parametrize("name", ["admissions", "admissions-", "admissions-x", "entries-1", "horses"])
def test_a_list_that_nobody_has_keeps_no_view(client, name):
    assert client.post(f"/o/fellgate/views/keep/{name}/", {"name": "Mine"}).status_code == 404
    assert client.get(f"/o/fellgate/counts/{name}/").status_code == 404


def test_conflicts_asked_for_in_one_way_are_kept_as_a_view(client):
    page = client.get("/o/fellgate/conflicts/?field=city")
    assert 'aria-label="Remove filter Field: Town"' in page.text
    client.post("/o/fellgate/views/keep/conflicts/", {"name": "Towns", "query": "field=city"})
    page = client.get(f"/o/fellgate/views/{SavedView.objects.get().pk}/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/o/fellgate/conflicts/?field=city")
    assert 'aria-current="page">Towns' in page.text


def test_a_filter_and_a_field_of_a_form_beside_the_list_are_told_apart(client, one_of_each):
    campaign = Campaign.objects.get()
    page = client.get("/o/fellgate/partners/campaigns/").text
    part = client.get(f"/o/fellgate/partners/campaigns/{campaign.pk}/", headers={"HX-Request": "true"}).text
    ids = [set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', text)) for text in (page, part)]
    assert ids[1]
    assert not ids[0] & ids[1]
