"""What a provider's records look like, declared in a few words, so that the portal notices when they change.

A provider's folder says which fields a kind of record has and what each may hold::

    RACE = record(id=NUMBER, name=TEXT, capacity=NUMBER | NOTHING, status=one_of("open", "closed"))

``providers.surprises`` compares what came with it. Nothing here decides whether a record is taken: mappings are
patient by themselves, and a declaration only says what is new to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from providers.records import Kind


class Sort(StrEnum):
    """The six sorts of JSON value. The value is what pages call it, and is stored; do not rename."""

    TEXT = "text"
    NUMBER = "a number"
    FLAG = "true or false"
    RECORD = "an object"
    LIST = "a list"
    NOTHING = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a value may be.

    ``words``: the texts of an enumeration; empty means any text. ``fields``: of an object, by name; None means any.
    ``others``: it may have further fields, which concern nobody. ``items``: of a list, or of a map without ``fields``;
    None means anything. ``is_ours``: a wrapping of the portal's own, which is no part of a path.
    """

    sorts: frozenset[Sort]
    words: frozenset[str] = frozenset()
    fields: "Mapping[str, Shape] | None" = None
    others: bool = False
    items: "Shape | None" = None
    is_ours: bool = False

    def __or__(self, other: "Shape") -> "Shape":
        """Either. Of two objects the fields of both, of two enumerations the words of both."""
        return Shape(
            sorts=self.sorts | other.sorts,
            words=_words(self, other),
            fields=_fields(self, other),
            others=self.others or other.others,
            items=self.items if other.items is None else other.items,
            is_ours=self.is_ours or other.is_ours,
        )

    @property
    def is_anything(self) -> bool:
        return self.sorts == _ALL and not self.words and self.fields is None and self.items is None


def _words(one: Shape, other: Shape) -> frozenset[str]:
    """Where one side takes any text, so does either."""
    sides = [shape.words for shape in (one, other) if Sort.TEXT in shape.sorts]
    return frozenset().union(*sides) if all(sides) else frozenset()


def _fields(one: Shape, other: Shape) -> Mapping[str, Shape] | None:
    sides = [shape.fields for shape in (one, other) if Sort.RECORD in shape.sorts]
    if not sides or any(side is None for side in sides):
        return None
    return {name: shape for side in sides if side is not None for name, shape in side.items()}


_ALL = frozenset(Sort)

TEXT = Shape(sorts=frozenset({Sort.TEXT}))
NUMBER = Shape(sorts=frozenset({Sort.NUMBER}))
FLAG = Shape(sorts=frozenset({Sort.FLAG}))
NOTHING = Shape(sorts=frozenset({Sort.NOTHING}))
ANYTHING = Shape(sorts=_ALL)
A_MAP = Shape(sorts=frozenset({Sort.RECORD}))
A_LIST = Shape(sorts=frozenset({Sort.LIST}))


def one_of(*words: str) -> Shape:
    """A text of an enumeration, exactly as the provider writes it. Empty text is nothing chosen, and always known."""
    return Shape(sorts=frozenset({Sort.TEXT}), words=frozenset({"", *words}))


def record(fields: Mapping[str, Shape] | None = None, /, **more: Shape) -> Shape:
    """An object with these fields and no others. Each may be missing."""
    return Shape(sorts=frozenset({Sort.RECORD}), fields={**(fields or {}), **more})


def loose_record(**fields: Shape) -> Shape:
    """An object of which only these fields are known; what else it holds concerns nobody."""
    return Shape(sorts=frozenset({Sort.RECORD}), fields=fields, others=True)


def list_of(item: Shape) -> Shape:
    return Shape(sorts=frozenset({Sort.LIST}), items=item)


def map_of(value: Shape) -> Shape:
    """An object whose names are data, such as ids or days."""
    return Shape(sorts=frozenset({Sort.RECORD}), items=value)


def wrapped(body: Shape) -> Shape:
    """``body``, inside an object of our own making."""
    return Shape(
        sorts=body.sorts, words=body.words, fields=body.fields, others=body.others, items=body.items, is_ours=True
    )


type Contract = Mapping[Kind, Shape]
"""By kind, what the payload of a received record looks like: as stored, so with what the provider's client puts in."""
