"""Affiliates as partners: two generations of one object, and a list that does not page."""

from typing import Any

import pytest

from providers.partner_records import Contact, PartnerKind, PartnerRecord
from providers.sandbox import Sandbox
from providers.trackier.client import Trackier
from tests.providers.trackier.conftest import Build, ids, knowing, records, replying, walk

OLD: dict[str, Any] = {
    "_id": "65a1c2d3e4f5061728394a01",
    "name": "Coast &amp; Trail ",
    "username": "coast",
    "email": "partners@coast.example",
    "phone": None,
    "country": "gb",
    "currency": "GBP",
    "live": False,
    "created": "2024-01-12",
    "modified": None,
    "meta": [],
}


def one(build: Build, **more: Any) -> PartnerRecord:
    provider = build(replying({"data": {"affs": []}}, {"data": {"affiliates": [OLD | more]}}))
    [record] = records(provider, walk(provider, "partners"))
    assert isinstance(record, PartnerRecord)
    return record


def test_an_old_shaped_affiliate_is_a_partner(build: Build) -> None:
    record = one(build)
    assert (record.external_id, record.name, record.kind) == (OLD["_id"], "Coast & Trail", PartnerKind.AFFILIATE)
    assert (record.country, record.currency, record.active) == ("GB", "GBP", False)
    assert record.contacts == (Contact(email="partners@coast.example"),)
    assert record.created_at is not None
    assert record.created_at.isoformat() == "2024-01-11T18:30:00+00:00"
    assert dict(record.editable)["live"] is False


def test_a_new_shaped_affiliate_says_the_same_elsewhere(build: Build) -> None:
    region = {"currency": "EUR", "zone": "Europe/Paris", "lang": "fr"}
    record = one(build, currency=None, region=region, display_id=7, status="active", live=True)
    assert (record.currency, record.active, record.status_text) == ("EUR", True, "active")
    assert record.other_ids == (("short_id", "7"),)
    assert dict(record.editable)["zone"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("said", "active"),
    [
        ({"deleted": True, "status": "active", "live": True}, False),
        ({"status": "Banned", "live": True}, False),
        ({"status": "Active", "live": False}, True),
        ({"live": True}, True),
        ({"live": 1}, True),
        ({"live": None}, None),
    ],
)
def test_deleted_outranks_status_and_status_outranks_live(
    build: Build, said: dict[str, Any], active: bool | None
) -> None:
    assert one(build, **said).active is active


def test_a_login_changes_nothing_worth_reading(build: Build) -> None:
    def mark(login: str) -> bytes:
        provider = build(replying({"data": {}}, {"data": {"affiliates": [OLD | {"login": login}]}}))
        return walk(provider, "partners")[0].items[0].fingerprint

    assert mark("2027-01-01") == mark("2027-02-01")


def test_the_whole_list_is_complete_and_numbers_come_from_the_report(trackier: Trackier, sandbox: Sandbox) -> None:
    pages = walk(trackier, "partners")
    theirs = sandbox.trackier.network.affiliates
    assert sorted(ids(pages)) == sorted(theirs)
    assert pages[-1].complete
    for record in records(trackier, pages):
        assert isinstance(record, PartnerRecord)
        assert dict(record.other_ids)["short_id"] == str(theirs[record.external_id].number)


def test_without_the_report_partners_come_without_numbers(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"denied": "customReport"})
    found = [each for each in records(trackier, walk(trackier, "partners")) if isinstance(each, PartnerRecord)]
    assert found
    assert not any(each.other_ids for each in found)


def test_a_list_that_speaks_of_pages_is_followed(trackier: Trackier, sandbox: Sandbox) -> None:
    sandbox.trackier.switch({"affiliates_per_page": 5})
    pages = walk(trackier, "partners")
    assert len(ids(pages)) == len(set(ids(pages))) == 12
    assert pages[-1].complete


def test_a_list_gone_empty_is_told_as_it_came(build: Build) -> None:
    """Once may be a mistake: the engine doubts it, says so, and believes the second (tests/sync)."""
    provider = build(replying({"data": {"affiliates": []}}))
    pages = walk(provider, "partners", known=knowing("65a1c2d3e4f5061728394a01"))
    assert (ids(pages), pages[-1].complete) == ([], True)


def test_what_has_no_id_is_rejected_and_the_others_are_kept(build: Build) -> None:
    provider = build(replying({"data": {}}, {"data": {"affiliates": [OLD, {"name": "Nobody"}, "text"]}}))
    pages = walk(provider, "partners")
    assert ids(pages) == [OLD["_id"]]
    assert len([each for page in pages for each in page.rejected]) == 2
    assert not pages[-1].complete


def test_an_id_with_a_nul_in_it_is_one_that_a_database_takes(build: Build) -> None:
    provider = build(replying({"data": {"affiliates": [{"_id": "a\x00b", "name": "Club"}]}}))
    assert ids(walk(provider, "partners")) == ["ab"]


def test_a_total_that_is_never_reached_ends_with_the_page_that_brings_nothing_new(build: Build) -> None:
    answer = {"data": {"affiliates": [{"_id": "a" * 24}, {"_id": "b" * 24}], "total": 9}}
    pages = walk(build(replying({"data": {"records": []}}, answer)), "partners")
    assert len(pages) == 3
    assert (pages[-1].complete, pages[-1].short) == (False, True)
