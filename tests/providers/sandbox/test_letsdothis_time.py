from datetime import timedelta

import pytest

from providers.sandbox import Sandbox
from tests.providers.sandbox.conftest import NOON, ldt_client

AT = "2027-03-01T12:00:00.000Z"


def by_update(sandbox: Sandbox, after: str = "") -> list[str]:
    params = {"sort[updatedAt]": "1"} | ({"updatedAt[after]": after} if after else {})
    return [row["id"] for row in ldt_client(sandbox).get("/participants", params=params).json()["data"]]


@pytest.fixture
def pair(bare: Sandbox) -> list[str]:
    race = bare.letsdothis.add_race()
    return [bare.letsdothis.add_participant(race, created=NOON - timedelta(days=n)).id for n in (2, 1)]


def test_a_change_is_stamped_with_the_clock_of_the_sandbox(bare: Sandbox, pair: list[str]):
    bare.letsdothis.change(pair[0], bibNumber="0417")
    row = ldt_client(bare).get(f"/participants/{pair[0]}").json()
    assert (row["updatedAt"], row["bibNumber"]) == (AT, "0417")
    assert by_update(bare) == [pair[1], pair[0]]


def test_the_date_header_is_the_clock_of_the_sandbox(bare: Sandbox):
    assert ldt_client(bare).get("/participants").headers["date"] == "Mon, 01 Mar 2027 12:00:00 GMT"


def test_many_rows_can_share_one_timestamp(bare: Sandbox, pair: list[str]):
    bare.letsdothis.stamp(AT, count=2)
    assert by_update(bare) == sorted(pair)
    assert by_update(bare, after=AT) == []


def test_a_row_can_become_visible_after_its_timestamp(bare: Sandbox, pair: list[str]):
    race = bare.letsdothis.organiser.race()
    late = bare.letsdothis.add_participant(race, visible_from=NOON + timedelta(seconds=90))
    bare.clock.advance(60)
    assert late.id not in by_update(bare)
    bare.clock.advance(30)
    assert by_update(bare)[-1] == late.id
    assert late.updated == NOON.timestamp() * 1000


def test_a_row_can_be_stamped_in_the_future(bare: Sandbox, pair: list[str]):
    bare.letsdothis.stamp_in_future(pair[0], 3600)
    assert by_update(bare, after=AT) == [pair[0]]


def test_redaction_erases_the_person_and_counts_as_a_change(sandbox: Sandbox):
    client = ldt_client(sandbox)
    before = next(row for row in client.get("/participants").json()["data"] if row["fields"])
    sandbox.letsdothis.redact(before["id"])
    after = client.get(f"/participants/{before['id']}").json()
    assert (after["gdprRedacted"], after["fields"], after["booker"]) == (True, [], {})
    assert after["updatedAt"] > before["updatedAt"]
    assert after["ticketId"] == before["ticketId"]


def test_a_deleted_row_leaves_no_trace(bare: Sandbox, pair: list[str]):
    bare.letsdothis.delete(pair[0])
    assert by_update(bare) == [pair[1]]
    assert ldt_client(bare).get(f"/participants/{pair[0]}").status_code == 404


def test_a_sale_is_seen_at_once_as_new(sandbox: Sandbox):
    before = sandbox.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    sandbox.clock.advance(1)
    sold = sandbox.letsdothis.sell(3)
    assert sorted(by_update(sandbox, after=before)) == sorted(sold)


def test_the_trickle_is_a_fixed_sequence_on_the_sandboxs_clock():
    def after_a_minute() -> list[str]:
        sandbox = Sandbox(size="s", now=NOON, trickle=5)
        sandbox.clock.advance(60)
        found = by_update(sandbox, after=AT)
        assert sandbox.trickle.ticks == 12
        return found

    assert len(after_a_minute()) == 12 // len(Sandbox(size="empty").sites())
    assert after_a_minute() == after_a_minute()
