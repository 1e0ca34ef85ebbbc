"""What is promised of Let's Do This: its listings, in the order of a cycle, and a sentence for what it cannot do."""

from collections.abc import Mapping

from providers.port import Cadence, Capabilities, Resource
from providers.records import Kind

LABEL = "Let's Do This"
FULL_EVERY_HOURS = 24

RESOURCES = (
    Resource(
        key="partners",
        label="Partners",
        kind=Kind.PARTNER,
        cadence=Cadence.SLOW,
        full_every_hours=FULL_EVERY_HOURS,
    ),
    Resource(
        key="applications",
        label="Applications",
        kind=Kind.APPLICATION,
        cadence=Cadence.FAST,
        full_every_hours=FULL_EVERY_HOURS,
    ),
    Resource(
        key="entries",
        label="Entries",
        kind=Kind.ENTRY,
        cadence=Cadence.FAST,
        full_every_hours=FULL_EVERY_HOURS,
    ),
    Resource(key="tickets", label="Tickets", kind=Kind.TICKET_TYPE, cadence=Cadence.SLOW, of_each=Kind.EVENT),
    Resource(
        key="reserved_groups",
        label="Reserved places",
        kind=Kind.RESERVED_GROUP,
        cadence=Cadence.SLOW,
        of_each=Kind.EVENT,
    ),
)

CANNOT: Mapping[str, str] = {
    "add_entry": "Let's Do This does not take entries through its API; people enter there, or by a claim link.",
    "edit_entry": "Let's Do This does not accept edits through its API; your change is kept here and used in lists, "
    "exports and start lists.",
    "withdraw_entry": "Let's Do This does not take withdrawals, transfers or deferrals through its API; make them at "
    "Let's Do This, and the next sync shows them here.",
    "decide_application": "Let's Do This decides applications itself; they are shown here as they stand.",
    "list_races": "Let's Do This does not list events or races; they are found through the people in them, so one "
    "that nobody has entered is seen only if you add its event id to the connection. Capacity and closing date are "
    "not told.",
    "delete_partner": "Let's Do This does not delete partners through its API; do it there, and the next whole sync "
    "marks the partner as gone here.",
    "edit_partner_contacts": "Let's Do This takes a partner's type and contacts only when the partner is made; change "
    "them at Let's Do This, and the next sync shows them here.",
    "list_invited": "Let's Do This does not tell who was invited to reserved places; only the places that have been "
    "claimed are seen.",
}
CAPABILITIES = Capabilities(lists_entries=True, maps_person_fields=True, cannot=CANNOT)
