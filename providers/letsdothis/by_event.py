"""The listings that come event by event, each whole in one answer: tickets and groups.

An event's list that is empty although it was not before is believed when it is empty again: until then nothing is gone.
An event that is not there, or not ours, lists nothing; where none is there, it may be the address that is wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import msgspec

from providers.port import Page

type Read = Callable[[str], Page | None]
"""All that one event lists; None: it is not ours, or not there."""


def walk_by_event(event_ids: Sequence[str], read: Read, cursor: str, nothing: Callable[[], Page]) -> Iterator[Page]:
    """One page an event. The cursor remembers those that listed something; ``nothing`` is a page that only cost."""
    had, missed, doubted, answered = _recall(cursor), False, False, False
    has: list[str] = []
    for event_id in event_ids:
        page = read(event_id)
        answered = answered or page is not None
        missed = missed or (bool(page.rejected) if page else not cursor)  # without one nobody knows what it had
        if page is not None and (page.items or page.rejected):
            has.append(event_id)
        else:
            doubted = doubted or event_id in had
        last = event_id == event_ids[-1]
        yield replace(
            page or nothing(),
            last=last,
            complete=last and answered and not missed and not doubted,
            short=last and doubted,
            cursor=msgspec.json.encode(has).decode() if last else cursor,
        )
    if not event_ids:
        yield Page(last=True, cursor=cursor)


def _recall(cursor: str) -> frozenset[str]:
    try:
        return frozenset(msgspec.json.decode(cursor or "[]", type=list[str]))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return frozenset()
