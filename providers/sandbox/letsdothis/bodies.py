"""What a seeded row says, written out from its number: 42 keys, in the three blocks of the reference's sample."""

from providers.sandbox.clock import iso_milliseconds
from providers.sandbox.dice import Dice, mixed
from providers.sandbox.letsdothis.forms import answers
from providers.sandbox.letsdothis.objects import APPLICATION, PARTICIPANT, Body, Group, Race, Row, hex_id
from providers.sandbox.people import Person, person

BLOCK_3 = frozenset(
    {
        "eventName", "raceName", "raceStartDate", "sportId", "distanceId", "distances", "disciplineLabel", "course",
        "eventLocation", "competitorSize", "reservedEntryGroupCode", "reservedEntryGroupName",
        "reservedEntryPartnerExternalIds", "reservedEntryPartnerName",
    }
)  # fmt: skip

_TRANSACTION = "71f0a3b9"
_FATES = (
    (955, "CANCELLED", "Injury"),
    (970, "TRANSFERRED", "Transferred to a friend"),
    (980, "DEFERRED", "Deferred to next year"),
    (985, "REFUNDED", None),
    (989, "WITHDRAWN", None),
    (993, "AWAITING_PAPERWORK", None),
)
CHANGED_FROM = 930
REDACTED_FROM = 993
_CHANNELS = ("newsletter", "instagram", "google", "club-mail")


def fate(number: int) -> int:
    """0…999: what became of a seeded entry. Below CHANGED_FROM: nothing; from REDACTED_FROM on: erased."""
    return mixed(number + (1 << 37)) % 1000


def participant_body(seed: int, row: Row, who: Person) -> Body:
    """``row`` must be a seeded participant."""
    race = race_of(row)
    dice = Dice(seed, row.number + (1 << 33))
    body = _shared(row, race, dice, who)
    index = row.number - race.first
    body["applicationId"] = hex_id(APPLICATION, race.first_application + index) if 0 <= index < race.ballot else None
    body["raceDayDetails"] = {"collectionPoint": "Race HQ"} if race.bibs else {}
    body["resultSubmission"] = None
    if race.bibs and not dice.per_mille(40):
        body["bibNumber"] = f"{'E' if index % 60 == 59 else ''}{index + 1:04d}"
    if race.waves and not dice.per_mille(60):
        body["waves"] = [race.wave(dice.below(race.waves))]
    return _redacted_as_fated(_with_group(body, race, row.group), row)


def application_body(seed: int, row: Row, who: Person) -> Body:
    """``row`` must be a seeded application. The first ``race.ballot`` of a race were drawn."""
    race = race_of(row)
    dice = Dice(seed, row.number + (1 << 34))
    body = _shared(row, race, dice, who)
    drawn = row.number - race.first_application < race.ballot
    by_ballot = drawn or not dice.per_mille(120)
    body["approvalStatus"] = "APPROVED" if drawn else dice.pick(("PENDING", "PENDING", "REJECTED", "WITHDRAWN"))
    body["applicationResolutionType"] = "BALLOT" if by_ballot else "GOOD_FOR_AGE"
    body["ballotDraw"] = "Main draw" if by_ballot else None
    return _with_group(body, race, None)


def race_of(row: Row) -> Race:
    if row.race is None:
        raise ValueError(f"{row.id} belongs to no race")
    return row.race


def calm_body(row: Row, race: Race, who: Person) -> Body:
    """The 24 keys of block 1 of an ordinary entry to which nothing has happened."""
    number = row.number
    ticket = race.tickets[number % len(race.tickets)]
    created, updated = iso_milliseconds(row.created), iso_milliseconds(row.updated)
    booking = hex_id("booking", number << 1 | (row.kind == APPLICATION))
    return {
        "id": row.id,
        "participantIndex": 0,
        "bookingId": booking,
        "transactionId": _TRANSACTION + booking[8:],
        "eventOccurrenceId": race.event.occurrence_id,
        "eventId": race.event.id,
        "raceId": race.id,
        "ticketTitle": ticket.title,
        "ticketId": ticket.id,
        "createdAt": created,
        "updatedAt": updated,
        "waves": [],
        "fields": answers(race.event.form, who),
        "booker": booker(who),
        "bookerType": "PARTNER" if row.group else "INDIVIDUAL",
        "originalTicketPrice": {"amount": ticket.price, "currency": "GBP"},
        "incrementalStatus": "NON_INCREMENTAL",
        "bibNumber": None,
        "bookingCodesUsed": {},
        "reservedEntryUrl": f"https://www.letsdothis.example/claim/{number:x}" if row.group else None,
        "partnerMarketingOptIns": [],
        "tags": [],
        "gdprRedacted": False,
        "statusDetails": _statuses(row, created, updated),
        "tracking": {},
    }


def fresh_body(row: Row, who: Person) -> Body:
    """A whole ordinary entry or application, as made by code or sold while the sandbox runs."""
    body = calm_body(row, race_of(row), who)
    if row.kind == PARTICIPANT:
        body.update(
            statusDetails=[{"status": "CONFIRMED", "createdAt": body["createdAt"]}],
            applicationId=None,
            raceDayDetails={},
            resultSubmission=None,
        )
    else:
        body.update(approvalStatus="PENDING", applicationResolutionType="BALLOT", ballotDraw="Main draw")
    return _with_group(body, race_of(row), row.group)


def _shared(row: Row, race: Race, dice: Dice, who: Person) -> Body:
    """Block 1 with the accidents of a busy season."""
    body = calm_body(row, race, who)
    number = row.number
    if number % 2 and number // 2 % 6 == 0:
        booking = hex_id("booking", (number - 1) << 1 | (row.kind == APPLICATION))
        body.update(participantIndex=1, bookingId=booking, transactionId=_TRANSACTION + booking[8:])
    if row.kind == PARTICIPANT and dice.per_mille(20):
        body["fields"] = []
    if dice.per_mille(300):
        body["incrementalStatus"] = "INCREMENTAL"
    if dice.per_mille(90):
        body["bookingCodesUsed"] = {"discountCode": "EARLYBIRD"}
    if who.club and dice.per_mille(400):
        body["tags"] = ["club"]
    if dice.per_mille(500):
        body["tracking"] = {"utm_source": dice.pick(_CHANNELS)}
    body["partnerMarketingOptIns"] = _opt_ins(row.group, dice)
    return body


def booker(who: Person) -> Body:
    return {
        "id": f"u{who.number + 1000}",
        "firstName": who.first_name,
        "lastName": who.last_name,
        "emailAddress": who.email,
    }


def _opt_ins(group: Group | None, dice: Dice) -> list[Body]:
    if group is None or group.partner is None:
        return []
    return [{"partnerName": group.partner["name"], "optedIn": dice.per_mille(600)}]


def _statuses(row: Row, created: str, updated: str) -> list[Body]:
    """Usually oldest first; one in three of the changed ones has the newest first."""
    confirmed: Body = {"status": "CONFIRMED", "createdAt": created}
    if row.kind != PARTICIPANT:
        return [{"status": "APPLIED", "createdAt": created}]
    thrown = fate(row.number)
    if thrown < CHANGED_FROM or thrown >= REDACTED_FROM:
        return [confirmed]
    word, reason = next(((word, reason) for limit, word, reason in _FATES if thrown < limit))
    changed: Body = {"status": word, "createdAt": updated}
    if reason:
        changed["reason"] = reason
    return [changed, confirmed] if thrown % 3 == 0 else [confirmed, changed]


def _with_group(body: Body, race: Race, group: Group | None) -> Body:
    body.update(race.about())
    body.update(by_group(group))
    return body


def by_group(group: Group | None) -> Body:
    """What an entry says of the group it came by."""
    partner = group.partner if group else None
    return {
        "reservedEntryGroupCode": group.id if group else None,
        "reservedEntryGroupName": group.body["name"] if group else None,
        "reservedEntryPartnerExternalIds": partner["externalIds"] if partner else None,
        "reservedEntryPartnerName": partner["name"] if partner else None,
    }


def _redacted_as_fated(body: Body, row: Row) -> Body:
    return redact(body) if fate(row.number) >= REDACTED_FROM else body


def redact(body: Body) -> Body:
    """What erasing leaves: no answers, no booker."""
    body.update(gdprRedacted=True, fields=[], booker={})
    return body


def written_out(seed: int, row: Row, people: int) -> Body:
    """The body of any row. ``people``: how many different persons there are to share out."""
    if row.body is not None:
        return row.body
    who = person(seed, person_number(row, people))
    return participant_body(seed, row, who) if row.kind == PARTICIPANT else application_body(seed, row, who)


def person_number(row: Row, people: int) -> int:
    """Whoever was drawn is the same person as participant; people come back for a second race."""
    race = race_of(row)
    number = row.number
    if row.kind == APPLICATION:
        index = number - race.first_application
        number = race.first + index if index < race.ballot else people + number
        return number % people if index < race.ballot else number
    return number % people
