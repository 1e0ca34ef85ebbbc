"""What can be done about affiliates, as forms."""

from providers.operations import Operation, OperationField, Verb

BANKING = "Bank and payment details are kept at Trackier and never pass through the portal."
PASSWORD = "Partners set their own password at Trackier."  # noqa: S105 - a sentence
COUNTRY = OperationField(name="country", label="Country", pattern="[A-Za-z]{2}", help="Two letters, such as GB.")
PHONE = OperationField(name="phone", label="Phone")
NAME = OperationField(name="name", label="Name", required=True)
EMAIL = OperationField(name="email", label="E-mail", kind="email", required=True)
CURRENCIES = ("INR", "PKR", "AUD", "EUR", "GBP", "TRY", "USD", "IDR", "THB", "MYR", "PHP", "VND", "RUB", "PLN")

PARTNER_FORMS: tuple[Operation, ...] = (
    Operation(
        verb=Verb.CREATE_PARTNER,
        label="Create affiliate",
        fields=(
            NAME,
            EMAIL,
            PHONE,
            COUNTRY,
            OperationField(
                name="custom_fields",
                label="Custom fields",
                kind="long",
                help="Only if your Trackier network asks for some: one a line, such as club_website = example.org.",
            ),
            OperationField(name="password", label="Password", locked=PASSWORD),
            OperationField(name="bank", label="Bank details", locked=BANKING),
        ),
        consequence="Trackier makes an account with a random password; the partner resets it there. A new account "
        "may have to be enabled before its links earn.",
    ),
    Operation(
        verb=Verb.EDIT_PARTNER,
        label="Edit affiliate",
        fields=(
            NAME,
            EMAIL,
            OperationField(name="username", label="User name"),
            PHONE,
            COUNTRY,
            OperationField(
                name="live", label="Account enabled", kind="bool", help="A disabled partner keeps all its results."
            ),
            OperationField(name="zone", label="Time zone", help="Such as Europe/London."),
            OperationField(
                name="currency", label="Currency", kind="choice", choices=tuple((each, each) for each in CURRENCIES)
            ),
            OperationField(name="password", label="Password", locked=PASSWORD),
            OperationField(name="bank", label="Bank details", locked=BANKING),
            OperationField(name="meta_payout", label="Payment accounts", locked=BANKING),
            OperationField(
                name="custom_fields",
                label="Custom fields",
                locked="Trackier takes custom fields only when an account is made.",
            ),
        ),
        repeatable=True,
    ),
    Operation(
        verb=Verb.ENSURE_LINK,
        label="Tracking link",
        fields=(
            OperationField(name="partner", label="Partner", kind="partner", required=True),
            OperationField(
                name="domain",
                label="Domain",
                pattern=r"[A-Za-z0-9.-]+",
                help="One of your tracking domains. A link that exists keeps the domain it has.",
            ),
        ),
        repeatable=True,
    ),
    Operation(
        verb=Verb.CREATE_REFERRAL,
        label="Referral link",
        fields=(
            OperationField(name="rate", label="Rate", kind="decimal", required=True, at_least=0),
            OperationField(
                name="type",
                label="Of what kind",
                kind="choice",
                choices=(("percentage", "Percentage"), ("amount", "Amount")),
                default="percentage",
            ),
            OperationField(
                name="base",
                label="Of what",
                kind="choice",
                choices=(("payout", "Payout"), ("profit", "Profit")),
                default="payout",
            ),
            OperationField(name="recurring", label="Again and again", kind="bool", default="true"),
        ),
        consequence="The partner earns by recruiting partners. An equal link that is live already is given again.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.END_REFERRAL,
        label="End referral",
        consequence="The partner's referral links are switched off: partners recruited from now on earn it nothing. "
        "Those it has recruited already stay.",
        repeatable=True,
    ),
    Operation(
        verb=Verb.DECIDE_RESULTS,
        label="Decide results",
        fields=(
            OperationField(name="results", label="Which results", kind="results", required=True),
            OperationField(
                name="status",
                label="What about them",
                kind="choice",
                required=True,
                choices=(
                    ("approved", "Approve: they count, and the partner is told"),
                    ("rejected", "Reject: they are no real entries"),
                    ("cancelled", "Cancel: they are real, but earn nothing"),
                ),
                default="approved",
            ),
        ),
        consequence="Only approved results earn. Trackier works through them in a queue, which can take a minute.",
        repeatable=True,
    ),
)
