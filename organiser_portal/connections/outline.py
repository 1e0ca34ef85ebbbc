"""What a record looks like, without what it says: every value gives way to its kind, so that nobody is shown."""

import json
from typing import Any

DEEPEST = 12
MOST_ITEMS = 3


def outline(payload: bytes) -> str:
    """The shape of a JSON payload, indented. Names stay, values go; of a list, the first few items."""
    try:
        shape = _shape(json.loads(payload), 0)
    except (ValueError, RecursionError):
        return f"{len(payload)} bytes that are not JSON"
    return json.dumps(shape, indent=2, ensure_ascii=False)


def _shape(value: Any, depth: int) -> Any:
    if isinstance(value, dict | list) and depth == DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {name: _shape(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        rest = [f"… and {len(value) - MOST_ITEMS} more"] if len(value) > MOST_ITEMS else []
        return [_shape(inner, depth + 1) for inner in value[:MOST_ITEMS]] + rest
    if isinstance(value, str):
        return f"text, {len(value)} character{'s' if len(value) > 1 else ''}" if value else "empty text"
    return value if value is None or isinstance(value, bool) else "number"
