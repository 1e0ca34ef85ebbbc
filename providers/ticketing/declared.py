"""What the portal may ask for, offer and not offer at TickeTing."""

from providers.operations import Operation, OperationField, Operations, Verb
from providers.port import Cadence, Capabilities, ConnectionField, Resource
from providers.records import Kind

BASE_URL = "https://api.ticketingevents.com/v3"
QA_BASE_URL = "https://qa.ticketingevents.com/v3"
HOSTS = frozenset({"api.ticketingevents.com", "qa.ticketingevents.com"})
CLIENT_VERSION = "3.0.0"
USUAL_PACE = 4.0
USUAL_SIZE, LARGEST_SIZE = 200, 1000
MOST_SERIALS = 1000

CONNECTION_FIELDS = (
    ConnectionField(
        name="api_key",
        label="Integration key",
        secret=True,
        help="From TickeTing. QA has keys of its own; there the base URL is https://qa.ticketingevents.com/v3.",
    ),
    ConnectionField(
        name="username",
        label="Account",
        required=False,
        help="Username or e-mail address of an account that administers your host. Leave it out if the key is an "
        "administrator's.",
    ),
    ConnectionField(
        name="password",
        label="Password of the account",
        secret=True,
        required=False,
        help="Only together with the account. Every visit signs in and out again.",
    ),
    ConnectionField(
        name="host_id",
        label="Host ID",
        required=False,
        pattern="[0-9]*",
        help="The number at the end of your host's address. Without it, every event the key sees is taken for yours.",
    ),
    ConnectionField(
        name="currency",
        label="Currency",
        default="GBP",
        pattern="[A-Z]{3}",
        help="TickeTing sends amounts without a currency. Three letters, such as GBP.",
    ),
    ConnectionField(
        name="time_zone",
        label="Time zone",
        default="Europe/London",
        help="TickeTing writes start times without a zone. The name of yours, such as Europe/London.",
    ),
    ConnectionField(
        name="client_version",
        label="Client version",
        required=False,
        default=CLIENT_VERSION,
        pattern=r"[0-9]+\.[0-9]+\.[0-9]+",
        advanced=True,
        help="The version of TickeTing's interface that we say we speak. Raise it when TickeTing asks for an upgrade.",
    ),
    ConnectionField(
        name="records",
        label="Rows a page",
        required=False,
        default=str(USUAL_SIZE),
        pattern="[0-9]{1,4}",
        advanced=True,
        help=f"How many to ask for at once, at most {LARGEST_SIZE}.",
    ),
    ConnectionField(
        name="pace",
        label="Requests a second",
        required=False,
        default="4",
        pattern=r"[0-9]{1,3}(\.[0-9]+)?",
        advanced=True,
        help="The most that is asked of TickeTing. It states no limit; 4 is polite. 0 means no limit of ours.",
    ),
)

RESOURCES = (
    Resource(key="events", label="Events and races", kind=Kind.EVENT, cadence=Cadence.SLOW),
    Resource(
        key="entries", label="Tickets", kind=Kind.ENTRY, cadence=Cadence.FAST, full_every_hours=24, looks_twice=True
    ),
    Resource(
        key="admissions",
        label="Admissions",
        kind=Kind.ADMISSION,
        cadence=Cadence.FAST,
        full_every_hours=24,
        of_each=Kind.EVENT,
        looks_twice=True,
    ),
    Resource(
        key="gate_tokens",
        label="Admission tokens",
        kind=Kind.GATE_TOKEN,
        cadence=Cadence.SLOW,
        of_each=Kind.EVENT,
        looks_twice=True,
    ),
)

CAPABILITIES = Capabilities(
    lists_entries=True,
    entry_fields=frozenset(
        {
            *("first_name", "last_name", "email", "birth_date", "phone"),
            *("address_1", "address_2", "city", "region", "country"),
        }
    ),
    cannot={
        "add_entry": "TickeTing sells tickets only through its own orders: sell there; here the ticket appears by "
        "itself.",
        "edit_entry": "TickeTing shows who holds a ticket but lets only the holder change it: what you correct here "
        "is kept here.",
        "withdraw_entry": "TickeTing cannot take a ticket back through its API: have the order refunded there.",
        "name_runners": "TickeTing knows who holds a ticket, not who runs: one holder may hold several. Ask for the "
        "runner's name here.",
        "questions": "TickeTing asks no entry questions and gives no bibs: collect both here.",
        "race_start": "TickeTing has no start time or distance for a section: the event's start is shown until you "
        "set the race's own here.",
        "partners": "TickeTing has no partners and no referral on a ticket: keep partners here, and give each a "
        "section of its own if places are held for it.",
        "reserved_places": "TickeTing reserves no places for partners: make a section for them there.",
        "add_event": "A new event needs a venue and a category of TickeTing's and its review: make it there.",
        "currency": "TickeTing names no currency: the one in this connection's settings is shown.",
    },
)

_RACES = OperationField(
    name="races",
    label="Races",
    kind="races",
    required=True,
    help="As few as the steward needs.",
)

GATE_OPERATIONS: Operations = {
    Verb.ISSUE_TOKEN: Operation(
        verb=Verb.ISSUE_TOKEN,
        label="Issue an admission token",
        fields=(_RACES,),
        consequence="Whoever has the code can see the names and contact details of everybody with a ticket for these "
        "races, and let them in. Give each steward a code of their own, never share one, and withdraw it after the "
        "race.",
    ),
    Verb.EDIT_TOKEN: Operation(
        verb=Verb.EDIT_TOKEN,
        label="Change what a token opens",
        fields=(_RACES,),
        consequence="From now on the code opens these races and no others, also on a device that is using it now.",
        repeatable=True,
    ),
    Verb.REVOKE_TOKEN: Operation(
        verb=Verb.REVOKE_TOKEN,
        label="Withdraw the token",
        consequence="The code stops working at once, also on a device that is using it now. It cannot be brought back.",
        repeatable=True,
    ),
    Verb.REDEEM: Operation(
        verb=Verb.REDEEM,
        label="Redeem tickets",
        fields=(
            OperationField(
                name="serials",
                label="Ticket serials",
                kind="serials",
                required=True,
                help="One a line, as on the ticket.",
            ),
            OperationField(name="steward", label="Steward", required=True, help="Who lets them in. Nobody checks it."),
            OperationField(name="device", label="Device", required=True, default="Portal"),
        ),
        consequence="Each ticket is used up: it cannot be redeemed a second time, and this cannot be undone.",
    ),
}
