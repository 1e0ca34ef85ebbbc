"""What TickeTing says of an event beside its races: where, of which kind, in which state, until when."""

from datetime import datetime, tzinfo

import msgspec

from providers.parsing import flag, lenient, text
from providers.ticketing import dates
from providers.ticketing.payloads import EventPayload, NamedPayload, links, one

DRAFT = "draft"
IN_REVIEW = "review"  # the word for an event that waits for its review is not documented; it holds this one


def is_draft(sent: EventPayload) -> bool:
    """Whether the public cannot see it yet."""
    state = lenient(text, sent.status, "").lower()
    return state == DRAFT or IN_REVIEW in state


def event_facts(sent: EventPayload, zone: tzinfo) -> tuple[tuple[str, str], ...]:
    """Those that say something, as (name, value)."""
    venue = one(sent.venue, NamedPayload) or NamedPayload()
    region = one(venue.region, NamedPayload) or NamedPayload()
    host = one(sent.host, NamedPayload) or NamedPayload()
    found = (
        ("State", lenient(text, sent.status, "")),
        ("Shown to the public", _yes_or_no(lenient(flag, sent.public, None))),
        ("Venue", _joined(", ", venue.name, venue.address)),
        ("Region", _joined(", ", region.name, region.city, region.country)),
        ("Category", _joined(": ", _name(sent.category), sent.subcategory)),
        ("Until", _until(lenient(lambda each: dates.event_time(each, zone), sent.end, None), zone)),
        ("Host", lenient(text, host.name, "")),
        ("Tags", _joined(", ", *links(sent.tags))),
        ("Disclaimer", lenient(text, sent.disclaimer, "")),
    )
    return tuple((name, value) for name, value in found if value)


def _yes_or_no(told: bool | None) -> str:
    return "" if told is None else "yes" if told else "no"


def _name(raw: msgspec.Raw) -> str:
    named = one(raw, NamedPayload)
    return lenient(text, named.name, "") if named else ""


def _joined(between: str, *values: object) -> str:
    parts = (lenient(text, each, "") for each in values)
    return between.join(dict.fromkeys(part for part in parts if part))


def _until(at: datetime | None, zone: tzinfo) -> str:
    local = at.astimezone(zone) if at else None
    return f"{local.day} {local:%B %Y, %H:%M}" if local else ""
