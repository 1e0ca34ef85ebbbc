"""What a campaign's pages show, and the one thing about it that is ours: its race."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from organiser_portal.events.models import Race
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User
from organiser_portal.partners import jobs
from organiser_portal.partners.models import Campaign, Conversion, Partner, PartnerAction
from providers.operations import Operation, Verb
from providers.partner_records import ConversionStatus

MOST_PARTNERS = 50


class Earner(NamedTuple):
    partner: Partner
    results: int
    undecided: int


def results_of(campaigns: Iterable[Campaign]) -> dict[int, int]:
    """Campaign's key → approved results. One query."""
    rows = Conversion.objects.that_count().filter(campaign__in=[campaign.pk for campaign in campaigns]).order_by()
    return {key: count for key, count in rows.values_list("campaign_id").annotate(Count("id")) if key is not None}


def earners(campaign: Campaign) -> list[Earner]:
    """Partners with approved and undecided results here, the most fruitful first."""
    here = Q(conversions__campaign=campaign, conversions__gone_at=None)
    approved = here & Q(conversions__status=ConversionStatus.APPROVED.value)
    pending = here & Q(conversions__status=ConversionStatus.PENDING.value)
    partners: QuerySet[Any] = (
        Partner.objects.filter(connection=campaign.connection_id)
        .annotate(results=Count("conversions", filter=approved), undecided=Count("conversions", filter=pending))
        .filter(Q(results__gt=0) | Q(undecided__gt=0))
        .order_by(F("results").desc(), "name", "pk")
    )
    return [Earner(each, each.results, each.undecided) for each in partners[:MOST_PARTNERS]]


def offers(campaign: Campaign) -> dict[str, list[Operation]]:
    """``main``: whether it runs, ``links``: its tracking links, ``operations``: all the rest.

    What runs is not resumed, what stands is not paused, and what has no cap loses none.
    """
    useless = {True: {Verb.RESUME_CAMPAIGN}, False: {Verb.PAUSE_CAMPAIGN}, None: set[Verb]()}[campaign.active]
    if not campaign.caps:
        useless |= {Verb.REMOVE_CAP}
    main, links = (Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN), (Verb.ENSURE_LINK,)
    rest = [verb for verb in jobs.OF_CAMPAIGN if verb not in (*main, *links, *useless)]
    return {
        "main": jobs.offered(campaign.connection, [verb for verb in main if verb not in useless]),
        "links": jobs.offered(campaign.connection, links),
        "operations": jobs.offered(campaign.connection, rest),
    }


def done_to(campaign: Campaign) -> QuerySet[PartnerAction]:
    return PartnerAction.objects.filter(
        connection=campaign.connection_id,
        subject=campaign.external_id,
        verb__in=[verb.value for verb in jobs.OF_CAMPAIGN],
    ).select_related("actor", "partner", "group")


@transaction.atomic
def link(campaign: Campaign, race: Race | None, *, actor: User) -> None:
    """Say which of our races it is for; None: none of them."""
    campaign.race = race
    campaign.save(update_fields=["race"])
    audit.record(
        organisation=campaign.organisation,
        actor=actor,
        action="partners.campaign_linked",
        subject=str(campaign),
        race=str(race or ""),
    )


def link_first(facts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the provider said, the address that is to be copied in front."""
    return sorted(facts, key=lambda fact: not is_address(fact[1]))


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))
