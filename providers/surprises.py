"""Where a record differs from what its provider declares: pure, no wire, no clock.

Two steps, because nearly every record is as declared. `glance` makes a strict reader in C that says in a few
microseconds whether there is anything to see; `surprises` then says what, in Python. `accepting` widens a declaration
by what it met, so that the next glance is not held up by the same thing. A mapping that reads a record anyway can have
both in one: `declared` makes its shape of a row strict.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, Literal, cast

import msgspec

from providers import redacted
from providers.contract import ANYTHING, Shape, Sort

MOST_AT_ONCE = 20
EACH = "*"
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError)
_UNNAMEABLE = re.compile(r'["\\\x00-\x1f]')
_TYPES: Mapping[Sort, Any] = {Sort.NUMBER: float, Sort.FLAG: bool, Sort.NOTHING: None}

type Place = tuple[str, ...]


class Why(StrEnum):
    """What was not as declared. The value is stored; do not rename."""

    NEW_FIELD = "new_field"
    NEW_WORD = "new_word"  # of an enumeration
    NULL = "null"
    OTHER_SORT = "other_sort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """``path``: names joined by dots, ``*`` for each of a list. ``detail``: the word, where it may be shown, or the
    sort that came instead. ``example`` is redacted. ``place`` is the path as it came, and must not be shown.
    """

    path: str
    why: Why
    detail: str = ""
    example: str = field(default="", compare=False)
    place: Place = field(default=(), compare=False, repr=False)


def surprises(payload: bytes, shape: Shape) -> tuple[Surprise, ...]:
    """Every difference once, at most twenty. What is not JSON surprises nobody here: it is rejected elsewhere."""
    try:
        value = msgspec.json.decode(payload)
    except _UNREADABLE:
        return ()
    found: dict[Surprise, None] = {}
    for each in _differences(value, shape, (), ()):
        found.setdefault(each)
        if len(found) == MOST_AT_ONCE:
            break
    return tuple(found)


def glance(shape: Shape) -> Callable[[bytes], bool]:
    """A test whether a payload is wholly as declared; False for anything that is worth a closer look."""
    return _takes(_type(shape))


def glances(shapes: Iterable[Shape]) -> Callable[[bytes], bool]:
    """The same for a list of values, each with a shape of its own."""
    return _takes(tuple[*map(_type, shapes)])  # type: ignore[misc]  # a type made at run time


def declared[R: msgspec.Struct](shape: Shape, row: type[R], /, **narrower: Any) -> type[R]:
    """``row`` made strict: what is read as this type is as declared, and has the members that ``row`` would have.

    Two things are left to the caller. Members that ``row`` keeps as bytes stay bytes: ask `glances` about those. And
    the types of ``narrower``, for members that the mapping knows more closely, must take nothing but what is declared.
    """
    members = {field.encode_name: field for field in msgspec.structs.fields(row)}
    shapes = shape.fields or {}
    names: dict[str, str] = {}
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    # Keys in the order of the declaration are found soonest.
    for number, said in enumerate(dict.fromkeys((*shapes, *members))):
        known, field = shapes.get(said, ANYTHING), members.get(said)
        name = field.name if field else f"unread_{number}"
        type_ = narrower.get(name, field.type if field else object)
        if type_ is object:
            type_ = _type(known)
        # Bytes that are not there are those of null: where null is not declared, they have to be.
        must = type_ is msgspec.Raw and field and Sort.NOTHING not in known.sorts
        fields.append((name, type_) if must else (name, type_, field.default if field else None))
        names[name] = said
    # Not made of ``row``, whose order would come first.
    strict = msgspec.defstruct(
        row.__name__, fields, rename=names, forbid_unknown_fields=not shape.others, kw_only=True, gc=False
    )
    return cast("type[R]", strict)


def _takes(type_: Any) -> Callable[[bytes], bool]:
    decoder = msgspec.json.Decoder(type_)

    def is_as_declared(payload: bytes) -> bool:
        try:
            decoder.decode(payload)
        except _UNREADABLE:
            return False
        return True

    return is_as_declared


def accepting(shape: Shape, met: Surprise) -> Shape:
    """The declaration, widened so that this surprises no more."""
    return _widened(shape, met.place, met)


def sort_of(value: object) -> Sort:
    if value is None:
        return Sort.NOTHING
    if isinstance(value, bool):
        return Sort.FLAG
    if isinstance(value, str):
        return Sort.TEXT
    if isinstance(value, dict):
        return Sort.RECORD
    return Sort.LIST if isinstance(value, list) else Sort.NUMBER


def _differences(value: Any, shape: Shape, place: Place, shown: Place) -> Iterator[Surprise]:
    sort = sort_of(value)

    def met(why: Why, detail: str = "") -> Surprise:
        example = redacted.example(value)
        return Surprise(path=".".join(shown), why=why, detail=detail, example=example, place=place)

    if sort not in shape.sorts:
        yield met(Why.NULL) if sort is Sort.NOTHING else met(Why.OTHER_SORT, sort.value)
    elif sort is Sort.TEXT and shape.words and value not in shape.words:
        yield met(Why.NEW_WORD, redacted.word(value, shape.words))
    elif sort is Sort.RECORD and shape.fields is not None:
        yield from _of_fields(value, shape, place, shown)
    elif sort in (Sort.RECORD, Sort.LIST) and shape.items is not None:
        for inner in value.values() if sort is Sort.RECORD else value:
            yield from _differences(inner, shape.items, (*place, EACH), (*shown, EACH))


def _of_fields(value: Mapping[str, Any], shape: Shape, place: Place, shown: Place) -> Iterator[Surprise]:
    for name, inner in value.items():
        known, here = (shape.fields or {}).get(name), (*place, name)
        if known is not None:
            yield from _differences(inner, known, here, shown if known.is_ours else (*shown, redacted.name(name)))
        elif not shape.others:
            path = ".".join((*shown, redacted.name(name)))
            yield Surprise(path=path, why=Why.NEW_FIELD, example=redacted.example(inner), place=here)


def _widened(shape: Shape, place: Place, met: Surprise) -> Shape:
    if not place:
        return _at(shape, met)
    name, *rest = place
    if shape.fields is not None and name in shape.fields:
        return replace(shape, fields={**shape.fields, name: _widened(shape.fields[name], tuple(rest), met)})
    if shape.fields is not None:
        return replace(shape, fields={**shape.fields, name: ANYTHING})
    return replace(shape, items=_widened(shape.items or ANYTHING, tuple(rest), met))


def _at(shape: Shape, met: Surprise) -> Shape:
    match met.why:
        case Why.NEW_WORD:
            return replace(shape, words=shape.words | {met.detail} if met.detail else frozenset())
        case Why.NULL:
            return replace(shape, sorts=shape.sorts | {Sort.NOTHING})
        case Why.OTHER_SORT:
            return replace(shape, sorts=shape.sorts | {Sort(met.detail)})
        case Why.NEW_FIELD:  # is added where it was met
            return shape


def _type(shape: Shape) -> Any:
    """The shape as a type that msgspec reads strictly."""
    if shape.is_anything:
        return msgspec.Raw
    return reduce(or_, [_type_of(sort, shape) for sort in Sort if sort in shape.sorts])


def _type_of(sort: Sort, shape: Shape) -> Any:
    match sort:
        case Sort.TEXT:
            return Literal[*sorted(shape.words)] if shape.words else str
        case Sort.LIST:
            return list[_type(shape.items or ANYTHING)]  # type: ignore[misc]  # a type made at run time
        case Sort.RECORD if shape.items and shape.fields is None:
            return dict[str, _type(shape.items)]  # type: ignore[misc]  # the same
        case Sort.RECORD:  # of which nobody knows a field, none is made into anything
            return _struct(shape.fields or {}, others=shape.others or shape.fields is None)
        case _:
            return _TYPES[sort]


def _struct(fields: Mapping[str, Shape], *, others: bool) -> type[msgspec.Struct]:
    """Names that Python does not take as attributes are put in by renaming. Those that msgspec does not rename to are
    left out: who has one gets the closer look, which knows it.
    """
    named = {f"field_{number}": name for number, name in enumerate(fields) if not _UNNAMEABLE.search(name)}
    members = [(ours, _type(fields[name]), None) for ours, name in named.items()]
    return msgspec.defstruct("Declared", members, rename=named, forbid_unknown_fields=not others, gc=False)
