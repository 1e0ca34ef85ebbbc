"""Several races may bear one name: what tells them apart where one is chosen."""

from datetime import UTC, datetime

from organiser_portal.events.models import Race
from organiser_portal.events.naming import NAMED_WITH, race_choices
from organiser_portal.organisations.models import Organisation
from tests.factories import make_connection, make_event, make_listing, make_race


def named(organisation: Organisation) -> list[str]:
    races = Race.objects.of(organisation).select_related("event").prefetch_related(*NAMED_WITH)
    return [name for _, name in race_choices(races.order_by("pk"))]


def test_races_of_one_name_are_told_apart_by_where_they_are_listed(organisation: Organisation):
    for label in ("", "second account"):
        make_listing(
            make_connection(organisation, label=label), make_race(organisation, event=make_event(organisation))
        )
    first, second = named(organisation)
    assert first.endswith(", at eventrac)")
    assert second.endswith(", at eventrac, second account)")


def test_the_day_is_that_of_the_events_own_zone(organisation: Organisation):
    late = datetime(2027, 5, 15, 23, 30, tzinfo=UTC)  # half an hour into the 16th where it is run
    make_race(organisation, "Night 10K", starts_at=late)
    (name,) = named(organisation)
    assert name.startswith("Night 10K, Sun 16 May")
