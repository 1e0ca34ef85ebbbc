"""What somebody changed in a form, against what it showed them. Pure.

An edit sends nothing else: whatever changed at the provider meanwhile stays as it is there.
"""

from collections.abc import Mapping
from typing import Any

from providers.operations import Operation, OperationField

type Values = Mapping[str, Any]


def changed(operation: Operation, values: Values, shown: Values) -> dict[str, object]:
    """Of ``values`` those that say something else than ``shown``, by field name."""
    return {
        declared.name: values[declared.name]
        for declared in operation.fields
        if not declared.locked
        and declared.name in values
        and plain(declared, values[declared.name]) != plain(declared, shown.get(declared.name))
    }


def overtaken(operation: Operation, values: Values, shown: Values, now: Values) -> list[OperationField]:
    """Fields that somebody changed, and that say something else now than the form showed: a person has to choose."""
    mine = changed(operation, values, shown)
    return [
        declared
        for declared in operation.fields
        if declared.name in mine
        and plain(declared, now.get(declared.name)) != plain(declared, shown.get(declared.name))
        and plain(declared, now.get(declared.name)) != plain(declared, values[declared.name])
    ]


def plain(declared: OperationField, value: Any) -> object:
    """As it can be compared, whether it comes from a form, from JSON, or from a provider."""
    match declared.kind:
        case "bool":
            return value in (True, "true", "True", "on")
        case "tickets" | "races" | "serials" | "results":
            return sorted(str(each) for each in value) if isinstance(value, list) else []
        case "contacts":
            people = value if isinstance(value, list) else []
            return [sorted((name, part) for name, part in each.items() if part) for each in people]
    return "" if value is None else "\n".join(str(value).strip().splitlines())
