"""What may be said about the room in a race, and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organiser_portal.events.facts import ListingFacts, room_in


def listing(label="eventrac", **values):
    return ListingFacts(label=label, channel=2, **values)


@pytest.mark.parametrize(
    "listings, licence, heading",
    [
        ([listing(capacity=160, sold=122)], None, "Room for 38 more"),
        ([listing(capacity=160, sold=160)], None, "Full at eventrac"),
        ([listing(capacity=160, sold=165)], None, "5 over the limit at eventrac"),
        ([listing(capacity=160, sold=122)], 150, "Room for 28 more"),
        ([listing(sold=150)], 150, "Full"),
        ([listing(sold=153)], 150, "3 over the licence"),
        ([listing(capacity=160, sold=None, seen=100)], None, "Room for 60 more"),
        ([listing(capacity=160, sold=None, seen=100, sees_all=False)], None, "Nobody says how many have entered"),
        ([listing(sold=None, seen=7)], None, "7 entries, no limit told"),
        ([listing(sold=1)], None, "1 entry, no limit told"),
        ([], None, "0 entries, no limit told"),
        ([], 100, "Room for 100 more"),
    ],
)
def test_one_listing_says_what_it_says(listings, licence, heading):
    assert room_in(listings, licence).heading == heading


TWO = [listing(sold=150), listing("Let's Do This", seen=100)]


@pytest.mark.parametrize(
    "licence, heading, tone",
    [
        (600, "Room for at least 350 more", "good"),
        (200, "May be over the licence", "wait"),
        (120, "At least 30 over the licence", "bad"),
    ],
)
def test_two_listings_are_bounded_by_nobody_and_everybody_counted_twice(licence, heading, tone):
    finding = room_in(TWO, licence)
    assert (finding.heading, finding.tone) == (heading, tone)
    assert "counted twice" in finding.detail


def test_two_listings_without_any_limit_are_not_added_up():
    finding = room_in(TWO, None)
    assert finding.heading == "At least 150 entries, no limit told"
    assert "250" not in finding.heading + finding.detail


def test_the_rooms_of_two_listings_stand_side_by_side():
    finding = room_in([listing(capacity=160, sold=150), listing("TickeTing", capacity=300, sold=264)], None)
    assert finding.heading == "Room for 10 at eventrac, 36 at TickeTing"


def test_who_states_no_limit_is_named():
    finding = room_in([listing(capacity=160, sold=150), listing("Let's Do This", seen=5)], None)
    assert finding.heading == "Room for 10 at eventrac"
    assert "Let's Do This does not state a limit" in finding.detail


def test_more_entries_seen_than_a_provider_counts_are_not_put_into_its_mouth():
    behind = room_in([listing("TickeTing", capacity=1500, sold=48, seen=51)], None)
    assert (behind.heading, behind.detail) == (
        "Room for 1,449 more",
        "We hold 51 of 1,500 at TickeTing, which says 48.",
    )
    assert room_in([listing(capacity=160, sold=122, seen=9)], None).detail == "eventrac says 122 of 160."
    assert room_in([listing(capacity=160, sold=None, seen=9)], None).detail == "We hold 9 of 160 at eventrac."


def test_what_was_added_since_a_provider_counted_takes_places_too():
    behind = listing(capacity=150, sold=148, seen=112, since=5, sees_all=False)
    assert (behind.taken, behind.unseen) == (153, 41)
    finding = room_in([behind], None)
    assert finding.heading == "3 over the limit at eventrac"
    assert finding.detail == "eventrac says 148 of 150, and 5 more were added here since."
    assert room_in([behind], 160).heading == "Room for 7 more"


def test_a_provider_that_says_nothing_makes_the_room_an_upper_bound():
    finding = room_in([listing(sold=150), listing("Quiet", sees_all=False)], 600)
    assert finding.heading == "At most 450 places left"
    assert "Quiet does not say how many" in finding.detail


def test_entries_kept_here_count_as_a_source_of_their_own():
    assert room_in([listing(sold=150)], 600, kept_here=10).heading == "Room for at least 440 more"


def test_what_we_see_beyond_their_count_is_believed():
    assert listing(capacity=160, sold=3, seen=5).taken == 5


COUNTS = st.none() | st.integers(0, 500)


@given(
    figures=st.lists(st.tuples(COUNTS, COUNTS, st.integers(0, 500), st.booleans()), max_size=4),
    licence=COUNTS,
    kept_here=st.integers(0, 5),
)
def test_every_race_has_a_finding_in_one_of_the_tones(figures, licence, kept_here):
    listings = [
        listing(f"P{n}", capacity=c, sold=s, seen=seen, sees_all=a) for n, (c, s, seen, a) in enumerate(figures)
    ]
    finding = room_in(listings, licence, kept_here)
    assert finding.heading
    assert finding.tone in {"good", "wait", "bad", "idle"}
    assert "-" not in finding.heading
