"""What can be done about campaigns, as forms."""

from dataclasses import replace

from providers.operations import Operation, OperationField, Verb

CAP_TYPES = ("conversion", "payout", "revenue", "click", "pendingPayout", "pendingRevenue", "approvedConv")
PAUSED = (
    "While a campaign is paused, its partners' links earn nothing, and Trackier counts no new entries for them. "
    "Partners are not told. What they have earned so far stays."
)
NAME = OperationField(name="name", label="Name", required=True)
URL = OperationField(
    name="url",
    label="Leads to",
    required=True,
    pattern=r"https?://\S+",
    help="A web address with {click_id} in it, such as https://example.org/enter?tid={click_id}: without it no entry "
    "can be tied to a partner.",
)
DESCRIPTION = OperationField(name="description", label="Description", kind="long")
PREVIEW = OperationField(name="preview_url", label="Page to look at", pattern=r"https?://\S+")
VISIBILITY = OperationField(
    name="visibility",
    label="Who may promote it",
    kind="choice",
    choices=(
        ("public", "Every partner"),
        ("permission", "Partners who ask for it"),
        ("private", "Only partners you give access"),
    ),
)
PAYOUT = OperationField(name="payout", label="The partner earns", kind="decimal", required=True, at_least=0)
REVENUE = OperationField(name="revenue", label="You pay", kind="decimal", required=True, at_least=0)
DEARER = OperationField(
    name="dearer",
    label="The partner earns more than you pay",
    kind="bool",
    help="Needed only if that is meant: the two amounts are easily mixed up.",
)
PARTNER = OperationField(name="partner", label="Partner", kind="partner", required=True)
LIMIT = "Empty: as it is."

CAMPAIGN_FORMS: tuple[Operation, ...] = (
    Operation(
        verb=Verb.CREATE_CAMPAIGN,
        label="Create campaign",
        fields=(
            NAME,
            URL,
            PAYOUT,
            REVENUE,
            DEARER,
            OperationField(
                name="model",
                label="For what",
                kind="choice",
                required=True,
                choices=(
                    ("cpa", "Each entry (CPA)"),
                    ("cpl", "Each enquiry (CPL)"),
                    ("cpc", "Each click (CPC)"),
                    ("cpm", "A thousand views (CPM)"),
                    ("cpi", "Each installation (CPI)"),
                ),
                default="cpa",
            ),
            OperationField(
                name="currency",
                label="Currency",
                pattern="[A-Za-z]{3}",
                help="Three letters. Empty: the network's own.",
            ),
            replace(VISIBILITY, default="public"),
            OperationField(
                name="status",
                label="Begins",
                kind="choice",
                choices=(("pending", "Later, when you resume it"), ("active", "At once")),
                default="pending",
            ),
            DESCRIPTION,
            PREVIEW,
            OperationField(
                name="advertiser",
                label="Advertiser ID",
                pattern="[0-9a-fA-F]{24}|[0-9]{1,12}",
                help="You as the one who pays. Empty: the one in the connection's settings, or the only one there is.",
            ),
        ),
        consequence="The campaign is made at Trackier. It cannot be deleted from here, only paused.",
    ),
    Operation(
        verb=Verb.EDIT_CAMPAIGN,
        label="Edit campaign",
        fields=(
            NAME,
            URL,
            replace(DESCRIPTION, help=LIMIT),
            replace(PREVIEW, help=LIMIT),
            OperationField(
                name="expiry",
                label="Last day",
                pattern="[0-9]{4}-[0-9]{2}-[0-9]{2}",
                help="Such as 2027-06-30. " + LIMIT,
            ),
            replace(VISIBILITY, help=LIMIT),
        ),
        consequence="Links that partners have shared already lead to the new address.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.SET_RATES,
        label="Change rates",
        fields=(PAYOUT, REVENUE, DEARER),
        consequence="From now on. What partners have earned so far stays. A partner with a rate of its own keeps it.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.SET_PARTNER_RATE,
        label="Rate for one partner",
        fields=(
            PARTNER,
            replace(PAYOUT, required=False, help="Empty: its own rate is taken away, and it earns what all others do."),
            replace(REVENUE, required=False, help="Empty: what you pay stays as for all others."),
            DEARER,
            OperationField(
                name="goal", label="For the goal", help="Its name at Trackier; may stay empty where there is only one."
            ),
        ),
        consequence="From now on, and for this partner alone.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.GRANT_ACCESS,
        label="Give access",
        fields=(PARTNER,),
        consequence="The partner may promote this campaign, although it is not open to all. It cannot be taken back "
        "from here.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.ADD_GOAL,
        label="Add goal",
        fields=(
            replace(NAME, help="Such as Paid entry."),
            OperationField(
                name="value",
                label="Short name",
                required=True,
                pattern=r"[A-Za-z0-9_-]+",
                help="As your entry page reports it, such as entry.",
            ),
            PAYOUT,
            REVENUE,
            DEARER,
        ),
        consequence="Results that are reported under this short name earn this amount.",
    ),
    Operation(
        verb=Verb.CREDIT_RESULT,
        label="Credit a result",
        fields=(
            PARTNER,
            OperationField(
                name="transaction",
                label="Entry's ID",
                required=True,
                help="A result with this ID is credited once, and never again.",
            ),
            OperationField(
                name="status",
                label="Counts",
                kind="choice",
                required=True,
                choices=(("pending", "Later, when it is approved"), ("approved", "At once")),
                default="pending",
            ),
            OperationField(
                name="payout", label="The partner earns", kind="decimal", at_least=0, help="Empty: the campaign's rate."
            ),
            OperationField(
                name="revenue", label="You pay", kind="decimal", at_least=0, help="Empty: the campaign's rate."
            ),
            OperationField(name="sale", label="Price of the entry", kind="decimal", at_least=0),
        ),
        consequence="The partner earns as if the entry had come over its link. Nothing about the entrant is sent but "
        "the ID.",
    ),
    Operation(
        verb=Verb.SET_CAP,
        label="Set cap",
        fields=(
            OperationField(
                name="type",
                label="What is limited",
                kind="choice",
                required=True,
                choices=tuple((each, each) for each in CAP_TYPES),
                default="conversion",
            ),
            OperationField(
                name="partner", label="Only for", kind="partner", help="Without one, it is for all partners."
            ),
            OperationField(name="daily", label="A day", kind="whole", at_least=0),
            OperationField(name="monthly", label="A month", kind="whole", at_least=0),
            OperationField(name="lifetime", label="In all", kind="whole", at_least=0),
            OperationField(name="pauses", label="Pause the campaign when reached", kind="bool"),
            OperationField(
                name="scope",
                label="Counted for",
                kind="choice",
                choices=(("group", "all of them together"), ("each", "each partner")),
                default="group",
            ),
        ),
        consequence="A cap of this kind for the same partner is replaced. Once it is reached, further results "
        "earn nothing, or the whole campaign pauses if you say so.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.REMOVE_CAP,
        label="Remove cap",
        fields=(OperationField(name="cap", label="Which cap", kind="cap", required=True),),
        consequence="Results are no longer limited by it. A campaign it has paused stays paused until you resume it.",
        repeatable=True,
    ),
    Operation(verb=Verb.PAUSE_CAMPAIGN, label="Pause campaign", consequence=PAUSED, repeatable=True),
    Operation(
        verb=Verb.RESUME_CAMPAIGN,
        label="Resume campaign",
        consequence="The partners' links earn again from now on.",
        repeatable=True,
    ),
)
