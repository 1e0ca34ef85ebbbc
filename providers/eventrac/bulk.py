"""Which answer of the bulk add belongs to which of the entries sent.

A saved item need not repeat the reference it was sent under, and nobody promises an order. Three steps settle an
item: its reference; who it is, where it can be no other of those sent; asking for it by reference. Its place in the
list never does, and what none of the three settles is never called saved.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec

from providers.errors import BadRecord, ProviderError
from providers.eventrac.envelope import inside, members
from providers.eventrac.mapping import identifier, person, read
from providers.eventrac.payloads import ParticipantPayload
from providers.eventrac.refusals import field_errors, placed, refused
from providers.parsing import lenient, text
from providers.port import Change, Receipt
from providers.records import Person
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
    pairs = _by_reference(changes, answered)
    if len(answered) == len(changes):
        pairs |= _by_person(changes, answered, pairs)
    settled = {mine: _outcome(changes[mine], answered[theirs], reply) for mine, theirs in pairs.items()}
    return {index: outcome for index, outcome in settled.items() if outcome is not None}


def lone_objection(answered: Sequence[Item]) -> Item | None:
    """The refusal that names nobody, if there is but one: it is about whoever turns out to be missing."""
    nameless = [each for each in answered if each[0].errors and not _reference(each[0])]
    return nameless[0] if len(nameless) == 1 else None


def _by_reference(changes: Sequence[Change], answered: Sequence[Item]) -> dict[int, int]:
    theirs = {_reference(item): index for index, (item, _) in reversed(list(enumerate(answered)))}
    theirs.pop("", None)
    return {mine: theirs[each.reference] for mine, each in enumerate(changes) if each.reference in theirs}


def _reference(item: ParticipantPayload) -> str:
    return lenient(text, item.external_reference, "")


def _by_person(changes: Sequence[Change], answered: Sequence[Item], taken: Mapping[int, int]) -> dict[int, int]:
    """Items that can be but one of the changes left, until no more are found; one fewer left settles the next."""
    left = [index for index in range(len(changes)) if index not in taken]
    items = {i: (item, person(item)) for i, (item, _) in enumerate(answered) if not _reference(item)}
    could = {i: {mine for mine in left if _agrees(*items[i], changes[mine])} for i in items}
    found: dict[int, int] = {}
    while sure := _sure(could):
        found |= sure
        could = {i: mine - sure.keys() for i, mine in could.items() if i not in sure.values()}
    return found


def _sure(could: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Change → item, where the item can be no other and no other item claims to be it."""
    claims = [(next(iter(mine)), i) for i, mine in could.items() if len(mine) == 1]
    claimed = Counter(mine for mine, _ in claims)
    return {mine: i for mine, i in claims if claimed[mine] == 1}


def _agrees(item: ParticipantPayload, theirs: Person, change: Change) -> bool:
    """The race must be the same; names and date of birth too, where both sides give one."""
    ours = change.person
    pairs = ((theirs.first_name, ours.first_name), (theirs.last_name, ours.last_name))
    if any(one and other and one.casefold() != other.casefold() for one, other in pairs):
        return False
    if lenient(text, item.race_id, "") != change.race_id:
        return False
    return not (theirs.birth_date and ours.birth_date) or theirs.birth_date == ours.birth_date


def _outcome(change: Change, answered: Item, reply: Reply) -> Settled | None:
    """An item with errors is a failure whatever the flag above says; one without an id settles nothing."""
    item, raw = answered
    if item.errors:
        return refusal(change, item, reply)
    external_id = lenient(identifier, item.id, "")
    if not external_id:
        return None
    return Receipt(
        reference=change.reference,
        external_id=external_id,
        race_id=lenient(text, item.race_id, "") or change.race_id,
        payload=raw,
    )


def refusal(change: Change, item: ParticipantPayload, reply: Reply) -> ProviderError:
    """What eventrac has against this entry."""
    return placed(refused(reply, field_errors(item.errors)), change)
