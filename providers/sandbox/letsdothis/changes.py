"""What happens at the provider: sales, edits, erasures, and the tricks that time plays. For tests and the trickle."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from providers.sandbox.clock import iso_milliseconds, milliseconds
from providers.sandbox.letsdothis.accounts import Account
from providers.sandbox.letsdothis.bodies import by_group, fresh_body, redact, written_out
from providers.sandbox.letsdothis.listing import Listing
from providers.sandbox.letsdothis.objects import (
    APPLICATION,
    PARTICIPANT,
    Event,
    Race,
    Row,
    Ticket,
    hex_id,
    utc,
)
from providers.sandbox.letsdothis.switches import Switches
from providers.sandbox.people import Person, person
from providers.sandbox.site import Site

FRESH = 50_000_000
"""Numbers of rows and races that were not seeded start here."""


class Changes(Site):
    """Every change sets ``updatedAt`` to the sandbox's clock. Where no ``account`` is named, the demo organiser's."""

    actions: ClassVar[frozenset[str]] = frozenset(
        {"sell", "claim", "apply", "change", "redact", "delete", "stamp", "stamp_in_future", "revoke"}
    )
    switches: Switches
    seed: int
    people: int
    organiser: Account
    accounts: dict[str, Account]
    _made = 0

    def add_account(self, organiser_id: str, name: str) -> Account:
        account = Account(organiser_id, name)
        self.accounts[account.token] = account
        return account

    def add_race(
        self,
        *,
        event: str = "Hexley Spring Running Festival",
        name: str = "Hexley 10K",
        starts_at: datetime | None = None,
        event_id: str = "",
        race_id: str = "",
        occurrence_id: str = "",
        tickets: Sequence[str] = ("Standard",),
        km: float = 10.0,
        form: int = 0,
        account: Account | None = None,
    ) -> Race:
        """A race with its event; an event id that is known already gets one more race (or edition)."""
        account = account or self.organiser
        number = self.next_number()
        edition = _edition(account, event_id, occurrence_id) or Event(
            id=event_id or str(number),
            occurrence_id=occurrence_id or hex_id("occurrence", number),
            name=event,
            location={"city": "Hexley", "country": "GB", "latitude": 54.97, "longitude": -2.1},
            form=form,
        )
        if edition not in account.events.setdefault(edition.id, []):
            account.events[edition.id].append(edition)
        starts_at = starts_at or self.clock() + timedelta(days=30)
        race = Race(id=race_id or str(number + 1), event=edition, name=name, starts_at=starts_at, km=km)
        race.tickets = [
            Ticket(id=hex_id("ticket", number * 10 + n), title=title, price=4200, race=race)
            for n, title in enumerate(tickets)
        ]
        edition.races.append(race)
        return race

    def add_participant(
        self, race: Race, *, who: Mapping[str, Any] | None = None, account: Account | None = None, **how: Any
    ) -> Row:
        """``who``: fields of a Person. ``how``: created, updated, visible_from (datetimes), any top-level key."""
        return self._add(PARTICIPANT, race, who or {}, account or self.organiser, how)

    def add_application(
        self, race: Race, *, who: Mapping[str, Any] | None = None, account: Account | None = None, **how: Any
    ) -> Row:
        """As ``add_participant``."""
        return self._add(APPLICATION, race, who or {}, account or self.organiser, how)

    def _add(self, kind: str, race: Race, who: Mapping[str, Any], account: Account, how: dict[str, Any]) -> Row:
        number = self.next_number()
        created = milliseconds(how.pop("created", self.clock()))
        updated = milliseconds(how.pop("updated")) if "updated" in how else created
        visible_from = how.pop("visible_from", None)
        row = Row(kind, how.pop("id", hex_id(kind, number)), created, updated, race, number)
        row.body = fresh_body(row, self._somebody(number)._replace(**who)) | how
        if visible_from is None:
            account.listings[kind].add(row)
        else:
            account.listings[kind].add_late(row, milliseconds(visible_from))
        return row

    def _somebody(self, number: int) -> Person:
        return person(self.seed, number)

    def next_number(self) -> int:
        """For something that was not seeded."""
        self._made += 1
        return FRESH + self._made

    def sell(self, count: int = 1, race_id: str = "") -> list[str]:
        """So many new participants, now; gives their ids."""
        race = self.organiser.race(race_id)
        return [self.add_participant(race).id for _ in range(count)]

    def claim(self, group_id: str, count: int = 1) -> list[str]:
        """So many runners take a place of this group, now; gives their ids. Raises KeyError."""
        group = self.organiser.groups[group_id]
        wanted = {each["ticketId"] for each in group.body["tickets"]}
        tickets = [ticket for race in self.organiser.races() for ticket in race.tickets if ticket.id in wanted]
        race = tickets[0].race
        group.body["usedCapacity"] += count
        from_it = {**by_group(group), "bookerType": "PARTNER", "ticketId": tickets[0].id}
        return [self.add_participant(race, **from_it).id for _ in range(count)]

    def apply(self, count: int = 1, race_id: str = "") -> list[str]:
        """So many new applications, now; gives their ids."""
        race = self.organiser.race(race_id)
        return [self.add_application(race).id for _ in range(count)]

    def change(self, row_id: str, **keys: Any) -> str:
        """Set top-level keys of a participant or application; gives the new ``updatedAt``."""
        listing, row = self._find(row_id)
        self._own_body(row).update(keys)
        return self.touch(listing, row)

    def redact(self, row_id: str) -> str:
        """Erase the person, as after a request under the GDPR."""
        listing, row = self._find(row_id)
        redact(self._own_body(row))
        return self.touch(listing, row)

    def delete(self, row_id: str) -> None:
        """Gone, and no trace of it."""
        listing, row = self._find(row_id)
        listing.remove(row)

    def touch(self, listing: Listing, row: Row) -> str:
        """Updated now, and in any case later than before."""
        return self._stamp(listing, row, max(milliseconds(self.clock()), row.updated + 1))

    def stamp(self, at: str, ids: Sequence[str] = (), count: int = 0) -> list[str]:
        """Give these rows (or the first ``count`` participants) one and the same ``updatedAt``, an ISO instant."""
        chosen = list(ids) or [row.id for row in list(self.organiser.participants)[:count]]
        for row_id in chosen:
            self._stamp(*self._find(row_id), milliseconds(utc(at)))
        return chosen

    def stamp_in_future(self, row_id: str, seconds: float) -> str:
        """A row that claims to have been updated later than now."""
        return self._stamp(*self._find(row_id), milliseconds(self.clock() + timedelta(seconds=seconds)))

    def _stamp(self, listing: Listing, row: Row, updated: int) -> str:
        listing.restamp(row, updated=updated)
        text = iso_milliseconds(updated)
        if row.body is not None:
            row.body["updatedAt"] = text
        return text

    def _find(self, row_id: str) -> tuple[Listing, Row]:
        for account in self.accounts.values():
            try:
                return account.find(row_id)
            except KeyError:
                continue
        raise KeyError(f"no participant or application {row_id}")

    def _own_body(self, row: Row) -> dict[str, Any]:
        """From now on this row is written out and keeps what is put there."""
        if row.body is None:
            row.body = dict(written_out(self.seed, row, self.people))
        return row.body

    def tick(self, number: int) -> None:
        """Mostly sales; now and then a bib, a new phone number, a cancellation."""
        if not self.organiser.races():
            return
        match number % 6:
            case 2:
                self.change(self._some_id(number), bibNumber=f"{9000 + number % 1000}")
            case 5:
                at = iso_milliseconds(milliseconds(self.clock()))
                self.change(self._some_id(number), statusDetails=[{"status": "CANCELLED", "createdAt": at}])
            case _:
                races = [race for race in self.organiser.races() if race.starts_at > self.clock()]
                self.sell(1, races[number % len(races)].id if races else "")

    def _some_id(self, number: int) -> str:
        rows = list(self.organiser.participants)
        return rows[number * 7 % len(rows)].id if rows else self.sell()[0]


def _edition(account: Account, event_id: str, occurrence_id: str) -> Event | None:
    editions = account.events.get(event_id, [])
    return next((edition for edition in editions if occurrence_id in ("", edition.occurrence_id)), None)


def race_id_of(row: Row) -> str:
    return str(row.body["raceId"]) if row.body else row.race.id if row.race else ""


def event_id_of(row: Row) -> str:
    return str(row.body["eventId"]) if row.body else row.race.event.id if row.race else ""


def occurrence_of(row: Row) -> str:
    return str(row.body["eventOccurrenceId"]) if row.body else row.race.event.occurrence_id if row.race else ""
