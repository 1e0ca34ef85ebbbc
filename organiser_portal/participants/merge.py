"""Whose value wins when a provider speaks again about an entry that staff have changed. Pure.

Per overridden field: the provider is unchanged, keep ours; the provider now says what we say, drop the override
(agreed); both have changed, keep ours and raise a conflict that holds both values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """``values``: the effective value of every field the provider gave. The rest is what to store beside them."""

    values: dict[str, Any]
    overrides: dict[str, dict[str, Any]]
    conflicts: dict[str, dict[str, Any]]


def as_json(value: Any) -> Any:
    """A field's value as it is kept inside ``overrides``: dates as ISO text, the rest as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def merge(
    *,
    theirs: Mapping[str, Any],
    effective: Mapping[str, Any],
    overrides: Mapping[str, Mapping[str, Any]],
    conflicts: Mapping[str, Mapping[str, Any]],
    at: str,
) -> Merged:
    """Decide field by field. ``theirs`` and ``effective`` hold Python values; ``at`` is this pull's ISO instant."""
    values = dict(theirs)
    kept: dict[str, dict[str, Any]] = {}
    open_conflicts: dict[str, dict[str, Any]] = {}
    for name, override in overrides.items():
        if name not in theirs:
            kept[name] = dict(override)
            continue
        said = as_json(theirs[name])
        if said == override["value"]:
            continue  # agreed: nothing is overridden any more
        values[name] = effective.get(name, theirs[name])
        kept[name] = dict(override)
        if said != override["provider_value"]:
            open_conflicts[name] = _conflict(conflicts.get(name), override=override, said=said, at=at)
    return Merged(values=values, overrides=kept, conflicts=open_conflicts)


def _conflict(known: Mapping[str, Any] | None, *, override: Mapping[str, Any], said: Any, at: str) -> dict[str, Any]:
    if known is not None and known.get("theirs") == said:
        return dict(known)
    return {"ours": override["value"], "theirs": said, "base": override["provider_value"], "at": at}
