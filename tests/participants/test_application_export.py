"""Applications as a file: what the list shows, for those who may download it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from organiser_portal.organisations.models import AuditRecord, Membership, Organisation
from organiser_portal.organisations.roles import Role
from organiser_portal.participants.export import READ_AT_ONCE
from organiser_portal.participants.models import Application
from tests.factories import make_application, make_connection, make_entry, make_listing

SEPTEMBER = datetime(2026, 9, 28, 10, 22, tzinfo=UTC)


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation, "letsdothis"))


@pytest.fixture
def download(editor, sign_in, organisation):
    browser = sign_in(editor)

    def get(**query):
        return browser.get(reverse("participants:application-export", args=[organisation.slug]), query)

    return get


def rows(response):
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_file_has_the_filtered_rows_in_the_columns_and_the_words_of_the_list(download, listing):
    make_application(listing, "Won", "A", external_id="a1", approval="APPROVED", applied_at=SEPTEMBER)
    make_application(
        listing, "Told", "B", external_id="a2", approval="APPROVED", resolution="GOOD_FOR_AGE", applied_at=SEPTEMBER
    )
    make_application(listing, "Lost", "C", external_id="a3", approval="REJECTED")
    make_entry(listing, application_external_id="a1")
    response = download(approval="APPROVED", sort="name", columns="name,approval,resolution,applied,entry")
    assert 'filename="fellgate-applications-20' in response["Content-Disposition"]
    assert rows(response) == [
        ["First name", "Last name", "Approval", "Resolution", "Applied", "Became an entry"],
        ["Won", "A", "Approved", "", "2026-09-28T11:22:00+01:00", "yes"],
        ["Told", "B", "Approved", "Good for age", "2026-09-28T11:22:00+01:00", ""],
    ]


def test_without_choosing_the_file_has_the_columns_of_the_list(download, listing):
    make_application(listing)
    assert rows(download())[0] == [
        "First name", "Last name", "Source", "Race", "Approval", "Resolution", "Draw", "Applied", "Became an entry",
    ]  # fmt: skip


def test_a_formula_typed_into_an_application_is_harmless_in_the_file(download, listing):
    make_application(listing, '=HYPERLINK("http://evil.example")', "@Bell")
    assert rows(download(columns="name"))[1] == ['\'=HYPERLINK("http://evil.example")', "'@Bell"]


def test_the_variant_for_excel_begins_with_the_mark(download, listing):
    make_application(listing)
    assert b"".join(download(variant="excel").streaming_content).startswith(b"\xef\xbb\xbfFirst name,")


def test_a_file_of_more_than_is_read_at_once_misses_nobody_and_knows_every_entry(download, listing):
    many = READ_AT_ONCE + 3
    for_each = Application.objects.get(pk=make_application(listing, external_id="n0").pk)
    copies = []
    for number in range(1, many):
        for_each.pk, for_each.external_id = None, f"n{number}"
        copies.append(
            Application(**{f.attname: getattr(for_each, f.attname) for f in Application._meta.concrete_fields})
        )
    Application.objects.bulk_create(copies)
    make_entry(listing, application_external_id="n0")
    make_entry(listing, application_external_id=f"n{many - 1}")
    lines = rows(download(columns="name,entry"))[1:]
    assert len(lines) == many
    assert [line[2] for line in lines].count("yes") == 2


def test_nobody_elses_applications_are_in_it(download, listing, stranger):
    make_application(listing, "Ours", "A")
    make_application(
        make_listing(make_connection(Organisation.objects.get(slug="elsewhere"), "letsdothis")), "Theirs", "B"
    )
    assert [line[0] for line in rows(download(columns="name"))[1:]] == ["Ours"]


def test_a_filter_that_makes_no_sense_leads_back_to_the_list_that_says_so(download, organisation, listing):
    response = download(approval="PERHAPS")
    assert response.status_code == 302
    assert response["Location"] == (
        reverse("participants:application-list", args=[organisation.slug]) + "?approval=PERHAPS"
    )


def test_the_audit_trail_says_who_how_many_and_which_filters(download, listing, editor):
    make_application(listing, "Siobhán", "A")
    rows(download(q="siobhan"))
    record = AuditRecord.objects.get(action="applications.exported")
    assert (record.actor, record.subject) == (editor, "1 applications")
    assert (record.detail["rows"], record.detail["finished"], record.detail["filters"]) == (1, True, ["q"])


@pytest.mark.parametrize("role, offered", [(Role.VIEWER, False), (Role.EDITOR, True)])
def test_the_list_offers_it_to_those_who_may_take_it(sign_in, editor, organisation, listing, role, offered):
    make_application(listing)
    Membership.objects.filter(user=editor).update(role=role)
    address = reverse("participants:application-export", args=[organisation.slug])
    page = sign_in(editor).get(reverse("participants:application-list", args=[organisation.slug]), {"sort": "name"})
    assert (f'href="{address}?sort=name"' in page.content.decode()) is offered
    assert sign_in(editor).get(address).status_code == (200 if offered else 403)
