"""What only a person can know: which of two values holds, and whether two races are one."""

from django.db.models import Count, Min

from organiser_portal.console.inbox.todo import NAMED, Todo, address, named, so_many
from organiser_portal.core import keyset
from organiser_portal.events.models import Race
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.conflicts import open_conflicts

MOST_TWINS = 100


def conflicts(organisation: Organisation) -> list[Todo]:
    """Values that were changed here and at the provider."""
    rows = open_conflicts(organisation)
    count = keyset.count(rows)
    latest = list(rows.select_related("entry").order_by("-id")[:NAMED])
    if not latest:
        return []
    alone = address(organisation, "participants:entry-conflict", pk=latest[0].entry_id, field=latest[0].field)
    names = [f"{each.entry.full_name or 'Somebody'} ({fields.label(each.field)})" for each in latest]
    return [
        Todo(
            tone="ours",
            icon="git-compare",
            title=f"{so_many(count, 'value', 'values')} changed here and at the provider",
            why=f"{named(names, count.number)}.",
            action="Choose",
            url=alone if count.number == 1 else address(organisation, "participants:conflict-list"),
            count=count.number,
        )
    ]


def same_races(organisation: Organisation) -> list[Todo]:
    """Races with one name and one start at two platforms: probably one race, and only a person can say so.

    Each pair has a line with its own way in; of many, the first few, and the next ones follow as these are linked.
    """
    twins = list(
        Race.objects.of(organisation)
        .exclude(starts_at=None)
        .values("name", "starts_at")
        .annotate(
            sources=Count("listings__connection", distinct=True), races=Count("id", distinct=True), first=Min("id")
        )
        .filter(sources__gt=1, races__gt=1)
        .order_by("starts_at", "name")[:MOST_TWINS]
    )
    more = len(twins) - NAMED
    return [
        Todo(
            tone="idle",
            icon="link",
            title=f"{twin['name']} seems to be sold on two platforms",
            why="Same name, same start. Linked, they stand in one list."
            + (f" {more} more such races come after it." if more > 0 and place == NAMED else ""),
            action="Link",
            url=address(organisation, "events:race-link", pk=twin["first"]),
            count=1 + (max(0, more) if place == NAMED else 0),
        )
        for place, twin in enumerate(twins[:NAMED], start=1)
    ]
