"""The address in an answer whose shape nobody knows."""

import re
from collections.abc import Iterator

import msgspec

from providers.letsdothis.folded import DEEPEST
from providers.parsing import lenient, web_address

LONGEST_READ = 20_000
CLOSING = ".,;:!?)]}"  # ends the sentence around an address, not the address
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")


def found_link(body: bytes) -> str:
    """The first web address in the body, JSON or not; "" if there is none."""
    try:
        texts = _strings(msgspec.json.decode(body), 0)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        texts = iter([body[:LONGEST_READ].decode(errors="replace")])
    matches = (match.rstrip(CLOSING) for text in texts for match in _ADDRESS.findall(text[:LONGEST_READ]))
    found = (lenient(web_address, match, "") for match in matches)
    return next(filter(None, found), "")


def _strings(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    if isinstance(value, dict | list) and depth <= DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item, depth + 1)
