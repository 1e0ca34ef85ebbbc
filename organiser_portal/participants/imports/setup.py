"""What one import has been told, ready to be used: its columns, its race, where new entries go."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from organiser_portal.events.models import Race
from organiser_portal.participants.destinations import HERE, Destination, destinations
from organiser_portal.participants.folding import fold
from organiser_portal.participants.forms.add import ALWAYS_NEEDED
from organiser_portal.participants.forms.asks import Asks, answer_name, asks_of
from organiser_portal.participants.imports.headings import label
from organiser_portal.participants.imports.values import BadCell, RowReader
from organiser_portal.participants.models import Import


@dataclass(frozen=True, kw_only=True)
class Setup:
    """Made anew for every chunk, so that what has changed meanwhile is seen."""

    imported: Import
    now: datetime

    def reader(self) -> RowReader:
        return RowReader(
            [self.imported.mapping.get(column["heading"], "") for column in self.imported.columns],
            race_of=self._race_of(),
            asks=self.asks,
            month_first=self.imported.month_first,
            today=self.now.astimezone(ZoneInfo(self.imported.organisation.time_zone)).date(),
        )

    @cached_property
    def asks(self) -> Asks:
        """What the channel asks of new entries."""
        return asks_of(self.imported.listing)

    @cached_property
    def destination(self) -> Destination | None:
        """Where new entries go; None when that channel takes none any more."""
        ways = destinations(self.imported.race, self.now)
        return ways.chosen(str(self.imported.listing_id) if self.imported.listing_id else HERE)

    @cached_property
    def closed(self) -> str:
        """Why no entry can be created, "" if they can."""
        return "" if self.destination else "The channel that was chosen takes no entries any more."

    @cached_property
    def needed(self) -> dict[str, str]:
        """What every new entry must have: name of the field → what it is called."""
        provider = self.destination.provider if self.destination else None
        names = sorted(ALWAYS_NEEDED | (provider.capabilities.needed_to_add if provider else frozenset()))
        asked = {answer_name(each): each.label for each in self.asks.questions if each.mandatory}
        return {**{name: label(name) for name in names}, **asked}

    def _race_of(self) -> Callable[[str], Race]:
        if self.imported.race is not None:
            race = self.imported.race
            return lambda _said: race
        named = self._races()

        def find(said: str) -> Race:
            if not said:
                raise BadCell("It names no race.")
            found = named.get(fold(said), [])
            ahead = [race for race in found if race.starts_at is None or race.starts_at >= self.now] or found
            if len(ahead) != 1:
                many = "No race is" if not found else f"{len(ahead)} races are"
                raise BadCell(f"{many} called “{said[:100]}”.")
            return ahead[0]

        return find

    def _races(self) -> dict[str, list[Race]]:
        """Folded name → races, by their own name and with the event's in front."""
        named: dict[str, list[Race]] = defaultdict(list)
        for race in Race.objects.of(self.imported.organisation).select_related("event", "organisation"):
            named[fold(race.name)].append(race)
            named[fold(f"{race.event.name} {race.name}")].append(race)
        return named
