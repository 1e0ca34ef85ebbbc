"""Ids out of TickeTing's URIs, and URIs out of ids. Strings only: joining as the RFC says would lose ``/v3``."""

import re
from urllib.parse import quote

from providers.errors import BadRecord

_LAST = re.compile(r"([A-Za-z0-9-]+)$")
_DIGITS = re.compile(r"[0-9]{1,20}")


def last_id(value: object) -> str:
    """The id at the end of a URI, of a bare id or of an embedded object; "" where there is none."""
    if isinstance(value, dict):
        value = value.get("self", "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    found = _LAST.search(str(value).strip())
    return found[1] if found else ""


def needed_id(value: object, field: str = "self") -> str:
    """The same; raises BadRecord where there is none."""
    found = last_id(value)
    if not found:
        raise BadRecord(f"{field} holds no id")
    return found


def is_number(value: str) -> bool:
    """Whether this may stand in a path where TickeTing wants a numeric id."""
    return _DIGITS.fullmatch(value) is not None


def section_uri(event_id: str, section: object) -> str:
    """The whole URI, from a whole one, a short one or a bare id."""
    return f"/events/{event_id}/sections/{needed_id(section, 'section')}"


def part(value: str) -> str:
    """One segment of a path."""
    return quote(value, safe="")
