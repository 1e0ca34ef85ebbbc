"""One partner's page: its places, people, results and history, and its people as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import AuditRecord, User
from organiser_portal.partners.models import (
    Campaign,
    Conversion,
    DayStat,
    EntryTie,
    Partner,
    PartnerAction,
    ReservedGroup,
)
from tests.factories import make_connection, make_entry, make_listing, synced

pytestmark = pytest.mark.portable

type SignIn = Callable[[User], Client]


@pytest.fixture
def partner(connection: Connection) -> Partner:
    return Partner.objects.create(name="Hospice", kind="charity", **synced(connection, "p_1"))


@pytest.fixture
def affiliate(connection: Connection) -> Partner:
    network = make_connection(connection.organisation, "trackier")
    return Partner.objects.create(name="Blog", kind="affiliate", **synced(network, "7"))


def url(name: str, *args: object) -> str:
    return reverse(f"partners:{name}", args=["fellgate", *args])


def runner(partner: Partner, first_name: str = "Siobhán", group: str = "Half", **values: Any) -> Any:
    entry = make_entry(make_listing(partner.connection), first_name, **values)
    held, _ = ReservedGroup.objects.get_or_create(
        name=group, partner=partner, defaults={"capacity": 9, **synced(partner.connection)}
    )
    EntryTie.objects.create(entry=entry, group=held, partner=partner)
    return entry


def shown(client: Client, partner: Partner) -> str:
    return client.get(url("partner-detail", partner.pk)).content.decode()


def test_editors_see_who_runs_for_it_and_viewers_do_not(sign_in: SignIn, editor: User, viewer: User, partner: Partner):
    entry = runner(partner)
    page = shown(sign_in(editor), partner)
    assert "Siobhán" in page
    assert reverse("participants:entry-detail", args=["fellgate", entry.pk]) in page
    assert url("partner-export", partner.pk) in page
    seen = shown(sign_in(viewer), partner)
    assert "Siobhán" not in seen
    assert url("partner-export", partner.pk) not in seen


@pytest.mark.postgresql
def test_runners_go_on_by_key(sign_in: SignIn, editor: User, partner: Partner):
    for number in range(27):
        runner(partner, f"No{number:02}")
    client = sign_in(editor)
    first = client.get(url("partner-detail", partner.pk))
    assert "27 runners" in first.content.decode()
    following = client.get(url("partner-detail", partner.pk), {"after": first.context["people"].next})
    assert len(following.context["people"].rows) == 2


def test_the_chart_counts_what_was_claimed_lately(sign_in: SignIn, viewer: User, partner: Partner):
    now = timezone.now()
    runner(partner, entered_at=now)
    runner(partner, entered_at=now - timedelta(days=3))
    runner(partner, entered_at=now - timedelta(days=300))
    page = shown(sign_in(viewer), partner)
    assert "2 places claimed in four weeks" in page
    assert "The table behind this chart" in page


@pytest.mark.postgresql
def test_an_affiliates_days_are_counted_once(sign_in: SignIn, viewer: User, affiliate: Partner):
    """Its provider tells a day as a whole and campaign by campaign."""
    today = timezone.now().date() - timedelta(days=1)
    for campaign in ("", "c1", "c2"):
        DayStat.objects.create(
            partner=affiliate,
            partner_external_id="7",
            campaign_external_id=campaign,
            day=today,
            clicks=40,
            conversions=2,
            **synced(affiliate.connection),
        )
    assert "2 results from 40 clicks in four weeks" in shown(sign_in(viewer), affiliate)


def test_results_are_shown_by_status_and_currency(sign_in: SignIn, viewer: User, affiliate: Partner):
    for status, payout, currency in (("approved", "2.5", "GBP"), ("pending", "1", "GBP"), ("rejected", "4", "EUR")):
        Conversion.objects.create(
            partner=affiliate, status=status, payout=Decimal(payout), currency=currency, **synced(affiliate.connection)
        )
    lines = sign_in(viewer).get(url("partner-detail", affiliate.pk)).context["statuses"]
    assert [(line.label, line.count, line.currency) for line in lines] == [
        ("Approved", 1, "GBP"),
        ("Pending", 1, "GBP"),
        ("Rejected", 1, "EUR"),
    ]
    assert "£2.50" in shown(sign_in(viewer), affiliate)


def test_what_is_earned_is_rounded_with_the_exact_amount_beside_it(sign_in: SignIn, viewer: User, affiliate: Partner):
    Conversion.objects.create(
        partner=affiliate,
        status="approved",
        payout=Decimal("65.3787878787875"),
        currency="GBP",
        **synced(affiliate.connection),
    )
    assert '<td class="num text-nowrap" title="£65.3787878787875">£65.38</td>' in shown(sign_in(viewer), affiliate)


def test_what_is_less_than_a_tenth_has_no_further_nought(sign_in: SignIn, viewer: User, affiliate: Partner):
    Conversion.objects.create(
        partner=affiliate, status="approved", payout=Decimal("0.030"), currency="GBP", **synced(affiliate.connection)
    )
    page = shown(sign_in(viewer), affiliate)
    assert ">£0.03<" in page
    assert "£0.030" not in page


def test_an_affiliates_page_leads_to_the_link_of_each_campaign(
    sign_in: SignIn, manager: User, viewer: User, affiliate: Partner
):
    campaign = Campaign.objects.create(name="Spring", **synced(affiliate.connection))
    address = f"{url('campaign-do', campaign.pk, 'ensure_link')}?partner={affiliate.pk}"
    assert address in shown(sign_in(manager), affiliate)
    assert address not in shown(sign_in(viewer), affiliate)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("done", "Claim link sent"),
        ("refused", "Refused: send the claim link"),
        ("unknown", "Nobody knows whether it was done: send the claim link"),
        ("failed", "Not done: send the claim link"),
    ],
)
def test_what_happened_is_told_in_words(sign_in: SignIn, viewer: User, partner: Partner, state: str, words: str):
    PartnerAction.objects.create(
        organisation=partner.organisation,
        connection=partner.connection,
        partner=partner,
        verb="send_claim_link",
        key="k",
        state=state,
        at=timezone.now(),
    )
    assert words in shown(sign_in(viewer), partner)


def rows(client: Client, partner: Partner) -> list[list[str]]:
    answer: Any = client.get(url("partner-export", partner.pk))
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode(), newline=""), strict=True))


@pytest.mark.postgresql
def test_the_file_has_this_partners_people_and_nobody_elses(
    sign_in: SignIn, editor: User, viewer: User, partner: Partner, connection: Connection
):
    runner(partner, "Zoë", group="Full", email="zoe@example.org", wave="B", entered_at=timezone.now())
    runner(partner, "=Ann", group="Half", status="cancelled")
    runner(Partner.objects.create(name="Other", kind="charity", **synced(connection)), "Stranger", group="Theirs")
    heading, first, second = rows(sign_in(editor), partner)
    assert heading == ["Reserved group", "First name", "Last name", "Email", "Status", "Claimed at", "Race", "Wave"]
    assert [first[0], first[1], first[3], first[4], first[6], first[7]] == [
        *("Full", "Zoë", "zoe@example.org", "Live", "Hexley 10K", "B"),
    ]
    assert (second[1], second[4]) == ("'=Ann", "Cancelled")
    line = AuditRecord.objects.get(action="partners.exported")
    assert (line.subject, line.detail) == ("Hospice", {"rows": 2, "finished": True})
    assert sign_in(viewer).get(url("partner-export", partner.pk)).status_code == 403
