from collections import Counter
from typing import Any

import pytest

from providers.sandbox import Sandbox
from providers.sandbox.letsdothis.bodies import BLOCK_3
from tests.providers.sandbox.conftest import ldt_client, walk

OWN = {
    "/participants": {"applicationId", "raceDayDetails", "resultSubmission"},
    "/applications": {"approvalStatus", "applicationResolutionType", "ballotDraw"},
}


def everything(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    found = walk(ldt_client(sandbox), path, page__size=500, extendMetadata="true")
    return [row for page in found for row in page["data"]]


@pytest.mark.parametrize("path", OWN)
def test_a_row_has_42_keys_of_which_14_only_when_asked_for(sandbox: Sandbox, path: str):
    client = ldt_client(sandbox)
    plain = client.get(path).json()["data"][0]
    whole = client.get(path, params={"extendMetadata": "true"}).json()["data"][0]
    assert len(whole) == 42
    assert whole.keys() - plain.keys() == BLOCK_3
    assert OWN[path] <= plain.keys()


def test_block_3_can_be_there_always(sandbox: Sandbox):
    sandbox.letsdothis.switches.always_extended = True
    assert "eventName" in ldt_client(sandbox).get("/participants").json()["data"][0]


def test_size_s_is_five_races_of_300(sandbox: Sandbox):
    assert sorted(Counter(row["raceId"] for row in everything(sandbox, "/participants")).values()) == [300] * 5


def test_a_season_has_all_sorts(sandbox: Sandbox):
    rows = everything(sandbox, "/participants")
    words = Counter(row["statusDetails"][i]["status"] for row in rows for i in range(len(row["statusDetails"])))
    assert {"CONFIRMED", "CANCELLED", "TRANSFERRED", "DEFERRED", "REFUNDED"} <= words.keys()
    assert sum(row["gdprRedacted"] for row in rows) >= 3
    assert any(not row["fields"] and row["booker"] for row in rows)
    assert any(row["bibNumber"] and row["bibNumber"].startswith("0") for row in rows)
    assert any(row["bibNumber"] is None for row in rows)
    assert any(row["waves"] for row in rows)
    assert any(row["participantIndex"] == 1 for row in rows)
    assert any(row["reservedEntryPartnerName"] for row in rows)
    assert any(row["reservedEntryGroupName"] and not row["reservedEntryPartnerName"] for row in rows)


def test_forms_differ_by_event(sandbox: Sandbox):
    slugs: dict[str, set[str | None]] = {}
    for row in everything(sandbox, "/participants"):
        slugs.setdefault(row["eventId"], set()).update(field.get("slug") for field in row["fields"])
    assert {"first-name", "emergency-phone"} <= slugs["4820191"]
    assert {"firstName", "tshirtSize"} <= slugs["4820192"]
    assert slugs["4820193"] == {None}


def test_names_include_the_awkward_ones(sandbox: Sandbox):
    firsts = {row["booker"].get("firstName", "") for row in everything(sandbox, "/participants")}
    assert any(name.startswith("=HYPERLINK") for name in firsts)
    assert {"<b>Bobby</b>", "محمد", "  Padded ", "Zoe\u0308"} <= firsts


def test_whoever_was_drawn_is_the_same_person_as_participant(sandbox: Sandbox):
    applications = {row["id"]: row for row in everything(sandbox, "/applications")}
    drawn = [row for row in everything(sandbox, "/participants") if row["applicationId"]]
    assert len(drawn) == 60
    for row in drawn:
        application = applications[row["applicationId"]]
        assert application["approvalStatus"] == "APPROVED"
        assert row["gdprRedacted"] or application["booker"] == row["booker"]


def test_times_are_past_and_in_milliseconds(sandbox: Sandbox):
    now = sandbox.clock().isoformat()
    for row in everything(sandbox, "/participants"):
        assert row["createdAt"] <= row["updatedAt"] <= now
        assert len(row["createdAt"]) == len("2027-01-11T07:05:12.418Z")


def test_used_places_of_a_group_are_its_entries(sandbox: Sandbox):
    used = Counter(row["reservedEntryGroupCode"] for row in everything(sandbox, "/participants"))
    for group in sandbox.letsdothis.organiser.groups.values():
        assert group.body["usedCapacity"] == used[group.id] <= group.body["maxCapacity"]
