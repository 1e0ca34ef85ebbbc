"""What a walk has met."""

from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from providers.letsdothis.seen import Seen

PAGES = st.lists(st.lists(st.tuples(st.text(max_size=3), st.integers(-5, 5))))


@given(PAGES)
def test_it_answers_what_a_dictionary_would(pages: list[list[tuple[str, int]]]):
    model: dict[str, int] = {}
    with closing(Seen()) as seen:
        for page in pages:
            known: list[int | None] = []
            for name, stamp in page:
                known.append(model.get(name))
                model[name] = max(stamp, model.get(name, stamp))
            assert list(seen.note([name for name, _ in page], [stamp for _, stamp in page])) == known
        assert len(seen) == len(model)


@given(PAGES, PAGES)
def test_equal_sets_of_names_have_equal_digests(some: list[list[tuple[str, int]]], others: list[list[tuple[str, int]]]):
    with closing(Seen()) as one, closing(Seen()) as other:
        for seen, pages in ((one, [*some, *others]), (other, [*others, *some])):
            for page in pages:
                seen.note([name for name, _ in page], [stamp for _, stamp in page])
        assert one.digest == other.digest
