"""Participants as a provider would write them: about 2.4 KB each, 42 keys, a form of a dozen answers.

The words are the sandbox's, so that names have accents, forms have three wordings, and a few rows are hostile.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from providers.sandbox.letsdothis.forms import FORMS, answers
from providers.sandbox.people import Person, person

SEED = 7
PEOPLE = 20_000  # different persons; beyond that they come back for another race
RACES = 48
BEGIN = datetime(2024, 1, 1, 8, tzinfo=UTC)
STEP = timedelta(seconds=20)  # so that the overlap of an incremental walk holds a handful
STATUSES = ("CONFIRMED",) * 18 + ("CANCELLED", "TRANSFERRED")
WORDY = {
    "id": "x1",
    "slug": "anything-else",
    "label": "Is there anything else that the marshals should know?",
    "value": "Nothing in particular, thank you",
}

type Body = dict[str, object]


def moment(step: int) -> str:
    """When the ``step``-th change happened, as the provider writes it."""
    return (BEGIN + step * STEP).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rows(count: int) -> Iterator[Body]:
    """``count`` participants in the order of their ``updatedAt``."""
    people = [person(SEED, number) for number in range(min(count, PEOPLE))]
    forms = [[_form(who, form) for form in range(len(FORMS))] for who in people]
    races = [_race(number) for number in range(RACES)]
    for number in range(count):
        at = number % len(people)
        race = number % RACES
        yield _row(number, people[at], forms[at][race % len(FORMS)], races[race])


def changed(body: Body, step: int) -> Body:
    """The same participant after somebody has given another bib."""
    return body | {"bibNumber": f"C{step}", "updatedAt": moment(step)}


def encoded(body: Body) -> bytes:
    return msgspec.json.encode(body)


def _row(number: int, who: Person, form: msgspec.Raw, race: Body) -> Body:
    stamp = moment(number)
    grouped = number % 12 == 0
    return {
        "id": f"{number + 1:024x}",
        "participantIndex": 0,
        "bookingId": f"b{number:023x}",
        "transactionId": f"c{number:023x}",
        "createdAt": stamp,
        "updatedAt": stamp,
        "waves": [{"id": f"w{number % 4}", "name": f"Wave {'ABCD'[number % 4]}", "startTime": race["raceStartDate"]}],
        "fields": form,
        "booker": {
            "id": f"u{who.number}",
            "firstName": who.first_name,
            "lastName": who.last_name,
            "emailAddress": who.email,
        },
        "bookerType": "PARTNER" if grouped else "INDIVIDUAL",
        "originalTicketPrice": {"amount": 4200, "currency": "GBP"},
        "incrementalStatus": "NON_INCREMENTAL",
        "bibNumber": f"{number % 20_000:05d}",
        "bookingCodesUsed": {"discountCode": "EARLYBIRD"} if number % 11 == 0 else {},
        "reservedEntryUrl": f"https://www.letsdothis.example/claim/{number:x}" if grouped else None,
        "partnerMarketingOptIns": [],
        "tags": ["club"] if who.club else [],
        "gdprRedacted": number % 500 == 499,
        "statusDetails": [{"status": STATUSES[number % len(STATUSES)], "createdAt": stamp}],
        "tracking": {"utm_source": "newsletter", "utm_campaign": "spring-2027"},
        "applicationId": None,
        "raceDayDetails": {"collectionPoint": "Race HQ"},
        "resultSubmission": None,
        **race,
        "reservedEntryGroupCode": f"re_{number % 30}" if grouped else None,
        "reservedEntryGroupName": f"Club places {number % 30}" if grouped else None,
        "reservedEntryPartnerExternalIds": None,
        "reservedEntryPartnerName": None,
    }


def _form(who: Person, form: int) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode([*answers(form, who), WORDY]))


def _race(number: int) -> Body:
    start = datetime(2027, 6, 1 + number % 28, 8, tzinfo=UTC).isoformat(timespec="milliseconds")
    return {
        "eventOccurrenceId": f"70aa11bb22cc33dd44ee{number:04x}",
        "eventId": str(4_820_000 + number // 3),
        "raceId": str(9_027_700_000 + number),
        "ticketTitle": "Standard entry",
        "ticketId": f"70aa1200000000000000{number:04x}",
        "eventName": f"Fenland Running Festival {number // 3}",
        "raceName": ("10K", "Half marathon", "Marathon")[number % 3],
        "raceStartDate": start.replace("+00:00", "Z"),
        "sportId": "running",
        "distanceId": ("10k", "half", "full")[number % 3],
        "distances": [{"value": (10, 21.1, 42.2)[number % 3], "unit": "km"}],
        "disciplineLabel": "Running",
        "course": {"label": "Road"},
        "eventLocation": {"city": "Ely", "country": "GB", "latitude": 52.398, "longitude": 0.262},
        "competitorSize": 2400,
    }
