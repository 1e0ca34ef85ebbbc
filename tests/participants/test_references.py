"""The portal's own ids of entries."""

import re

from organiser_portal.participants.models.entry import CHANCE, new_reference, new_references


def test_references_fit_any_address_and_begin_differently():
    references = new_references(5_000)
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in references)
    assert len({each[:8] for each in references}) == 5_000
    assert len({each[8:] for each in references}) == 5_000
    assert new_references(0) == []


def test_what_comes_together_stands_together_in_an_index():
    references = new_references(5_000)
    first = references.index(min(references))  # the clock of half a day may begin anew among them
    assert sorted(references) == references[first:] + references[:first]


def test_nobody_can_guess_a_reference_from_its_neighbour():
    one, other = new_reference(), new_reference()
    assert len(one[8:]) == 2 * CHANCE >= 24
    assert sum(a != b for a, b in zip(one[8:], other[8:], strict=True)) > 8
