"""How partners and campaigns are listed and sorted."""

from django.db.models import Count, F, FloatField, OuterRef, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, NullIf

from organiser_portal.core.columns import Column
from organiser_portal.core.tables import Table
from organiser_portal.partners.models import Conversion, ReservedGroup

_PLACES = ReservedGroup.objects.filter(partner=OuterRef("pk"), gone_at=None).order_by().values("partner")
_HELD, _USED = Sum("capacity"), Sum("used")
_RESULTS = Conversion.objects.that_count().filter(partner=OuterRef("pk")).order_by().values("partner")
_OF_CAMPAIGN = Conversion.objects.that_count().filter(campaign=OuterRef("pk")).order_by().values("campaign")

PARTNERS = Table(
    sort="name",
    columns=(
        Column(key="name", heading="Partner", sort="name", locked=True),
        Column(key="held", heading="Held", sort="sort_held", default=True),
        Column(key="used", heading="Used", sort="sort_used", default=True),
        Column(key="left", heading="Left", sort="sort_left", default=True),
        Column(key="fill", heading="Fill", sort="sort_fill", nullable=True, default=True),
        Column(key="results", heading="Results", sort="sort_results", default=True),
    ),
    annotations={
        "sort_held": Coalesce(Subquery(_PLACES.annotate(n=_HELD).values("n")), 0),
        "sort_used": Coalesce(Subquery(_PLACES.annotate(n=_USED).values("n")), 0),
        "sort_left": Coalesce(Subquery(_PLACES.annotate(n=Sum(F("capacity") - F("used"))).values("n")), 0),
        "sort_fill": Subquery(_PLACES.annotate(n=Cast(_USED, FloatField()) / NullIf(_HELD, 0)).values("n")),
        "sort_results": Coalesce(Subquery(_RESULTS.annotate(n=Count("pk")).values("n")), 0),
    },
)

CAMPAIGNS = Table(
    sort="name",
    columns=(
        Column(key="name", heading="Campaign", sort="name", locked=True),
        Column(key="race", heading="Race", sort="race__name", nullable=True, default=True),
        Column(key="results", heading="Results", sort="sort_results", default=True),
    ),
    annotations={"sort_results": Coalesce(Subquery(_OF_CAMPAIGN.annotate(n=Count("pk")).values("n")), 0)},
)
