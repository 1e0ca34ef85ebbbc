"""Which answer of the bulk add belongs to which of the entries sent.

A saved item need not repeat the reference it was sent under. Three steps settle an item, in this order: its
reference; its place, where every reference that came back sits at its own and the race and names agree; asking
for it by reference. What none of the three settles is never called saved.
"""

from collections.abc import Sequence

import msgspec

from providers.errors import BadRecord, ProviderError
from providers.eventrac.envelope import inside, members
from providers.eventrac.mapping import person, read
from providers.eventrac.payloads import ParticipantPayload
from providers.eventrac.refusals import field_errors, placed, refused
from providers.parsing import identifier, lenient, text
from providers.port import Change, Receipt
from providers.replies import Reply

type Item = tuple[ParticipantPayload, bytes]
type Settled = Receipt | ProviderError


def items(body: bytes) -> list[Item] | None:
    """The answer's items, one per entry sent, whatever wraps them; None if this is no bulk answer."""
    raw = (members(inside(body)) or {}).get("participants")
    if raw is None:
        return None
    try:
        return [_item(bytes(each)) for each in msgspec.json.decode(raw, type=list[msgspec.Raw])]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _item(raw: bytes) -> Item:
    try:
        return read(raw, ParticipantPayload), raw
    except BadRecord:
        return ParticipantPayload(), raw


def match(changes: Sequence[Change], answered: Sequence[Item], reply: Reply) -> dict[int, Settled]:
    """Steps one and two: the outcome by index of the change, for those that the answer alone settles."""
    places = _by_reference(changes, answered)
    in_order = len(answered) == len(changes) and all(mine == theirs for mine, theirs in places.items())
    if in_order:
        for index, (item, _) in enumerate(answered):
            if not _reference(item) and _agrees(item, changes[index]):
                places[index] = index
    settled = {mine: _outcome(changes[mine], answered[theirs], reply) for mine, theirs in places.items()}
    return {index: outcome for index, outcome in settled.items() if outcome is not None}


def objection_at(index: int, changes: Sequence[Change], answered: Sequence[Item], reply: Reply) -> ProviderError | None:
    """The refusal that stands in an item's place, nameless: good enough for a no, never for a yes."""
    if len(answered) != len(changes):
        return None
    item, _ = answered[index]
    return _refusal(changes[index], item, reply) if item.errors and not _reference(item) else None


def _by_reference(changes: Sequence[Change], answered: Sequence[Item]) -> dict[int, int]:
    theirs = {_reference(item): index for index, (item, _) in reversed(list(enumerate(answered)))}
    theirs.pop("", None)
    return {mine: theirs[each.reference] for mine, each in enumerate(changes) if each.reference in theirs}


def _reference(item: ParticipantPayload) -> str:
    return lenient(text, item.external_reference, "")


def _agrees(item: ParticipantPayload, change: Change) -> bool:
    """The race must be the same; the names too, where both sides give one."""
    if lenient(text, item.race_id, "") != change.race_id:
        return False
    theirs, ours = person(item), change.person
    pairs = ((theirs.first_name, ours.first_name), (theirs.last_name, ours.last_name))
    return all(not (one and other) or one.casefold() == other.casefold() for one, other in pairs)


def _outcome(change: Change, answered: Item, reply: Reply) -> Settled | None:
    """An item with errors is a failure whatever the flag above says; one without an id settles nothing."""
    item, raw = answered
    if item.errors:
        return _refusal(change, item, reply)
    external_id = lenient(identifier, item.id, "")
    if not external_id:
        return None
    return Receipt(
        reference=change.reference,
        external_id=external_id,
        race_id=lenient(text, item.race_id, "") or change.race_id,
        payload=raw,
    )


def _refusal(change: Change, item: ParticipantPayload, reply: Reply) -> ProviderError:
    return placed(refused(reply, field_errors(item.errors)), change)
