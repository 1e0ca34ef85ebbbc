"""What only a person can know: which of two values holds, and whether two races are one."""

from organiser_portal.console.inbox.todo import NAMED, Todo, address, named, so_many
from organiser_portal.core import keyset
from organiser_portal.events.twins import twins
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants import fields
from organiser_portal.participants.conflicts import open_conflicts


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
    """Races that seem to be sold on several platforms: one line, and the page it leads to names the others."""
    found = twins(organisation)
    if not found:
        return []
    one = len(found) == 1
    title = f"{found[0].name} seems" if one else f"{so_many(len(found), 'race', 'races')} seem"
    names = "" if one else f"{named([each.name for each in found], len(found))}. "
    return [
        Todo(
            tone="idle",
            icon="link",
            title=f"{title} to be sold on two platforms or more",
            why=f"{names}Same name, same start. Linked, they stand in one list.",
            action="Link",
            url=address(organisation, "events:race-link", pk=found[0].first),
            count=len(found),
        )
    ]
