"""How events and races are listed and sorted."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower

from organiser_portal.core.columns import Column
from organiser_portal.core.tables import Table
from organiser_portal.events.models import Race

FIRST_RACE = (
    Race.objects.filter(event=OuterRef("pk"), starts_at__isnull=False).order_by("starts_at").values("starts_at")[:1]
)
RACES_OF_EVENT = Race.objects.filter(event=OuterRef("pk")).order_by().values("event")

RACES = Table(
    sort="date",
    columns=(
        Column(key="name", heading="Race", sort="sort_name", locked=True),
        Column(key="event", heading="Event", sort="sort_event"),
        Column(key="date", heading="Date", sort="starts_at", nullable=True, default=True),
        Column(key="sold_on", heading="Sold on", default=True),
        Column(key="sold", heading="Sold", numeric=True, default=True),
        Column(key="filled", heading="Filled"),
        Column(key="licence", heading="Licence", sort="licence_capacity", nullable=True, numeric=True),
        Column(key="price", heading="Price", numeric=True, default=True),
        Column(key="closes", heading="Closes", default=True),
        Column(key="age", heading="Told"),
        Column(key="held", heading="Entries here", numeric=True, phone=True, default=True),
    ),
    annotations={"sort_name": Lower("name"), "sort_event": Lower("event__name")},
)

EVENTS = Table(
    sort="date",
    columns=(
        Column(key="name", heading="Event", sort="sort_name", locked=True),
        Column(key="date", heading="Races from", sort="first_race", nullable=True, default=True),
        Column(key="place", heading="Place"),
        Column(key="sold_on", heading="Sold on", default=True),
        Column(key="races", heading="Races", sort="sort_races", numeric=True, phone=True, default=True),
    ),
    annotations={
        "sort_name": Lower("name"),
        "first_race": Subquery(FIRST_RACE),
        "sort_races": Coalesce(Subquery(RACES_OF_EVENT.annotate(n=Count("pk")).values("n")), 0),
    },
)
