"""The same done for several partners at one press: each its own operation, one after the other, none ever repeated.

A line is offered as things stand; it is left out when they have changed by the time the button is pressed, so that a
page sent twice does nothing twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet

from organiser_portal.connections.operations import NotDone, operations_of
from organiser_portal.events.models import Event
from organiser_portal.organisations.models import Organisation, User
from organiser_portal.partners.models import Partner, PartnerAction, ReservedGroup
from organiser_portal.partners.services import Wish, perform
from providers.operations import Verb

MOST = 20
"""At one press: each is a call that somebody waits for."""
NEAR = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One e-mail. ``address`` "": nobody to write to. ``sent``: the newest claim link, if there was one."""

    partner: Partner
    left: int
    address: str
    sent: PartnerAction | None

    @property
    def mark(self) -> str:
        """As things stand: another one once a link has been sent."""
        return f"{self.partner.pk}.{self.sent.pk if self.sent else 0}"

    @property
    def wish(self) -> Wish:
        return Wish(
            verb=Verb.SEND_CLAIM_LINK,
            subject=self.partner.external_id,
            values={"email": self.address},
            partner=self.partner,
        )

    def __str__(self) -> str:
        return str(self.partner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One group cut down to the places that are used. ``starts``: when the first race of its event does."""

    group: ReservedGroup
    starts: datetime | None

    @property
    def mark(self) -> str:
        return f"{self.group.pk}.{self.group.capacity}.{self.group.used}"

    @property
    def partner(self) -> Partner | None:
        return self.group.partner

    @property
    def wish(self) -> Wish:
        """Without any leave to go below what is used: the provider's own check stands."""
        return Wish(
            verb=Verb.EDIT_GROUP,
            subject=self.group.external_id,
            values={"capacity": self.group.used},
            partner=self.group.partner,
            group=self.group,
        )

    def __str__(self) -> str:
        return f"{self.group.partner}, {self.group}" if self.group.partner else str(self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one line. ``tone``: "good", "bad", or "idle" when it was not tried."""

    title: str
    sentence: str
    tone: str


def reminders(partners: QuerySet[Partner], *, now: datetime, event: Event | None = None) -> list[Reminder]:
    """Those with unclaimed places at events that are not over, where the provider sends claim links. Two queries."""
    groups = (
        ReservedGroup.objects.listed()
        .filter(partner__in=partners.order_by().values("pk"), used__lt=F("capacity"))
        .annotate(ends=Max("event_listing__listings__starts_at"))
        .filter(Q(ends=None) | Q(ends__gte=now))
    )
    if event:
        groups = groups.filter(event_listing__event=event)
    left: dict[Partner, int] = {}
    for group in groups.select_related("partner__connection").order_by("partner__name", "partner_id"):
        if group.partner and Verb.SEND_CLAIM_LINK in operations_of(group.partner.connection):
            left[group.partner] = left.get(group.partner, 0) + group.left
    sent = _last_links(left)
    return [
        Reminder(partner=partner, left=number, address=partner.address, sent=sent.get(partner.pk))
        for partner, number in left.items()
    ]


def releases(organisation: Organisation, *, now: datetime) -> list[Release]:
    """Groups with places nobody has claimed, at events within four weeks or whose last day for claims is over.

    The nearest first.
    """
    over = Q(event_listing__event__claims_close_on__lt=now.date())
    near: QuerySet[Any] = (
        ReservedGroup.objects.of(organisation)
        .listed()
        .filter(used__lt=F("capacity"))
        .annotate(starts=Min("event_listing__listings__starts_at"))
        .filter(Q(starts__lte=now + NEAR) | over, starts__gte=now)
        .select_related("connection", "partner", "event_listing__event")
        .order_by("starts", "partner__name", "name", "pk")
    )
    return [
        Release(group=group, starts=group.starts)
        for group in near
        if Verb.EDIT_GROUP in operations_of(group.connection)
    ]


def carry_out(
    lines: Iterable[Reminder | Release], marks: Sequence[str], *, actor: User, now: datetime
) -> list[Outcome]:
    """Those whose marks were ticked, up to ``MOST``. Once something is wrong with more than one line, it stops.

    Call it outside any transaction.
    """
    offered = {line.mark: line for line in lines}
    outcomes: list[Outcome] = []
    stopped = False
    for mark in list(dict.fromkeys(marks))[:MOST]:
        line = offered.get(mark)
        if line is None:
            outcomes.append(Outcome(title="One of them", sentence="It has changed since. Look again.", tone="idle"))
        elif stopped:
            outcomes.append(Outcome(title=str(line), sentence="Not tried.", tone="idle"))
        else:
            outcome, stopped = _one(line, actor, now)
            outcomes.append(outcome)
    return outcomes


def _one(line: Reminder | Release, actor: User, now: datetime) -> tuple[Outcome, bool]:
    """And whether there is no use in trying the next: it was not this one that was objected to."""
    connection = line.group.connection if isinstance(line, Release) else line.partner.connection
    try:
        perform(connection=connection, wish=line.wish, actor=actor, now=now)
    except NotDone as refused:
        texts = [text for each in refused.field_errors.values() for text in each]
        return Outcome(title=str(line), sentence=" ".join(texts) or str(refused), tone="bad"), not texts
    return Outcome(title=str(line), sentence="Done.", tone="good"), False


def _last_links(partners: Iterable[Partner]) -> dict[int, PartnerAction]:
    links = PartnerAction.objects.sent().filter(partner__in=list(partners), verb=Verb.SEND_CLAIM_LINK.value)
    newest: dict[int, PartnerAction] = {}
    for link in links.order_by("at", "pk"):
        if link.partner_id is not None:
            newest[link.partner_id] = link
    return newest
