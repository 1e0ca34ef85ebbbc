"""What can be done to many entries. Each is an ordinary edit of each entry, with the rules of an ordinary edit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from organiser_portal.participants import tags
from organiser_portal.participants.models import Entry
from providers.records import EntryStatus

MOST_CHOSEN = 300
"""Ticked one by one: so many numbers an address holds on every server."""
PAYMENTS = {"paid": "Paid", "unpaid": "Unpaid"}
STATUSES = {each.value: each.value.capitalize() for each in EntryStatus}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """``change`` gives the columns to set, of the portal's own, for what was typed. ``typed``: how to ask for it.

    ``empties``: typing nothing means something. ``again``: nothing is set; what was refused is sent once more.
    ``holds``: the columns whose values are shown beforehand, ours before the provider's. ``known``: those whose values
    are proposed while one types. ``same``: which entries are so already. ``decided_there``: where a provider tells of
    an entry, the value is the provider's to say. ``private``: what is typed may be about somebody, and is forgotten
    when the batch is over.
    """

    key: str
    button: str
    icon: str
    typed: str = ""
    choices: Mapping[str, str] | None = None
    longest: int = 100
    empties: str = ""
    does: Callable[[str], str]
    change: Callable[[Entry, str], dict[str, str]] = lambda _entry, _value: {}
    again: bool = False
    holds: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    same: Callable[[str], Q] | None = None
    decided_there: bool = False
    private: bool = False


def _noted(entry: Entry, value: str) -> dict[str, str]:
    """A note is added below what stands there, once."""
    lines = entry.notes.splitlines()
    return {"notes": entry.notes if value in lines else "\n".join([*lines, value])}


ACTIONS = {
    action.key: action
    for action in (
        Action(
            key="wave",
            button="Set wave",
            icon="timeline",
            typed="Wave",
            empties="Empty gives the provider's wave back.",
            does=lambda value: f"Set wave to {value}" if value else "Take our wave away",
            change=lambda _entry, value: {"wave": value},
            holds=("wave", "provider_wave"),
            known=("wave", "provider_wave"),
            same=lambda value: Q(wave=value),
        ),
        Action(
            key="status",
            button="Set status",
            icon="circle-check",
            typed="Status",
            choices=STATUSES,
            does=lambda value: f"Set status to {STATUSES.get(value, value).lower()}",
            change=lambda _entry, value: {"status": value},
            holds=("status",),
            same=lambda value: Q(status=value),
            decided_there=True,
        ),
        Action(
            key="partner",
            button="Set partner",
            icon="users-group",
            typed="Partner",
            longest=300,
            empties="Empty gives the provider's partner back.",
            does=lambda value: f"Set partner to {value}" if value else "Take our partner away",
            change=lambda _entry, value: {"own_partner": value},
            holds=("own_partner", "partner_name", "partner_group"),
            known=("own_partner", "partner_name"),
            same=lambda value: Q(own_partner=value),
        ),
        Action(
            key="payment",
            button="Set payment",
            icon="cash",
            typed="Payment",
            choices=PAYMENTS,
            does=lambda value: f"Set payment to {PAYMENTS.get(value, value).lower()}",
            change=lambda entry, value: {"own_tags": tags.with_paid(entry.own_tags, value == "paid")},
            same=lambda value: tags.IS_PAID if value == "paid" else ~tags.IS_PAID,
        ),
        Action(
            key="tag",
            button="Add tag",
            icon="tag",
            typed="Tag",
            longest=tags.LONGEST,
            does=lambda value: f"Add the tag “{tags.clean(value)}”",
            change=lambda entry, value: {"own_tags": tags.with_tag(entry.own_tags, value)},
            same=lambda value: Q(own_tags__contains=tags.wanted(value)),
        ),
        Action(
            key="untag",
            button="Remove tag",
            icon="tag-off",
            typed="Tag",
            longest=tags.LONGEST,
            does=lambda value: f"Remove the tag “{tags.clean(value)}”",
            change=lambda entry, value: {"own_tags": tags.without_tag(entry.own_tags, value)},
            same=lambda value: ~Q(own_tags__contains=tags.wanted(value)),
        ),
        Action(
            key="note",
            button="Add note",
            icon="notes",
            typed="Note, added below what is there",
            longest=500,
            does=lambda _value: "Add the note",
            change=_noted,
            private=True,
        ),
        Action(
            key="push",
            button="Send again",
            icon="send",
            does=lambda _value: "Send again what was refused or needs a person",
            again=True,
        ),
    )
}
