"""Whose value wins when a provider speaks again about an entry that staff have changed. Pure.

Three ways, per overridden field: what the provider said when staff edited (the base), ours, theirs. The provider is
unchanged, keep ours; the provider now says what we say, drop the override (agreed); both have changed, and the
organisation's rule for the field decides: ask a person, staff win, or the provider wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Rule(StrEnum):
    """Who wins where both sides have changed. The value is stored."""

    ASK = "ask"
    STAFF = "staff"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One field that both sides have changed, and what became of it, so that history can say so."""

    name: str
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """``values``: the effective value of every field the provider gave. The rest is what to store beside them."""

    values: Mapping[str, Any]
    overrides: dict[str, dict[str, Any]]
    conflicts: dict[str, dict[str, Any]]
    decided: tuple[Decision, ...] = ()


NO_RULES: Mapping[str, Rule] = {}


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
    run: int | None = None,
    rules: Mapping[str, Rule] = NO_RULES,
) -> Merged:
    """Decide field by field. ``theirs`` and ``effective`` hold Python values.

    ``at`` is this pull's ISO instant and ``run`` its number; a field without a rule is asked about.
    """
    values = dict(theirs)
    kept: dict[str, dict[str, Any]] = {}
    open_conflicts: dict[str, dict[str, Any]] = {}
    decided: list[Decision] = []
    for name, override in overrides.items():
        if name not in theirs:
            kept[name] = dict(override)
            continue
        said = as_json(theirs[name])
        if said == override["value"]:
            continue  # agreed: nothing is overridden any more
        rule = rules.get(name, Rule.ASK) if said != override["provider_value"] else None
        known = conflicts.get(name) if rule is Rule.ASK else None
        is_asked_already = known is not None and known.get("theirs") == said
        if rule is not None and not is_asked_already:
            decided.append(Decision(name=name, rule=rule))
        if rule is Rule.PROVIDER:
            continue
        values[name] = effective.get(name, theirs[name])
        kept[name] = {**override, "provider_value": said} if rule is Rule.STAFF else dict(override)
        if known is not None and is_asked_already:  # it keeps the time and the run that brought it
            open_conflicts[name] = dict(known)
        elif rule is Rule.ASK:
            base = override["provider_value"]
            open_conflicts[name] = {"ours": override["value"], "theirs": said, "base": base, "at": at, "run": run}
    return Merged(values=values, overrides=kept, conflicts=open_conflicts, decided=tuple(decided))
