"""What the commands ``sync`` and ``push`` share: which connections are meant, and figures as plain lines."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError

from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation


def organisation_named(slug: str) -> Organisation:
    """Raises CommandError."""
    try:
        return Organisation.objects.get(slug=slug)
    except Organisation.DoesNotExist:
        raise CommandError(f"There is no organisation {slug!r}.") from None


def connections_meant(organisation: Organisation, options: dict[str, Any]) -> list[Connection]:
    """By ``provider`` and ``connection``, where they are given. Raises CommandError when there is none."""
    rows = Connection.objects.of(organisation).select_related("organisation")
    if options.get("provider"):
        rows = rows.filter(provider=options["provider"])
    if options.get("connection"):
        rows = rows.filter(pk=options["connection"])
    found = list(rows)
    if not found:
        raise CommandError(f"{organisation.name} has no such connection.")
    return found


def columns(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A table in plain text: the first three columns to the left, figures to the right."""
    cells = [list(heading), *([f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heading))]
    return [
        "  ".join(_placed(cell, place, width) for place, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in cells
    ]


def _placed(cell: str, place: int, width: int) -> str:
    return cell.ljust(width) if place < 3 else cell.rjust(width)
