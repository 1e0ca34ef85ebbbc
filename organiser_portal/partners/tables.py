"""How partners, places held by the organiser and campaigns are listed and sorted."""

from collections.abc import Sequence

from django.db.models import Count, F, FloatField, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, Lower, NullIf

from organiser_portal.core.columns import Column
from organiser_portal.core.tables import Table
from organiser_portal.events.models import Event
from organiser_portal.partners.models import Conversion, EntryTie, ReservedGroup

_RESULTS = Conversion.objects.that_count().filter(partner=OuterRef("pk")).order_by().values("partner")
_OF_CAMPAIGN = Conversion.objects.that_count().filter(campaign=OuterRef("pk")).order_by().values("campaign")


RACE = "race-"
"""The columns of the races of one event: "race-0" and so on."""


def partners_table(event: Event | None = None, races: Sequence[str] = ()) -> Table:
    """``event``: only the places held there are counted, and ``races`` are the columns of its races."""
    groups = ReservedGroup.objects.filter(partner=OuterRef("pk"), gone_at=None)
    claims = EntryTie.objects.filter(partner=OuterRef("pk"), entry__gone_at=None)
    if event:
        groups = groups.filter(event_listing__event=event)
        claims = claims.filter(entry__race__event=event)
    places, held, used = groups.order_by().values("partner"), Sum("capacity"), Sum("used")
    newest = claims.order_by().values("partner").annotate(n=Max("entry__entered_at")).values("n")
    return Table(
        sort="name",
        columns=(
            Column(key="name", heading="Partner", sort="sort_name", locked=True),
            Column(key="source", heading="Source", default=True),
            *(Column(key=f"{RACE}{at}", heading=title, default=True) for at, title in enumerate(races)),
            Column(key="held", heading="Held", sort="sort_held", numeric=True, default=event is None),
            Column(key="used", heading="Used", sort="sort_used", numeric=True, default=event is None),
            Column(key="fill", heading="Fill", sort="sort_fill", nullable=True, default=True),
            Column(key="left", heading="Left", sort="sort_left", numeric=True, phone=True, default=True),
            Column(key="claim", heading="Last claim", sort="sort_claim", nullable=True, default=event is not None),
            Column(key="results", heading="Results", sort="sort_results", numeric=True, default=event is None),
            Column(key="earned", heading="Earned", numeric=True, default=event is None),
            Column(key="undecided", heading="Not yet decided", numeric=True, default=event is None),
            Column(key="todo", heading="What to do", default=event is not None),
        ),
        annotations={
            "sort_name": Lower("name"),
            "sort_held": Coalesce(Subquery(places.annotate(n=held).values("n")), 0),
            "sort_used": Coalesce(Subquery(places.annotate(n=used).values("n")), 0),
            "sort_left": Coalesce(Subquery(places.annotate(n=Sum(F("capacity") - F("used"))).values("n")), 0),
            "sort_fill": Subquery(places.annotate(n=Cast(used, FloatField()) / NullIf(held, 0)).values("n")),
            "sort_claim": Subquery(newest),
            "sort_results": Coalesce(Subquery(_RESULTS.annotate(n=Count("pk")).values("n")), 0),
        },
    )


GROUPS = Table(
    sort="name",
    columns=(
        Column(key="name", heading="Places", sort="sort_name", locked=True),
        Column(key="event", heading="Event", sort="event_listing__event__name", nullable=True, default=True),
        Column(key="source", heading="Source", default=True),
        Column(key="kind", heading="Kind", sort="kind_text"),
        Column(key="held", heading="Held", sort="capacity", numeric=True, default=True),
        Column(key="used", heading="Used", sort="used", numeric=True, default=True),
        Column(key="fill", heading="Fill", sort="sort_fill", nullable=True, default=True),
        Column(key="left", heading="Left", sort="sort_left", numeric=True, phone=True, default=True),
        Column(key="seen", heading="Entries here", numeric=True),
        Column(key="todo", heading="What to do", default=True),
    ),
    annotations={
        "sort_name": Lower("name"),
        "sort_fill": Cast("used", FloatField()) / NullIf("capacity", 0),
        "sort_left": F("capacity") - F("used"),
    },
)

CAMPAIGNS = Table(
    sort="name",
    columns=(
        Column(key="name", heading="Campaign", sort="sort_name", locked=True),
        Column(key="source", heading="Source", default=True),
        Column(key="race", heading="Race", sort="race__name", nullable=True, default=True),
        Column(key="model", heading="Paid for", sort="model"),
        Column(key="payout", heading="Payout", numeric=True, default=True),
        Column(key="created", heading="Since", sort="remote_created_at", nullable=True),
        Column(key="results", heading="Results", sort="sort_results", numeric=True, phone=True, default=True),
    ),
    annotations={
        "sort_name": Lower("name"),
        "sort_results": Coalesce(Subquery(_OF_CAMPAIGN.annotate(n=Count("pk")).values("n")), 0),
    },
)
