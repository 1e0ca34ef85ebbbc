"""Values and names as they may be shown to somebody who must not learn what they say: type, length and punctuation."""

import re
from collections.abc import Iterable

LONGEST_TEXT = 40
LONGEST_NAME = 60
LONGEST_WORD = 24
MOST_DIGITS = 3  # in a name of a field; more look like an id
_KEPT = frozenset(" .,:;/@+-_()")
_FIELD_NAME = re.compile(r"[a-z_][A-Za-z0-9_-]*")
_STYLES = tuple(
    re.compile(style)
    for style in (
        r"[a-z]+([_-][a-z]+)*",
        r"[A-Z]+([_-][A-Z]+)*",
        r"[A-Z][a-z]+( [A-Z][a-z]+)*",
        r"[a-z]+([A-Z][a-z]+)+",
    )
)


def example(value: object) -> str:
    """A JSON value without what it says: letters are x, digits 9, objects and lists their size."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return f"an object of {_counted(len(value), 'field')}"
    if isinstance(value, list):
        return f"a list of {_counted(len(value), 'item')}"
    return f"“{veiled(value)}”" if isinstance(value, str) else veiled(str(value))


def veiled(text: str) -> str:
    """Letter by letter; what is long is cut."""
    shown = "".join(map(_veil, text[:LONGEST_TEXT]))
    return f"{shown}…" if len(text) > LONGEST_TEXT else shown


def name(key: str) -> str:
    """The name of a field, if it looks like one. In a map the names are data: an address, an id, somebody's name."""
    digits = sum(character.isdigit() for character in key)
    fits = len(key) <= LONGEST_NAME and digits <= MOST_DIGITS and _FIELD_NAME.fullmatch(key)
    return key if fits else veiled(key)


def word(text: str, among: Iterable[str]) -> str:
    """A value of an enumeration, if it is short and written like ``among``, the values it has; else ""."""
    known = list(among)
    is_alike = any(style.fullmatch(text) and any(style.fullmatch(each) for each in known) for style in _STYLES)
    return text if is_alike and len(text) <= LONGEST_WORD else ""


def _veil(character: str) -> str:
    if character in _KEPT:
        return character
    return "9" if character.isdigit() else "x"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
