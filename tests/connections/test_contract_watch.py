"""A provider that changes shape breaks no sync: it appears in a list for owners, without what its records said."""

import logging
from collections.abc import Callable, Iterator
from io import StringIO

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organiser_portal.connections import watch
from organiser_portal.connections.models import Connection, ContractSurprise, RejectedRecord
from organiser_portal.connections.watch import MOST_LOOKS, MOST_ROWS, Watch
from organiser_portal.organisations.models import AuditRecord, Organisation, User
from organiser_portal.participants.models import Entry
from providers.contract import NUMBER, TEXT, Contract, one_of, record
from providers.parsing import fingerprint
from providers.port import Received
from providers.records import Kind
from providers.registry import PROVIDERS
from providers.sandbox import Sandbox
from tests.conftest import NOW
from tests.connections.conftest import page
from tests.sync.conftest import connected

SignIn = Callable[[User], Client]
CONTRACT: Contract = {Kind.ENTRY: record(id=NUMBER, status=one_of("open", "closed"), name=TEXT)}
# What each is made to do besides adding a field: a word that nobody knows, and a null where a value is promised.
CHANGES = {
    "eventrac": ("new_word=status,null=participant_count", ("status", "openx"), "participant_count"),
    "letsdothis": ("new_word=type,null=usedCapacity", ("type", "CHARITYX"), "usedCapacity"),
    "ticketing": ("new_word=status,null=active", ("status", "Issuedx"), "section.active"),
    "trackier": ("new_word=status,null=live", ("status", "approvedx"), "live"),
}
PERSONAL = ("mina", "okafor", "mail.example", "07700", "900123")


@pytest.fixture
def served(organisation: Organisation) -> Iterator[Sandbox]:
    """A small world behind a real socket."""
    sandbox = Sandbox(size="s")
    with sandbox.serve():
        yield sandbox


def sync() -> None:
    """Everything, here and now. Raises when any listing did not end well."""
    call_command("sync", organisation="fellgate", full=True, stdout=StringIO())


def looked_at(watching: Watch, *payloads: object) -> None:
    items = [
        Received(kind=Kind.ENTRY, external_id=str(number), fingerprint=fingerprint(raw), payload=raw)
        for number, raw in enumerate(map(msgspec.json.encode, payloads))
    ]
    watching.look(items, Kind.ENTRY, now=NOW)


def rows() -> list[tuple[str, str, str]]:
    return list(ContractSurprise.objects.values_list("path", "why", "detail"))


@pytest.mark.portable
@pytest.mark.parametrize("key", sorted(PROVIDERS))
def test_a_change_of_shape_breaks_no_sync_and_is_listed_without_anybody_in_it(
    key: str, served: Sandbox, organisation: Organisation
) -> None:
    connection = connected(organisation, served, key)
    rules, word, nothing = CHANGES[key]
    served.faults.add(f"{key}:new_field=waveStart,{rules}")
    sync()
    found = connection.contract_surprises
    assert not RejectedRecord.objects.exists()
    kinds = {each.kind.value for each in PROVIDERS[key].resources}
    assert set(found.filter(why="new_field").values_list("kind", flat=True)) == kinds
    assert found.filter(path="waveStart", why="new_field").count() == len(kinds)
    assert found.filter(path__endswith=word[0], why="new_word", detail=word[1]).exists()
    assert found.filter(path=nothing, why="null").exists()
    shown = str(list(found.values_list("path", "detail", "example"))).lower()
    assert not any(part in shown for part in PERSONAL)
    assert set("".join(found.filter(path="waveStart").values_list("example", flat=True))) <= set("“”x9 <>@.,…")


@pytest.mark.portable
def test_what_the_sandbox_sends_by_itself_is_as_declared_but_for_its_one_strange_word(
    served: Sandbox, organisation: Organisation
) -> None:
    for key in PROVIDERS:
        connected(organisation, served, key)
    sync()
    assert rows() == [("statusDetails.*.status", "new_word", "AWAITING_PAPERWORK")]
    assert Entry.objects.filter(status_text="AWAITING_PAPERWORK", status="live").exists()


def test_what_is_met_again_is_counted_by_syncs(connect: Callable[..., Connection]) -> None:
    connection = connect()
    for _ in range(3):
        looked_at(Watch(connection, CONTRACT), *[{"id": n, "wave": "A"} for n in range(5)])
    (row,) = ContractSurprise.objects.all()
    assert (row.kind, row.path, row.why, row.example, row.times) == ("entry", "wave", "new_field", "“x”", 3)


def test_a_record_as_declared_costs_no_query(connect: Callable[..., Connection]) -> None:
    watching = Watch(connect(), CONTRACT)
    with CaptureQueriesContext(database) as queries:
        looked_at(watching, *[{"id": n, "status": "open"} for n in range(50)])
    assert len(queries) == 0


def test_a_rare_word_is_found_behind_a_field_that_everybody_has(connect: Callable[..., Connection]) -> None:
    records = [{"id": n, "wave": "A"} for n in range(500)]
    looked_at(Watch(connect(), CONTRACT), *records, {"id": 500, "wave": "B", "status": "on_hold"})
    assert rows() == [("status", "new_word", "on_hold"), ("wave", "new_field", "")]


def test_a_provider_that_makes_up_fields_cannot_fill_the_table(connect: Callable[..., Connection]) -> None:
    connection = connect()
    letters = "abcdefghijklmnopqrstuvwxyz"
    for first in letters[:8]:
        looked_at(Watch(connection, CONTRACT), *[{f"{first}{a}{b}": 1} for a in letters[:10] for b in letters])
        assert ContractSurprise.objects.filter(path__startswith=first).count() == MOST_LOOKS
    assert ContractSurprise.objects.count() == MOST_ROWS


def test_those_not_met_for_longest_make_room(
    connect: Callable[..., Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST_ROWS", 2)
    connection = connect()
    for path, days in (("old", 9), ("older", 10), ("young", 1)):
        row = ContractSurprise.objects.create(
            connection=connection, kind="entry", path=path, why="new_field", first_seen=NOW, last_seen=NOW
        )
        ContractSurprise.objects.filter(pk=row.pk).update(last_seen=NOW.replace(day=NOW.day - days))
    looked_at(Watch(connection, CONTRACT), {"wave": 1})
    assert [path for path, *_ in rows()] == ["wave", "young"]


def test_a_fault_of_the_watch_is_logged_by_its_class_and_is_no_fault_of_the_sync(
    connect: Callable[..., Connection], caplog: pytest.LogCaptureFixture
) -> None:
    looked_at(Watch(connect(), {Kind.ENTRY: {"not": "a shape"}}), {"name": "Mina Okafor"})  # type: ignore[dict-item]
    (line,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "AttributeError" in line.getMessage()
    assert "Mina" not in caplog.text


def test_a_kind_that_is_not_declared_is_not_watched(connect: Callable[..., Connection]) -> None:
    looked_at(Watch(connect(), {}), {"anything": 1})
    assert rows() == []


@pytest.fixture
def surprise(working: Connection) -> ContractSurprise:
    looked_at(Watch(working, CONTRACT), {"status": "on_hold", "name": None, "wave": {"a": 1}, "id": "seven"})
    return ContractSurprise.objects.get(path="status")


def list_of(connection: Connection) -> str:
    return f"/o/fellgate/connections/{connection.pk}/contract/"


def test_an_owner_sees_what_differed_and_what_follows(
    working: Connection, surprise: ContractSurprise, owner: User, sign_in: SignIn
) -> None:
    html = page(sign_in(owner), list_of(working))
    assert "4 changes in what eventrac sends" in html
    assert "A value that is not known here: on_hold." in html
    assert "Nothing, where a value is promised." in html
    assert "A field that was not there before." in html
    assert "an object of 1 field" in html
    assert "Text, where something else is promised." in html
    assert "Watched: Events, Races." in html


def test_the_page_of_the_connection_says_so_quietly_to_owners(
    working: Connection, surprise: ContractSurprise, owner: User, manager: User, sign_in: SignIn
) -> None:
    url = f"/o/fellgate/connections/{working.pk}/"
    assert "4 changes in what eventrac sends" in page(sign_in(owner), url)
    assert "changes in what" not in page(sign_in(manager), url)


def test_what_is_seen_and_understood_is_put_away(
    working: Connection, surprise: ContractSurprise, owner: User, sign_in: SignIn
) -> None:
    client = sign_in(owner)
    answer = client.post(f"{list_of(working)}{surprise.pk}/understood/", follow=True).content.decode()
    assert "3 changes in what eventrac sends" in answer
    assert "1 seen and understood" in answer
    surprise.refresh_from_db()
    assert surprise.understood_by == owner
    assert AuditRecord.objects.filter(action="connection.changes_understood", detail__changes=1).exists()


def test_all_of_them_can_be_put_away_at_once(
    working: Connection, surprise: ContractSurprise, owner: User, sign_in: SignIn
) -> None:
    html = sign_in(owner).post(f"{list_of(working)}understood/", follow=True).content.decode()
    assert "eventrac sends what it promises" in html
    assert "4 seen and understood" in html


def test_it_comes_back_only_when_something_else_differs(
    working: Connection, surprise: ContractSurprise, owner: User, sign_in: SignIn
) -> None:
    sign_in(owner).post(f"{list_of(working)}understood/")
    looked_at(Watch(working, CONTRACT), {"status": "on_hold", "name": None})
    assert not ContractSurprise.objects.open().exists()
    looked_at(Watch(working, CONTRACT), {"status": "sold_out", "name": None})
    assert [each.detail for each in ContractSurprise.objects.open()] == ["sold_out"]


def test_of_another_connection_nothing_is_put_away(
    working: Connection, connect: Callable[..., Connection], surprise: ContractSurprise, owner: User, sign_in: SignIn
) -> None:
    other = connect(label="other")
    assert sign_in(owner).post(f"{list_of(other)}{surprise.pk}/understood/").status_code == 404
    sign_in(owner).post(f"{list_of(other)}understood/")
    assert ContractSurprise.objects.open().count() == 4


def test_administrators_see_them_over_all_organisations(
    surprise: ContractSurprise, administrator: User, sign_in: SignIn
) -> None:
    client = sign_in(administrator)
    assert "on_hold" in page(client, "/admin/connections/contractsurprise/")
    assert client.get(f"/admin/connections/contractsurprise/{surprise.pk}/change/").status_code == 200
