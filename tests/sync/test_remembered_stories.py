"""Whatever happens between them, walks that know pages again come to what reading everything comes to."""

from datetime import timedelta

import httpx
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from tests.conftest import NOW, STORIES
from tests.providers.letsdothis.world import START, Remote, iso, row
from tests.sync.remembering import Place

FIGURES = ("outcome", "seen", "new", "changed", "same", "gone", "rejected", "pages", "requests", "bytes", "promised")


def befall(place: Place, what: str, number: int, name: str) -> None:
    """Something happens at the remote, or to a row of ours."""
    remote = place.remote
    remote.now += timedelta(minutes=1)
    one = remote.rows[number % len(remote.rows)] if remote.rows else {}
    ours = Entry.objects.filter(connection=place.connection, external_id=f"p{number}")
    match what:
        case "touched" if one:
            remote.touch(one["id"], raceName=name)
        case "edited in its place":
            one["raceName"] = name
        case "added":
            remote.touch(name)
        case "removed" if one:
            remote.rows.remove(one)
        case "older again":
            one |= {"updatedAt": iso(START + timedelta(minutes=number)), "raceName": "as it was"}
        case "of no age":
            one["updatedAt"] = ""
        case "nameless":
            one["id"] = ""
        case "cursor refused":
            remote.answers[len(remote.asked) + number % 4] = httpx.Response(404, json={})
        case "ours touched":
            ours.update(fingerprint=name.encode())
        case "ours gone":
            ours.update(gone_at=NOW)


HAPPENINGS = ["touched", "edited in its place", "added", "removed", "older again", "of no age", "nameless",
              "cursor refused", "ours touched", "ours gone"]  # fmt: skip
WALKS = ["whole", "what has changed"]


@hypothesis(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from([*HAPPENINGS, *WALKS, "whole"]), st.integers(0, 9)), max_size=8),
    st.sampled_from(["position", "row"]),
    st.booleans(),
)
def test_it_comes_to_what_reading_everything_comes_to(
    organisation: Organisation,
    one_by_one: None,
    story: list[tuple[str, int]],
    cursors: str,
    inclusive: bool,
) -> None:
    Connection.objects.all().delete()
    places = [
        Place(
            organisation,
            Remote(rows=[row(f"p{number}", number) for number in range(10)], cursors=cursors, inclusive=inclusive),
            remembers=remembers,
        )
        for remembers in (True, False)
    ]
    for turn, (what, number) in enumerate([("whole", 0), *story, ("whole", 0), ("whole", 0)]):
        if what not in WALKS:
            for place in places:
                befall(place, what, number, f"n{turn}")
            continue
        told = []
        for place in places:
            done = place.walk(full=what == "whole")
            told.append((place.state.cursor, [getattr(done, name) for name in FIGURES]))
        assert told[0] == told[1]
        assert places[0].held() == places[1].held()
