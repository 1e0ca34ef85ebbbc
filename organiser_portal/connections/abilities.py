"""What a provider can and cannot do, in a line each, from its own declaration."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers.port import Capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """One thing an organiser may want of a provider. ``sentence`` says why not, and what happens instead."""

    verb: str
    label: str
    offered: bool
    sentence: str = ""


ABILITIES: Mapping[str, tuple[str, str]] = {
    "list_entries": ("lists_entries", "See all entries"),
    "add_entry": ("add_entry", "Add an entry"),
    "edit_entry": ("edit_entry", "Edit an entry"),
    "look_up_entry": ("look_up_entry", "Look an entry up again"),
    "map_fields": ("maps_person_fields", "Say which question holds which field"),
}
# Verbs in which providers say what they cannot do; one that is not here is shown as words.
FURTHER: Mapping[str, str] = {
    "withdraw_entry": "Withdraw or delete an entry",
    "move_entry": "Move an entry to another race",
    "add_team_entry": "Add a team",
    "edit_event": "Change events and races",
    "edit_club": "Send club, nationality and medical notes",
    "hold_fields": "Hold every detail of a person",
    "read_back_contact": "Compare contact details",
    "decide_application": "Decide an application",
    "list_races": "List every race",
    "push_results": "Tell the portal when something changes",
    "say_what_changed": "Say what has changed",
}


def abilities(capabilities: Capabilities) -> list[Ability]:
    """First what it offers or not, then every further thing it says it cannot do."""
    named = [
        Ability(
            verb=verb,
            label=label,
            offered=bool(getattr(capabilities, flag)),
            sentence=capabilities.cannot.get(verb, ""),
        )
        for verb, (flag, label) in ABILITIES.items()
    ]
    known = [each for each in named if each.offered or each.sentence]
    further = [
        Ability(verb=verb, label=label_of(verb), offered=False, sentence=sentence)
        for verb, sentence in capabilities.cannot.items()
        if verb not in ABILITIES
    ]
    return [*known, *further]


def label_of(verb: str) -> str:
    """A verb in words: those that nobody has named are shown as they are written."""
    if verb in ABILITIES:
        return ABILITIES[verb][1]
    return FURTHER.get(verb, verb.replace("_", " ").capitalize())
