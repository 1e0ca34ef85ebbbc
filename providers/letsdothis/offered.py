"""What can be done at Let's Do This besides reading: the forms of it. Field names are ours, here and in ``bodies``."""

from collections.abc import Mapping
from dataclasses import replace

from providers.operations import Operation, OperationField, Operations, Verb

NAME_RULE = r"\S.+"
# Our field → their kind of external id.
EXTERNAL_IDS: Mapping[str, str] = {
    "enthuse": "enthuse",
    "just_giving": "justGiving",
    "london_marathon": "londonMarathon",
}
PARTNER_TYPES = (
    ("CHARITY", "Charity"),
    ("CORPORATE", "Corporate"),
    ("FRIENDS_AND_FAMILY", "Friends and family"),
    ("MERCH_PARTNER", "Merchandise partner"),
    ("SPONSOR", "Sponsor"),
)
GROUP_TYPES = (
    ("SINGLE_USE", "One link per person: tied to one e-mail address, used once"),
    ("MULTI_USE", "One link for all: whoever has it can use it"),
)
LOCKED_AT_PARTNER = "Let's Do This takes this only when the partner is made. Change it at Let's Do This."
LOCKED_AT_GROUP = "Let's Do This takes this only when the places are made. Remove the group and make another."

_NAME = OperationField(
    name="name", label="Name", required=True, pattern=NAME_RULE, help="At least two characters, on one line."
)
_DESCRIPTION = OperationField(name="description", label="Description", kind="long")
_KIND = OperationField(name="kind", label="Type", kind="choice", choices=PARTNER_TYPES)
_CONTACTS = OperationField(
    name="contacts",
    label="Contacts",
    kind="contacts",
    required=True,
    help="At least one, with an e-mail address. They cannot be changed from here afterwards.",
)
_PARTNER_FIELDS = (
    OperationField(name="enthuse", label="Enthuse id"),
    OperationField(name="just_giving", label="JustGiving id"),
    OperationField(name="london_marathon", label="London Marathon id"),
    OperationField(name="headline", label="Headline", help="What entrants read about this partner."),
    OperationField(name="website", label="Website"),
    OperationField(
        name="event_marketing",
        label="Headlines for single events",
        kind="long",
        help="One line for each event: event id | headline | website.",
    ),
    OperationField(name="sub_partners", label="May make partners of its own", kind="bool"),
)
_CAPACITY = OperationField(name="capacity", label="Places", kind="whole", required=True, at_least=0)
_TICKETS = OperationField(name="tickets", label="Tickets they can be used for", kind="tickets", required=True)
_GROUP_KIND = OperationField(
    name="kind", label="Links", kind="choice", choices=GROUP_TYPES, default="SINGLE_USE", required=True
)
_GROUP_PARTNER = OperationField(
    name="partner", label="Partner", kind="partner", help="Without one, only you give these places out."
)

OPERATIONS: Operations = {
    Verb.CREATE_PARTNER: Operation(
        verb=Verb.CREATE_PARTNER,
        label="Add partner",
        fields=(_NAME, _KIND, _CONTACTS, _DESCRIPTION, *_PARTNER_FIELDS),
        consequence="The partner is made at Let's Do This. It cannot be deleted from here.",
    ),
    Verb.EDIT_PARTNER: Operation(
        verb=Verb.EDIT_PARTNER,
        label="Edit partner",
        fields=(
            _NAME,
            replace(_KIND, locked=LOCKED_AT_PARTNER),
            replace(_CONTACTS, required=False, help="", locked=LOCKED_AT_PARTNER),
            _DESCRIPTION,
            *_PARTNER_FIELDS,
        ),
        repeatable=True,
    ),
    Verb.CREATE_GROUP: Operation(
        verb=Verb.CREATE_GROUP,
        label="Give places",
        fields=(_NAME, _GROUP_PARTNER, _CAPACITY, _TICKETS, _GROUP_KIND, _DESCRIPTION),
        consequence="The places are set aside at Let's Do This at once. Nobody is told until you send a claim link.",
    ),
    Verb.EDIT_GROUP: Operation(
        verb=Verb.EDIT_GROUP,
        label="Change places",
        fields=(
            _NAME,
            _CAPACITY,
            _TICKETS,
            _DESCRIPTION,
            replace(_GROUP_KIND, required=False, locked=LOCKED_AT_GROUP),
            replace(_GROUP_PARTNER, help="", locked=LOCKED_AT_GROUP),
            OperationField(
                name="force",
                label="Fewer places than are used",
                kind="bool",
                help="Needed only to go below the places already claimed. Let's Do This may refuse it.",
            ),
        ),
        repeatable=True,
    ),
    Verb.DELETE_GROUP: Operation(
        verb=Verb.DELETE_GROUP,
        label="Remove places",
        fields=(
            OperationField(
                name="force",
                label="Remove although places are used",
                kind="bool",
                help="The people who claimed them keep their entries, as far as Let's Do This allows.",
            ),
        ),
        consequence="Links to these places stop working.",
        repeatable=True,
    ),
    Verb.SEND_CLAIM_LINK: Operation(
        verb=Verb.SEND_CLAIM_LINK,
        label="Send claim link",
        fields=(
            OperationField(
                name="email",
                label="Send to",
                kind="email",
                help="Exactly as the person uses it, capitals included.",
            ),
            OperationField(
                name="group",
                label="Places",
                kind="group",
                help="The link opens the page where these are given out; without a choice, the partner's own page.",
            ),
        ),
        consequence="Let's Do This sends one e-mail at once. It cannot be called back.",
    ),
}
