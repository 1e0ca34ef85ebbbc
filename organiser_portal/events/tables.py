"""How events and races are listed and sorted."""

from django.db.models import OuterRef, Subquery

from organiser_portal.core.columns import Column
from organiser_portal.core.tables import Table
from organiser_portal.events.models import Race

FIRST_RACE = (
    Race.objects.filter(event=OuterRef("pk"), starts_at__isnull=False).order_by("starts_at").values("starts_at")[:1]
)

RACES = Table(
    sort="date",
    columns=(
        Column(key="name", heading="Race", sort="name", locked=True),
        Column(key="event", heading="Event", sort="event__name", default=True),
        Column(key="date", heading="Date", sort="starts_at", nullable=True, default=True),
    ),
)

EVENTS = Table(
    sort="date",
    columns=(
        Column(key="name", heading="Event", sort="name", locked=True),
        Column(key="date", heading="First race", sort="first_race", nullable=True, default=True),
    ),
    annotations={"first_race": Subquery(FIRST_RACE)},
)
