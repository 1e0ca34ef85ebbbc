"""One operation on its way from a page to a provider: what it is done to, its form, and the wish it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from organiser_portal.connections.models import Connection
from organiser_portal.connections.operations import operations_of
from organiser_portal.events.models import EventListing
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.choices import choices_at
from organiser_portal.partners.forms import OperationForm
from organiser_portal.partners.models import Campaign, Partner, ReservedGroup
from organiser_portal.partners.services import Wish
from providers.operations import Operation, Verb

# What the pages of a partner, a group and a campaign offer, of what its provider can do.
OF_PARTNER = (
    Verb.SEND_CLAIM_LINK, Verb.DECIDE_RESULTS, Verb.EDIT_PARTNER, Verb.CREATE_REFERRAL, Verb.END_REFERRAL,
)  # fmt: skip
OF_GROUP = (Verb.EDIT_GROUP, Verb.DELETE_GROUP)
OF_CAMPAIGN = (
    Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN, Verb.EDIT_CAMPAIGN, Verb.SET_RATES, Verb.SET_PARTNER_RATE, Verb.SET_CAP,
    Verb.REMOVE_CAP, Verb.GRANT_ACCESS, Verb.ADD_GOAL, Verb.CREDIT_RESULT, Verb.ENSURE_LINK,
)  # fmt: skip
AS_IT_IS = (Verb.EDIT_CAMPAIGN, Verb.SET_RATES)


class NoSuchJob(LookupError):
    """The provider cannot do this, or not to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``initial``: what the form shows at first, by field name."""

    connection: Connection
    operation: Operation
    subject: str = ""
    partner: Partner | None = None
    group: ReservedGroup | None = None
    event: EventListing | None = None
    campaign: Campaign | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)

    def form(self, data: Mapping[str, Any] | None = None) -> OperationForm:
        choices = choices_at(self.connection, event=self.event, partner=self.partner, campaign=self.campaign)
        return OperationForm(data, operation=self.operation, choices=choices, initial=self.initial)

    def wish(self, form: OperationForm) -> Wish:
        """The form has to be valid."""
        values = form.values()
        group = self.group or _named_group(self.partner, values.get("group"))
        partner = self.partner or _named_partner(self.connection, values.get("partner"))
        return Wish(
            verb=self.operation.verb,
            subject=self.subject,
            values=values,
            partner=partner,
            group=group,
            title=str(self.campaign or ""),
        )


def new_partner(connection: Connection) -> Job:
    """Raises NoSuchJob."""
    return Job(connection=connection, operation=_operation(connection, Verb.CREATE_PARTNER))


def of_partner(partner: Partner, verb: str) -> Job:
    """Raises NoSuchJob."""
    operation = _operation(partner.connection, _verb(verb, OF_PARTNER))
    held = dict(partner.editable) if operation.verb == Verb.EDIT_PARTNER else {"email": partner.address}
    return Job(
        connection=partner.connection,
        operation=operation,
        subject=partner.external_id,
        partner=partner,
        initial=held,
    )


def new_campaign(connection: Connection) -> Job:
    """Raises NoSuchJob."""
    return Job(connection=connection, operation=_operation(connection, Verb.CREATE_CAMPAIGN))


def new_group(event: EventListing, partner: Partner | None) -> Job:
    """Without a partner the places are the organiser's own, or of one that is chosen. Raises NoSuchJob."""
    return Job(
        connection=event.connection,
        operation=_operation(event.connection, Verb.CREATE_GROUP),
        subject=event.external_id,
        partner=partner,
        event=event,
        initial={"partner": partner.external_id} if partner else {},
    )


def of_group(group: ReservedGroup, verb: str) -> Job:
    """Raises NoSuchJob."""
    return Job(
        connection=group.connection,
        operation=_operation(group.connection, _verb(verb, OF_GROUP)),
        subject=group.external_id,
        partner=group.partner,
        group=group,
        event=group.event_listing,
        initial=dict(group.editable),
    )


def of_campaign(campaign: Campaign, verb: str, partner: Partner | None = None) -> Job:
    """``partner``: the one it is done for, where that is known already. Raises NoSuchJob."""
    return Job(
        connection=campaign.connection,
        operation=_operation(campaign.connection, _verb(verb, OF_CAMPAIGN)),
        subject=campaign.external_id,
        campaign=campaign,
        partner=partner,
        initial=_held(campaign, verb) | ({"partner": partner.external_id} if partner else {}),
    )


def offered(connection: Connection, verbs: Sequence[Verb]) -> list[Operation]:
    """Of these, what the provider can do."""
    known = operations_of(connection)
    return [known[verb] for verb in verbs if verb in known]


def connections_that(organisation: Organisation, verb: Verb) -> list[Connection]:
    """Where this can be done."""
    connections = Connection.objects.of(organisation).order_by("provider", "pk")
    return [each for each in connections if verb in operations_of(each)]


def _held(campaign: Campaign, verb: str) -> dict[str, str]:
    """What the form of an edit shows, as far as we are told of it."""
    if verb not in AS_IT_IS:
        return {}
    amounts = {"payout": campaign.payout, "revenue": campaign.revenue}
    told = {name: format(amount.normalize(), "f") for name, amount in amounts.items() if amount is not None}
    return {"name": campaign.name, "url": campaign.url, **told}


def _named_group(partner: Partner | None, external_id: object) -> ReservedGroup | None:
    return partner.groups.filter(external_id=external_id).first() if partner and external_id else None


def _named_partner(connection: Connection, external_id: object) -> Partner | None:
    return Partner.objects.filter(connection=connection, external_id=external_id).first() if external_id else None


def _verb(name: str, allowed: Sequence[Verb]) -> Verb:
    for verb in allowed:
        if verb.value == name:
            return verb
    raise NoSuchJob(name)


def _operation(connection: Connection, verb: Verb) -> Operation:
    try:
        return operations_of(connection)[verb]
    except KeyError:
        raise NoSuchJob(verb.value) from None
