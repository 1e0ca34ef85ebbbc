"""Marks by the million, against a dictionary."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.marks import AT_ONCE, Marks
from providers.pages import words

MARKS = st.sampled_from([1, 2, 3, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1]) | st.integers(1, 2**64 - 1)
STAMPS = st.integers(-(2**62), 2**62)


@pytest.fixture
def marks() -> Iterator[Marks]:
    with closing(Marks()) as marks:
        yield marks


@given(st.lists(st.tuples(st.dictionaries(MARKS, STAMPS, max_size=5), st.lists(MARKS, max_size=5))))
def test_they_answer_what_a_dictionary_would(told: list[tuple[dict[int, int], list[int]]]):
    model: dict[int, int] = {}
    with closing(Marks()) as marks:
        for put, added in told:
            marks.put(put)
            model |= put
            assert marks.add(added) == len(set(added) - model.keys())
            model |= {mark: 0 for mark in added if mark not in model}
            asked = {*put, *added, 5}
            assert marks.known(asked) == {mark: model[mark] for mark in asked if mark in model}
        assert sorted(mark for part in marks.parts() for mark in words(part)) == sorted(model)


@pytest.mark.parametrize("number", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_all_of_them_come_in_parts_each_once(marks: Marks, number: int):
    marks.add(range(2**63 - number, 2**63 + number))
    parts = list(marks.parts())
    assert sorted(mark for part in parts for mark in words(part)) == list(range(2**63 - number, 2**63 + number))
    assert all(len(part) <= 8 * AT_ONCE for part in parts)


GROWS = """
import resource, sys
from random import Random
from providers.marks import Marks
chance, marks = Random(1), Marks()
for _ in range(int(sys.argv[1])):
    marks.put({chance.getrandbits(64): 1 for _ in range(1000)})
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_ten_times_as_many_take_little_more_memory():
    least, most = (int(subprocess.check_output([sys.executable, "-c", GROWS, str(n)])) for n in (30, 300))
    assert most - least < 6_000, "KB: what is kept in memory of any number of them"
