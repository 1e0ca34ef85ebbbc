"""The little table of what a walk has met."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.letsdothis.seen import Seen


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(-5, 5), st.none() | st.integers(-1, 5000))))
def test_it_answers_what_a_dictionary_would(notes: list[tuple[str, int, int | None]]):
    seen: Seen = Seen()
    model: dict[str, int] = {}
    for name, stamp, announced in notes:
        if announced is not None:
            seen.expect(announced)
        assert seen.note(name, stamp) == model.get(name)
        model[name] = max(stamp, model.get(name, stamp))
    assert len(seen) == len(model)


@pytest.mark.parametrize("announced", [0, 100, 5000, 10**15])
def test_it_grows_and_forgets_nothing_whatever_was_announced(announced: int):
    seen = Seen()
    seen.expect(announced)
    for number in range(5000):
        assert seen.note(f"id-{number}", number) is None
    assert len(seen) == 5000
    assert all(seen.note(f"id-{number}") == number for number in range(5000))
