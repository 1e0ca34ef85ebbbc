"""What is shown of a value says nothing of what it says."""

import string

from hypothesis import given
from hypothesis import strategies as st

from providers import redacted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(text=st.text())
def test_of_a_text_only_its_punctuation_is_left(text: str) -> None:
    assert set(redacted.example(text)) <= set("“”…x9 .,:;/@+-_()")
    assert len(redacted.example(text)) <= redacted.LONGEST_TEXT + 3


@given(value=st.integers() | st.floats(allow_nan=False))
def test_of_a_number_only_its_length_is_left(value: float) -> None:
    assert set(redacted.example(value)) <= set("x9.+-…")


@given(value=JSON)
def test_an_example_is_short_whatever_it_is_of(value: object) -> None:
    assert len(redacted.example(value)) <= redacted.LONGEST_TEXT + 3


def test_a_person_cannot_be_told_from_an_example() -> None:
    assert redacted.example("Mina Okafor <mina@mail.example>") == "“xxxx xxxxxx xxxxx@xxxx.xxxxxxxx”"
    assert redacted.example({"Mina": 1}) == "an object of 1 field"
    assert redacted.example(["Mina", "Tom"]) == "a list of 2 items"
    assert redacted.example(True) == redacted.example(False) == "true or false"
    assert redacted.example(1990) == "9999"


@given(key=st.text(alphabet=string.printable))
def test_the_name_of_a_field_is_shown_only_if_it_looks_like_one(key: str) -> None:
    shown = redacted.name(key)
    assert shown == key or set(shown) <= set("…x9 .,:;/@+-_()")


def test_names_that_are_data_are_not_shown() -> None:
    assert redacted.name("waveStart") == "waveStart"
    assert redacted.name("_utm_source") == "_utm_source"
    for key in ("Mina", "mina@mail.example", "Mina Okafor", "65b0000000000000000000c1", "2027-03-01", ""):
        assert redacted.name(key) == redacted.veiled(key)


def test_a_word_is_shown_if_it_is_written_like_those_that_are_known() -> None:
    assert redacted.word("on_hold", ["", "open"]) == "on_hold"
    assert redacted.word("ON_HOLD", ["OPEN"]) == "ON_HOLD"
    assert redacted.word("Lost", ["Issued"]) == "Lost"
    assert redacted.word("Mina Okafor", ["open", "closed"]) == ""
    assert redacted.word("mina@mail.example", ["open"]) == ""
    assert redacted.word("a" * 25, ["open"]) == ""
    assert redacted.word("07700 900123", ["open"]) == ""
