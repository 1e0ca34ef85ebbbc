"""What can be changed about an event and its sections, and giving a ticket away."""

from providers.operations import Operation, OperationField, Operations, Verb

MOST_TICKETS = 20
KEPT = "What is left empty stays as it is."
_RACE = OperationField(name="race", label="Race", kind="race", required=True)
_PUBLIC = OperationField(
    name="public", label="Shown to the public", kind="choice", choices=(("yes", "Yes"), ("no", "No"))
)


def _section(*, required: bool) -> tuple[OperationField, ...]:
    return (
        OperationField(name="name", label="Name", required=required),
        OperationField(name="description", label="Description", kind="long"),
        OperationField(
            name="price",
            label="Price",
            kind="decimal",
            required=required,
            at_least=0,
            help="In your currency; 0 is free.",
        ),
        OperationField(name="capacity", label="Places", kind="whole", required=required, at_least=0),
        OperationField(name="sales_start", label="On sale from", kind="moment", required=required),
        OperationField(name="sales_end", label="On sale until", kind="moment", required=required),
    )


EVENT_OPERATIONS: Operations = {
    Verb.EDIT_EVENT: Operation(
        verb=Verb.EDIT_EVENT,
        label="Change the event",
        fields=(
            OperationField(name="title", label="Title", help="No other event at TickeTing may have it."),
            OperationField(name="description", label="Description", kind="long"),
            OperationField(name="start", label="Starts", kind="moment"),
            OperationField(name="end", label="Ends", kind="moment"),
            OperationField(name="disclaimer", label="Disclaimer", kind="long"),
            _PUBLIC,
        ),
        consequence=KEPT,
        repeatable=True,
    ),
    Verb.SUBMIT_EVENT: Operation(
        verb=Verb.SUBMIT_EVENT,
        label="Submit for review",
        consequence="TickeTing looks at the event and publishes it, or sends it back as a draft. Until then it cannot "
        "be submitted again.",
    ),
    Verb.ADD_RACE: Operation(
        verb=Verb.ADD_RACE,
        label="Add a race",
        fields=_section(required=True),
        consequence="The race is a section of the event at TickeTing, and sells from the time you set.",
    ),
    Verb.EDIT_RACE: Operation(
        verb=Verb.EDIT_RACE,
        label="Change the race",
        fields=(_RACE, *_section(required=False)),
        consequence=KEPT,
        repeatable=True,
    ),
    Verb.REMOVE_RACE: Operation(
        verb=Verb.REMOVE_RACE,
        label="Remove the race",
        fields=(_RACE,),
        consequence="TickeTing deletes the section, also one with free tickets issued. It cannot be brought back. What "
        "the portal holds of its tickets stays here.",
        repeatable=True,
    ),
    Verb.GIVE_TICKET: Operation(
        verb=Verb.GIVE_TICKET,
        label="Give a free ticket",
        fields=(
            _RACE,
            OperationField(
                name="holder",
                label="Account of the holder",
                help="Their account number, username or e-mail address at TickeTing. Left empty, the tickets go to the "
                "account of this connection.",
            ),
            OperationField(name="quantity", label="How many", kind="whole", required=True, at_least=1, default="1"),
        ),
        consequence="Only for races that cost nothing. The tickets are issued at once, take up places, and cannot be "
        "taken back from here.",
    ),
}
