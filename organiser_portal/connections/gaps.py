"""What a provider cannot do, and what the portal does instead. Pure: a declaration in, rows of a table out.

Why it cannot is the provider's own sentence. What happens instead is our business and is said here, by capability: no
provider has a word in it, and one that is added tomorrow gets the same sentences.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from organiser_portal.connections.abilities import ABILITIES, label_of
from providers.operations import Operations, Verb
from providers.port import Capabilities, Resource
from providers.records import PERSON_FIELDS, Kind

BY_HAND = "Whoever does it there by hand sees it here after the next sync."
DELETED = "Delete it there: the next walk over the whole list marks it as gone here."
AS_TOLD = "The portal goes by what it does tell."
ACTIONS = frozenset(
    {"add", "change", "create", "decide", "edit", "end", "give", "issue", "move", "pause", "send", "set"}
)
FROM_OTHERS = "Entries come from your other connections."
# Capability → what the portal does without it.
INSTEAD: Mapping[str, str] = {
    "move_entry": "Take it out there, and add it to the other race.",
    "add_team_entry": "Teams are entered there. Team races are shown here and not offered when adding.",
    "hold_fields": "What staff enter here is kept here, and is in lists, exports and start lists.",
    "edit_club": "What staff enter here is kept here, and is in lists, exports and start lists.",
    "read_back_contact": "What was sent is kept here and shown as sent.",
    "list_races": "Events and races are taken from what its other records mention.",
    "name_runners": "A runner's name that staff enter here stands over the holder's.",
    "questions": "What staff note here is kept here.",
    "race_start": "The event's own start is shown.",
    "currency": "Amounts are shown in the currency of this connection's settings.",
    "list_invited": "Places count as used when they are claimed.",
    "partners": "Partners come from your other connections.",
    "reserved_places": "Reserved places come from your other connections.",
    "edit_bank_details": "They never pass through the portal.",
    "tell_payments": "What is due is worked out from approved results.",
}
# What one would expect to do with the records of a listing.
EXPECTED: Mapping[Kind, tuple[Verb, ...]] = {
    Kind.PARTNER: (Verb.CREATE_PARTNER, Verb.EDIT_PARTNER),
    Kind.RESERVED_GROUP: (Verb.CREATE_GROUP, Verb.EDIT_GROUP, Verb.DELETE_GROUP, Verb.SEND_CLAIM_LINK),
    Kind.CAMPAIGN: (Verb.ENSURE_LINK, Verb.SET_CAP, Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN),
    Kind.GATE_TOKEN: (Verb.ISSUE_TOKEN, Verb.EDIT_TOKEN, Verb.REVOKE_TOKEN),
    Kind.ADMISSION: (Verb.REDEEM,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """``why`` is the provider's sentence, "" where it has none; ``instead`` is the portal's."""

    verb: str
    label: str
    why: str
    instead: str


def gaps(capabilities: Capabilities, resources: Sequence[Resource], operations: Operations, *, asks: str) -> list[Gap]:
    """Everything that cannot be done there. ``asks``: how often it is asked, as "every 4 h".

    First what concerns every entry, then what it says itself, then what follows from its listings.
    """
    cannot = capabilities.cannot
    found: dict[str, Gap] = {}

    def add(verb: str, instead: str) -> None:
        found.setdefault(verb, Gap(verb=verb, label=label_of(verb), why=cannot.get(verb, ""), instead=instead))

    for verb, instead in _of_entries(capabilities):
        add(verb, instead)
    for verb in cannot:
        if verb != "push_results":
            add(verb, INSTEAD.get(verb) or _of_its_kind(verb))
    missing = [name for name in PERSON_FIELDS if name not in capabilities.entry_fields]
    if missing and _has_entries(capabilities) and "edit_club" not in cannot:
        add("hold_fields", f"{INSTEAD['hold_fields']} It concerns {_listed(map(_words, missing))}.")
    for each in _not_offered(resources, operations):
        add(each.value, _of_its_kind(each.value))
    whole = [each.label for each in resources if each.full_every_hours is None]
    if whole:
        add("say_what_changed", f"Read whole every time, and compared record by record: {_listed(map(_lower, whole))}.")
    add("push_results", f"It is asked {asks}, and whenever somebody presses “Sync now”.")
    return list(found.values())


def _has_entries(capabilities: Capabilities) -> bool:
    return capabilities.lists_entries or capabilities.add_entry


def _of_entries(able: Capabilities) -> Iterator[tuple[str, str]]:
    """Verb and instead for each of the things one does with entries."""
    if not _has_entries(able):
        yield from ((verb, FROM_OTHERS) for verb in ABILITIES if verb in able.cannot)
        return
    if not able.lists_entries:
        yield "list_entries", "Entries sent from here are shown, and beside them how many it counts itself."
    if not able.add_entry:
        yield "add_entry", "Whoever enters there appears here after the next sync."
    if not able.edit_entry:
        yield "edit_entry", "A change is kept here as a correction, and used in lists, exports and start lists."
    if able.add_entry and not able.look_up_entry:
        yield "look_up_entry", "An entry whose answer was lost is handed to a person, and never sent twice."
    gone = "the next walk over the whole list marks it as gone here" if able.lists_entries else "mark it here as well"
    yield "withdraw_entry", f"Take it out there; {gone}."


def _not_offered(resources: Iterable[Resource], operations: Operations) -> list[Verb]:
    listed = {each.kind for each in resources}
    return [verb for kind, verbs in EXPECTED.items() if kind in listed for verb in verbs if verb not in operations]


def _of_its_kind(verb: str) -> str:
    """For a verb that nobody has thought of: by the word it begins with."""
    action = verb.partition("_")[0]
    if action == "delete":
        return DELETED
    return BY_HAND if action in ACTIONS else AS_TOLD


def _words(name: str) -> str:
    return name.replace("_", " ")


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
