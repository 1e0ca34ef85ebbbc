"""The little table of what a walk has met."""

from hypothesis import given
from hypothesis import strategies as st

from providers.letsdothis.seen import Seen


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(-5, 5))))
def test_it_answers_what_a_dictionary_would(notes: list[tuple[str, int]]):
    seen: Seen = Seen()
    model: dict[str, int] = {}
    for name, stamp in notes:
        assert seen.note(name, stamp) == model.get(name)
        model[name] = max(stamp, model.get(name, stamp))
    assert len(seen) == len(model)


def test_it_grows_and_forgets_nothing():
    seen = Seen()
    for number in range(5000):
        assert seen.note(f"id-{number}", number) is None
    assert len(seen) == 5000
    assert all(seen.note(f"id-{number}") == number for number in range(5000))
