"""What a person would call changed between an entry of ours and what its provider says now."""

from collections.abc import Mapping
from typing import Any

from organiser_portal.connections.models import Connection
from organiser_portal.participants.columns import ENTRY_COLUMNS
from organiser_portal.participants.sensitive import is_sensitive_answer
from providers.records import SENSITIVE_FIELDS

# Moves with every edit at the provider and says nothing by itself; or is a detail of our own tables.
UNREMARKABLE = frozenset(
    {"remote_updated_at", "entered_at", "listing_id", "ticket_type_id", "person_is_booker", "redacted"}
)
REMARKABLE = tuple(name for name in ENTRY_COLUMNS if name not in UNREMARKABLE)
LONGEST = 500


def remarkable(
    row: Mapping[str, Any], values: Mapping[str, Any], connection: Connection, *, comes_back: bool
) -> list[dict[str, str]]:
    """The lines of a revision: {"field", "old", "new"}. ``comes_back``: whoever was gone is there again."""
    lines = [_line(name, row[name], values[name], connection) for name in REMARKABLE if row[name] != values[name]]
    if comes_back and row["gone_at"] is not None:
        lines.append({"field": "gone_at", "old": row["gone_at"].isoformat(), "new": ""})
    return lines


def _line(name: str, before: Any, after: Any, connection: Connection) -> dict[str, str]:
    """Where nothing that may be told of it differs, it says no more than that it changed."""
    old, new = _shown(name, before, connection), _shown(name, after, connection)
    return {"field": name, "old": old, "new": new} if old != new else {"field": name, "old": "…", "new": "…"}


def _shown(name: str, value: Any, connection: Connection) -> str:
    """The value as history shows it. Medical and emergency data are never copied into history."""
    if name in SENSITIVE_FIELDS:
        return "…" if value else ""
    if name == "answers":
        plain = (answer for answer in value if not is_sensitive_answer(answer, connection.mapping))
        return "; ".join(f"{answer['label']}: {answer['value']}" for answer in plain)[:LONGEST]
    if isinstance(value, (list, dict)):
        return ", ".join(map(str, value))[:LONGEST]
    return "" if value is None else str(value)[:LONGEST]
