"""Download what I see: the same rows, order and columns, as a file, noted in the audit trail."""

import csv
import io
import json
import tracemalloc
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.urls import reverse

from organiser_portal.organisations.models import AuditRecord, Membership
from organiser_portal.participants.export import EntryList
from organiser_portal.participants.models import Entry
from organiser_portal.participants.selection import select_entries
from tests.factories import SEEN, entry_of, make_connection, make_entry, make_listing

FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def listing(organisation):
    return make_listing(make_connection(organisation))


@pytest.fixture
def download(editor, sign_in, organisation):
    browser = sign_in(editor)

    def get(**query):
        return browser.get(reverse("participants:entry-export", args=[organisation.slug]), query)

    return get


def body(response):
    return b"".join(response.streaming_content).decode()


def rows(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_file_has_the_filtered_rows_in_the_order_and_columns_of_the_list(download, listing):
    make_entry(listing, "Tom", "Bell", birth_date=date(1989, 3, 6), bib="7", club="Striders")
    make_entry(listing, "Ann", "Ash", status="cancelled")
    make_entry(listing, "Zoë", "Åberg", entered_at=SEEN)
    text = body(download(status="live", sort="-name", columns="bib,name,birth_date,club"))
    assert rows(text) == [
        ["Bib", "First name", "Last name", "Born", "Club"],
        ["7", "Tom", "Bell", "1989-03-06", "Striders"],
        ["", "Zoë", "Åberg", "", ""],
    ]


def test_without_choosing_the_file_has_the_columns_of_the_list(download, listing):
    make_entry(listing, entered_at=SEEN)
    heading, row = rows(body(download()))
    assert heading == [
        "Bib", "First name", "Last name", "Source", "Race", "Wave", "Status", "Entered", "Change",
    ]  # fmt: skip
    assert row[1:5] == ["Siobhán", "Breathnach", "eventrac", "Hexley 10K"]
    assert row[7] == "2027-05-14T09:00:00+01:00"


def test_the_file_is_utf_8_with_crlf_and_named_after_organisation_race_and_day(download, listing):
    make_entry(listing)
    response = download(race=listing.race_id, columns="name")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="fellgate-hexley-10k-entries-20' in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == "First name,Last name\r\nSiobhán,Breathnach\r\n".encode()


def test_the_variant_for_excel_begins_with_the_mark(download, listing):
    assert b"".join(download(variant="excel").streaming_content).startswith(b"\xef\xbb\xbfBib,")


def test_a_formula_typed_into_an_entry_form_is_harmless_in_the_file(download, listing):
    make_entry(listing, '=HYPERLINK("http://evil.example")', "@Bell", phone="+44 7700 900123", club="-5")
    assert rows(body(download(columns="name,phone,club")))[1] == [
        '\'=HYPERLINK("http://evil.example")',
        "'@Bell",
        "0044 7700 900123",
        "-5",
    ]


def test_the_audit_trail_says_who_how_many_and_which_filters_but_not_what_was_searched(download, listing, editor):
    make_entry(listing)
    body(download(q="siobhan", status="live"))
    record = AuditRecord.objects.get(action="entries.exported")
    assert record.actor == editor
    assert record.detail["rows"] == 1
    assert record.detail["finished"] is True
    assert record.detail["filters"] == ["q", "status"]
    assert "siobhan" not in json.dumps(record.detail)


def test_a_reader_who_goes_away_leaves_an_unfinished_line(organisation, editor, listing):
    Entry.objects.bulk_create(entry_of(listing, f"P{number}") for number in range(1_200))
    file = EntryList(select_entries(organisation, QueryDict("columns=name")), organisation=organisation, actor=editor)
    next(iter(file))
    file.close()  # as the server does with a response that nobody reads any more
    record = AuditRecord.objects.get(action="entries.exported")
    assert record.detail["finished"] is False
    assert record.detail["rows"] < 1_200


def test_sensitive_columns_go_only_to_those_who_may_and_are_noted_apart(download, listing, editor):
    make_entry(listing, medical="Peanut allergy", emergency_phone="+44 1")
    assert "Peanut" not in body(download(columns="name,medical"))
    assert not AuditRecord.objects.filter(action="entries.exported_sensitive").exists()
    Membership.objects.filter(user=editor).update(sensitive_until=FAR_AHEAD)
    text = body(download(columns="name,medical,emergency_phone"))
    assert rows(text)[1][2:] == ["Peanut allergy", "0044 1"]
    assert AuditRecord.objects.get(action="entries.exported_sensitive").detail["rows"] == 1


def test_a_filter_that_makes_no_sense_exports_nothing_and_leads_back_to_the_list(download, listing, organisation):
    response = download(race="999999")
    assert response.status_code == 302
    assert response["Location"] == f"/o/{organisation.slug}/entries/?race=999999"


def test_entries_of_another_organisation_never_leave(download, listing, stranger):
    make_entry(make_listing(make_connection(stranger.memberships.get().organisation)), "Stan", "Stranger")
    make_entry(listing)
    assert "Stranger" not in body(download())


def test_a_viewer_may_not_download(viewer, sign_in, organisation):
    assert sign_in(viewer).get(reverse("participants:entry-export", args=[organisation.slug])).status_code == 403


def test_memory_does_not_grow_with_the_number_of_rows(download, listing):
    Entry.objects.bulk_create(entry_of(listing, f"P{n}", answers=["x" * 400]) for n in range(500))
    body(download())  # what is loaded once is loaded now
    few = peak(download)
    Entry.objects.bulk_create((entry_of(listing, f"P{n}", answers=["x" * 400]) for n in range(3_000)), batch_size=1_000)
    assert peak(download) < few + 2_500_000


def peak(download):
    """Bytes at the highest point of taking a download, throwing every chunk away."""
    tracemalloc.start()
    for _ in download().streaming_content:
        pass
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest


# The command


def test_the_command_writes_the_same_file(organisation, listing, download, tmp_path):
    make_entry(listing, "Tom", "Bell")
    target = tmp_path / "entries.csv"
    call_command("export_entries", organisation=organisation.slug, output=str(target), verbosity=0)
    assert target.read_bytes().decode() == body(download())
    assert [each.name for each in tmp_path.iterdir()] == ["entries.csv"]


def test_the_command_writes_to_standard_output_byte_for_byte(organisation, listing, capfdbinary):
    make_entry(listing, "Zoë", "Bell")
    call_command("export_entries", organisation=organisation.slug, columns="name", race=str(listing.race_id))
    assert capfdbinary.readouterr().out == "First name,Last name\r\nZoë,Bell\r\n".encode()


def test_the_command_answers_in_json_and_is_audited_as_the_command_line(organisation, listing, tmp_path, capsys):
    make_entry(listing)
    target = str(tmp_path / "entries.csv")
    call_command("export_entries", organisation=organisation.slug, output=target, json=True)
    assert json.loads(capsys.readouterr().out)["rows"] == 1
    record = AuditRecord.objects.get(action="entries.exported")
    assert (record.actor, record.actor_label) == (None, "command line")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"organisation": "nobody"}, "no organisation"),
        ({"race": "999999"}, "no race"),
        ({"race": "x"}, "no race"),
        ({"columns": "name,shoe"}, "no column shoe"),
        ({"columns": "name,medical"}, "--sensitive"),
        ({"output": "/nowhere/at/all.csv"}, "Cannot write"),
        ({"json": True}, "-o FILE"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(organisation, listing, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("export_entries", **{"organisation": organisation.slug, **options})


def test_the_command_gives_sensitive_columns_when_told_to_and_notes_it(organisation, listing, tmp_path):
    make_entry(listing, medical="Peanut allergy")
    target = tmp_path / "entries.csv"
    call_command(
        "export_entries", organisation=organisation.slug, columns="medical", sensitive=True, output=str(target)
    )
    assert "Peanut allergy" in target.read_text()
    assert AuditRecord.objects.filter(action="entries.exported_sensitive").exists()
