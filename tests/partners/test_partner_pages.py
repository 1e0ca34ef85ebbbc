"""The pages of partners: who sees what, and the story of a charity manager by form."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import User
from organiser_portal.partners.models import Conversion, Partner, ReservedGroup
from organiser_portal.sync.engine import run_state
from providers.sandbox.world import Sandbox
from tests.conftest import NOW
from tests.factories import make_connection, synced

pytestmark = pytest.mark.portable

type SignIn = Callable[[User], Client]
HOSPICE: Mapping[str, str] = {
    "name": "Harbour Hospice",
    "kind": "CHARITY",
    "contacts_1_first_name": "Lee",
    "contacts_1_email": "Lee@hospice.example",
}


@pytest.fixture
def partner(connection: Connection) -> Partner:
    contacts = [{"first_name": "Lee", "last_name": "Moss", "email": "lee@hospice.example", "phone": ""}]
    return Partner.objects.create(name="Hospice", kind="charity", contacts=contacts, **synced(connection, "p_1"))


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=["fellgate", *args])


def test_the_list_shows_places_and_earnings_and_nobody_elses(
    sign_in: SignIn, viewer: User, stranger: User, partner: Partner, connection: Connection
):
    ReservedGroup.objects.create(partner=partner, capacity=30, used=12, **synced(connection))
    Conversion.objects.create(
        partner=partner, status="approved", payout=Decimal("1234.567"), currency="GBP", **synced(connection)
    )
    page = sign_in(viewer).get(url("partner-list")).content.decode()
    assert "Hospice" in page
    assert "12 of 30 places used" in page
    assert "£1,234.567" in page
    assert sign_in(stranger).get(url("partner-list")).status_code == 404


def test_a_partner_is_found_by_part_of_its_name(sign_in: SignIn, viewer: User, partner: Partner):
    client = sign_in(viewer)
    assert "Hospice" in client.get(url("partner-list"), {"q": "SPIC"}).content.decode()
    assert "No partner matches" in client.get(url("partner-list"), {"q": "zebra"}).content.decode()


def test_the_list_costs_the_same_however_long_it_is(sign_in: SignIn, viewer: User, connection: Connection):
    client = sign_in(viewer)
    client.get(url("partner-list"))  # so that what the shell keeps for a while is kept

    def queries(count: int) -> int:
        for number in range(count):
            Partner.objects.create(name=f"P{number}", kind="other", **synced(connection))
        with CaptureQueriesContext(database) as asked:
            client.get(url("partner-list"))
        return len(asked)

    assert queries(2) == queries(20)


@pytest.mark.postgresql
def test_the_list_goes_on_by_key(sign_in: SignIn, viewer: User, connection: Connection):
    for number in range(60):
        Partner.objects.create(name=f"P{number:02}", kind="other", **synced(connection))
    client = sign_in(viewer)
    first = client.get(url("partner-list"))
    assert "P59" not in first.content.decode()
    following = client.get(url("partner-list"), {"after": first.context["page"].next}).content.decode()
    assert "P59" in following


@pytest.mark.postgresql
def test_the_list_is_narrowed_by_type_and_source(sign_in: SignIn, viewer: User, partner: Partner):
    other = make_connection(partner.organisation, "trackier")
    Partner.objects.create(name="Blog", kind="affiliate", **synced(other))

    def named(**asked: str) -> list[str]:
        answer = sign_in(viewer).get(url("partner-list"), asked)
        return [each.name for each in answer.context["page"].rows]

    assert named() == ["Blog", "Hospice"]
    assert named(kind="affiliate") == ["Blog"]
    assert named(provider=partner.connection.provider) == ["Hospice"]
    assert named(kind="nonsense") == []


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("-fill", ["Half", "Tenth", "None"]),
        ("fill", ["Tenth", "Half", "None"]),
        ("-left", ["Tenth", "Half", "None"]),
        ("-results", ["None", "Tenth", "Half"]),
    ],
)
@pytest.mark.postgresql
def test_the_list_sorts_by_what_it_counts(
    sign_in: SignIn, viewer: User, connection: Connection, sort: str, names: list[str]
):
    for name, held, used in (("Half", 10, 5), ("Tenth", 100, 10), ("None", 0, 0)):
        each = Partner.objects.create(name=name, kind="charity", **synced(connection))
        if held:
            ReservedGroup.objects.create(partner=each, capacity=held, used=used, **synced(connection))
            ReservedGroup.objects.create(partner=each, capacity=99, gone_at=NOW, **synced(connection))
        else:
            Conversion.objects.create(partner=each, status="approved", **synced(connection))
    answer = sign_in(viewer).get(url("partner-list"), {"sort": sort})
    found = [each.name for each in answer.context["page"].rows]
    assert found[:1] == names[:1] if sort == "-results" else found == names


def test_currencies_are_told_apart_and_what_is_undecided_stands_beside(
    sign_in: SignIn, viewer: User, partner: Partner, connection: Connection
):
    for status, payout, currency in (
        ("approved", "10", "GBP"),
        ("approved", "7.005", "EUR"),
        ("pending", "3.5", "GBP"),
        ("rejected", "500", "GBP"),
    ):
        Conversion.objects.create(
            partner=partner, status=status, payout=Decimal(payout), currency=currency, **synced(connection)
        )
    page = sign_in(viewer).get(url("partner-list")).content.decode()
    assert "£10.00" in page
    assert "€7.005" in page
    assert "£3.50" in page
    assert "500" not in page


def test_the_list_says_who_is_behind(sign_in: SignIn, viewer: User, partner: Partner, connection: Connection):
    ReservedGroup.objects.create(partner=partner, capacity=10, used=6, **synced(connection))
    full = Partner.objects.create(name="Full", kind="charity", **synced(connection))
    ReservedGroup.objects.create(partner=full, capacity=10, used=10, **synced(connection))
    page = sign_in(viewer).get(url("partner-list")).content.decode()
    assert "1 of 2 partners with places has used under 70%" in page
    assert "16 of 20 places used, 4 left" in page


def test_places_of_nobody_are_held_by_you(
    sign_in: SignIn, viewer: User, manager: User, partner: Partner, connection: Connection
):
    mine = ReservedGroup.objects.create(name="Own hands", capacity=5, **synced(connection))
    ReservedGroup.objects.create(name="Of the hospice", partner=partner, capacity=5, **synced(connection))
    page = sign_in(viewer).get(url("group-list")).content.decode()
    assert "Own hands" in page
    assert "Of the hospice" not in page
    change = url("group-do", mine.pk, "edit_group")
    assert change not in page
    assert change in sign_in(manager).get(url("group-list")).content.decode()


def test_people_are_shown_to_those_who_may_write(sign_in: SignIn, viewer: User, manager: User, partner: Partner):
    assert "lee@hospice.example" not in sign_in(viewer).get(url("partner-detail", partner.pk)).content.decode()
    assert "lee@hospice.example" in sign_in(manager).get(url("partner-detail", partner.pk)).content.decode()


@pytest.mark.parametrize("verb", ["edit_partner", "send_claim_link"])
def test_only_managers_write(sign_in: SignIn, editor: User, stranger: User, partner: Partner, verb: str):
    address = url("partner-do", partner.pk, verb)
    assert sign_in(editor).get(address).status_code == 403
    assert sign_in(stranger).post(address).status_code == 404


@pytest.mark.parametrize("verb", ["create_partner", "pause_campaign", "nonsense"])
def test_what_cannot_be_done_to_a_partner_is_not_there(sign_in: SignIn, manager: User, partner: Partner, verb: str):
    assert sign_in(manager).get(url("partner-do", partner.pk, verb)).status_code == 404


@pytest.mark.postgresql
def test_a_charity_manager_makes_a_partner_gives_thirty_places_sends_the_link_and_sees_them_used(
    sign_in: SignIn, manager: User, connection: Connection, sandbox: Sandbox
):
    for resource in ("entries", "tickets"):
        run_state(connection.sync_states.get(resource=resource).pk, clock=lambda: NOW, by_hand=True)
    client = sign_in(manager)
    made = client.post(url("partner-add", connection.pk), HOSPICE)
    assert made.status_code == 303
    partner = Partner.objects.get(name="Harbour Hospice")
    assert made["Location"] == url("partner-detail", partner.pk)

    event = client.get(url("group-event", partner.pk)).context["events"][0]
    form = client.get(url("group-add", partner.pk, event.pk)).context["form"]
    ticket = form.fields["tickets"].choices[0][0]
    values = {"name": "Runners", "capacity": "30", "tickets": [ticket], "kind": "SINGLE_USE"}
    given = client.post(url("group-add", partner.pk, event.pk), values | {"partner": partner.external_id})
    assert given.status_code == 303
    group = ReservedGroup.objects.get(name="Runners")
    assert (group.capacity, group.partner) == (30, partner)

    asked = client.get(url("partner-do", partner.pk, "send_claim_link")).context["form"]
    assert asked["email"].initial == "Lee@hospice.example"
    client.post(
        url("partner-do", partner.pk, "send_claim_link"),
        {"email": "Lee@hospice.example", "group": group.external_id},
    )
    assert len(sandbox.letsdothis.organiser.outbox) == 1
    page = client.get(url("partner-detail", partner.pk)).content.decode()
    assert "Last claim link" in page
    assert "https://www.letsdothis.example/claim/" in page
    assert "https://www.letsdothis.example/claim/" not in client.get(url("partner-detail", partner.pk)).content.decode()

    sandbox.letsdothis.organiser.groups[group.external_id].body["usedCapacity"] = 12
    run_state(connection.sync_states.get(resource="reserved_groups").pk, clock=lambda: NOW, by_hand=True)
    used = client.get(url("partner-detail", partner.pk)).content.decode()
    assert "18 of 30 places left" in used
    assert "12 of 30 places used" in used


def test_nothing_typed_is_lost_on_a_refusal(sign_in: SignIn, manager: User, connection: Connection, sandbox: Sandbox):
    sandbox.faults.add("letsdothis:status=422,method=POST")
    answer = sign_in(manager).post(url("partner-add", connection.pk), HOSPICE)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Harbour Hospice"' in page
    assert "Lee@hospice.example" in page
    assert "did not accept this" in page


def test_a_locked_field_gives_its_reason(sign_in: SignIn, manager: User, partner: Partner):
    page = sign_in(manager).get(url("partner-do", partner.pk, "edit_partner")).content.decode()
    assert "takes this only when the partner is made" in page


@pytest.mark.postgresql
def test_places_that_are_used_are_not_removed_by_one_click(
    sign_in: SignIn, manager: User, connection: Connection, sandbox: Sandbox
):
    body = next(iter(sandbox.letsdothis.organiser.groups.values())).body
    body["usedCapacity"] = 3
    group = ReservedGroup.objects.create(name="G", capacity=9, used=3, **synced(connection, body["id"]))
    client = sign_in(manager)
    address = url("group-do", group.pk, "delete_group")
    assert "3 of these places are used" in client.post(address).content.decode()
    assert client.post(address, {"force": "on"}).status_code == 303
    assert body["id"] not in sandbox.letsdothis.organiser.groups


def test_a_small_first_letter_does_not_send_a_name_to_the_end(
    sign_in: SignIn, viewer: User, connection: Connection
) -> None:
    for name in ("Wren Trust", "parkpace.example", "Brackwater"):
        Partner.objects.create(name=name, kind="affiliate", **synced(connection))
    page = sign_in(viewer).get(url("partner-list")).content.decode()
    assert page.index("Brackwater") < page.index("parkpace.example") < page.index("Wren Trust")
