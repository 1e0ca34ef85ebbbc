"""What many payloads say in the same words: the dictionary that they are packed against.

A dictionary is kept apart from its payloads, where no erasure would look for a person. So it holds names of fields,
marks, true, false and null; and of texts and numbers those alone that stand where the provider says that nothing is
about a person, such as labels of questions and titles of races.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import Any

import msgspec

FEWEST = 100  # payloads: of fewer it is not known what they have in common
SAMPLE = 400  # payloads looked at
MANY = 8  # of these say what is worth keeping: each race has titles and labels of its own
LARGEST = 8 * 1024  # twice as much gains nothing

type Places = frozenset[str]
"""Names joined by dots, `fields.label`; each of a list has the name of the list."""
type Pieces = list[bytes | None]


def commonplaces(payloads: Sequence[bytes], places: Places) -> bytes:
    """A dictionary for payloads such as these; empty where they are few, or differ in all that may be kept."""
    if len(payloads) < FEWEST:
        return b""
    cut = [_cut(payload, places) for payload in payloads[:SAMPLE]]
    common = frozenset(_often(cut))
    dictionary = b""
    for run in _often([_runs(pieces, common) for pieces in cut]):
        if run not in dictionary and len(run) + len(dictionary) <= LARGEST:
            dictionary = run + dictionary  # the commonest last: what is nearest is cheapest to point at
    return dictionary


def _cut(payload: bytes, places: Places) -> Pieces:
    try:
        return list(_pieces(msgspec.json.decode(payload), "", places))
    except (msgspec.MsgspecError, UnicodeError, ArithmeticError, RecursionError):
        return []


def _pieces(value: Any, place: str, places: Places) -> Iterator[bytes | None]:
    """The payload as it is mostly written, in the smallest pieces. None: something that must not be kept."""
    if isinstance(value, dict):
        yield b"{"
        for number, (name, inner) in enumerate(value.items()):
            yield (b"," if number else b"") + msgspec.json.encode(name) + b":"
            yield from _pieces(inner, f"{place}.{name}" if place else name, places)
        yield b"}"
    elif isinstance(value, list):
        yield b"["
        for number, inner in enumerate(value):
            if number:
                yield b","
            yield from _pieces(inner, place, places)
        yield b"]"
    else:
        may_be_kept = value is None or isinstance(value, bool) or place in places
        yield msgspec.json.encode(value) if may_be_kept else None


def _runs(pieces: Pieces, common: frozenset[bytes]) -> list[bytes]:
    """What stands side by side and is common: long is what makes a dictionary good."""
    grouped = groupby(pieces, key=lambda piece: piece in common)
    return [b"".join(piece for piece in run if piece) for is_common, run in grouped if is_common]


def _often(said: Iterable[Iterable[bytes | None]]) -> list[bytes]:
    """What many say, the commonest first, of equals the longest."""
    counted = Counter(chain.from_iterable(map(frozenset, said)))
    many = [(times, len(each), each) for each, times in counted.items() if each and times >= MANY]
    return [each for *_, each in sorted(many, reverse=True)]
