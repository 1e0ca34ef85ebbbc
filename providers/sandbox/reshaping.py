"""Answers that are right and yet not as documented: what a provider does when it changes shape without telling."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from providers.sandbox.messages import Reply

STRANGE_VALUE = "Mina Okafor <mina@mail.example>, 07700 900123"
"""What a new field holds: a person, so that nobody may be shown it."""

COUNTS = frozenset({"total", "totalResults", "count", "pages"})
"""What an answer calls the number of what it lists."""

_ID = re.compile("[0-9a-f]{24}")
_reader = msgspec.json.Decoder(float_hook=Decimal)
_writer = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshaping:
    """``new_field``: a name that every object inside the answer gets. ``new_word``: under this name, every text becomes
    a word that nobody knows. ``null``: under this name there is nothing any more. ``other_sort``: ... a list.
    """

    new_field: str = ""
    new_word: str = ""
    null: str = ""
    other_sort: str = ""

    def of(self, reply: Reply) -> Reply:
        """The answer in its new shape; one that is no JSON stays as it is."""
        try:
            found = _reader.decode(reply.body)
        except (msgspec.MsgspecError, ValueError):
            return reply
        body = _writer.encode(self._reshaped(found, is_outermost=True))
        return Reply(status=reply.status, body=body, headers=reply.headers)

    def _reshaped(self, found: Any, *, is_outermost: bool = False) -> Any:
        if isinstance(found, list):
            return [self._reshaped(each) for each in found]
        if not isinstance(found, dict):
            return found
        shaped = {name: self._under(name, held) for name, held in found.items()}
        # The envelope stays, and so does a map of objects by their ids.
        is_record = any(not isinstance(held, dict | list) for held in found.values())
        if self.new_field and is_record and not is_outermost:
            shaped[self.new_field] = STRANGE_VALUE
        return shaped

    def _under(self, name: str, held: Any) -> Any:
        if name == self.null:
            return None
        if name == self.other_sort:
            return []
        if name == self.new_word and isinstance(held, str):
            return held + ("X" if held.isupper() else "x")
        return self._reshaped(held)


def emptied(reply: Reply) -> Reply:
    """The answer of a provider that has mislaid everything: what is a list is empty, what counts it says 0.

    One that is no JSON stays as it is, and so does what is not listed: a single thing.
    """
    try:
        found = _reader.decode(reply.body)
    except (msgspec.MsgspecError, ValueError):
        return reply
    return Reply(status=reply.status, body=_writer.encode(_without(found)), headers=reply.headers)


def _without(found: Any, depth: int = 2) -> Any:
    """``depth``: how many envelopes may be around a list; below them the lists belong to a record."""
    if isinstance(found, list):
        return []
    if not isinstance(found, dict) or not depth or "id" in found or "self" in found:
        return found
    if found and all(_ID.fullmatch(name) for name in found):
        return {}  # a list in the form of a map
    return {name: 0 if name in COUNTS else _without(held, depth - 1) for name, held in found.items()}
