"""One reader for each of TickeTing's ways to write a date; they differ from field to field."""

from datetime import UTC, date, datetime, tzinfo

from providers.errors import BadRecord
from providers.parsing import day, text

_NEVER = 9000  # a year beyond this stands for "open"


def event_time(value: object, zone: tzinfo, field: str = "start") -> datetime | None:
    """``event.start`` and ``end``: as the host wrote it. Without a zone it is local, never UTC."""
    written = text(value, field)
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written.upper())
        if at.year >= _NEVER:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRecord(f"{field} is not a date and time") from None


def sales_time(value: object, zone: tzinfo, field: str = "salesEnd") -> datetime | None:
    """``section.salesStart``, ``salesEnd`` and ``price.expires``: read form not documented, so either way."""
    return event_time(value, zone, field)


def stamp(value: object, field: str = "issued") -> datetime | None:
    """``ticket.issued``, ``admission.admitted``: with an offset, always."""
    return event_time(value, UTC, field)


def session_started(value: object) -> str:
    """``session.started``: a blank in the middle and no zone, so it is only fit to be shown."""
    return text(value, "started")


def birth_date(value: object) -> date | None:
    return day(value, "dateOfBirth")


def since(at: datetime) -> str:
    """As ``modified_since`` is written."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
