"""One participant, one application and one ticket with every key the reference lists."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from providers.letsdothis import mapping
from providers.letsdothis.payloads import read_row
from providers.letsdothis.people import Ways
from providers.port import Received
from providers.records import ApplicationRecord, EntryRecord, Kind, Record

UPDATED = datetime(2027, 2, 3, 19, 44, 0, 7000, tzinfo=UTC)
SHARED: dict[str, Any] = {
    "id": "71f0a3c2d94e5b6a7c8d9e01",
    "participantIndex": 1,
    "bookingId": "71f0a3b0d94e5b6a7c8d9d77",
    "transactionId": "71f0a3b9d94e5b6a7c8d9db2",
    "eventOccurrenceId": "70aa11bb22cc33dd44ee55ff",
    "eventId": "4820193",
    "raceId": "9027714455",
    "ticketTitle": "Half: club rate",
    "ticketId": "70aa12000000000000000abc",
    "createdAt": "2027-01-11T07:05:12.418Z",
    "updatedAt": "2027-02-03T19:44:00.007Z",
    "waves": [{"id": "w3", "name": "Blue 2", "startTime": "2027-06-06T08:20:00.000Z"}],
    "fields": [
        {"id": "f1", "slug": "first-name", "label": "First name", "value": "Tomasz"},
        {"id": "f2", "slug": "last-name", "label": "Surname", "value": "Reyes"},
        {"id": "f3", "slug": "email", "label": "Email", "value": "T.Reyes@Mail.example"},
        {"id": "f9", "slug": "shirt", "label": "Shirt size", "value": ["M"]},
    ],
    "booker": {"id": "u77", "firstName": "Ana", "lastName": "Reyes", "emailAddress": "ana@mail.example"},
    "bookerType": "PARTNER",
    "originalTicketPrice": {"amount": 4200, "currency": "GBP"},
    "incrementalStatus": "INCREMENTAL",
    "bibNumber": "0417",
    "bookingCodesUsed": {"accessCode": "CLUB27", "discountCode": None},
    "reservedEntryUrl": "https://www.letsdothis.example/claim/x1",
    "partnerMarketingOptIns": [],
    "tags": ["club"],
    "gdprRedacted": False,
    "statusDetails": [{"status": "CONFIRMED", "createdAt": "2027-01-11T07:05:12.418Z"}],
    "tracking": {"utm_source": "newsletter"},
    "eventName": "Fenland Spring Half",
    "raceName": "Half Marathon",
    "raceStartDate": "2027-06-06T08:00:00.000Z",
    "sportId": "running",
    "distanceId": "half",
    "distances": [{"value": 21.1, "unit": "km"}],
    "disciplineLabel": "Running",
    "course": {"label": "Road"},
    "eventLocation": {"city": "Ely", "country": "GB", "latitude": 52.398, "longitude": 0.262},
    "competitorSize": 2400,
    "reservedEntryGroupCode": "re_9kq2mz0b7xw",
    "reservedEntryGroupName": "Club places",
    "reservedEntryPartnerExternalIds": {"enthuse": None},
    "reservedEntryPartnerName": "Ely Striders",
}
PARTICIPANT = SHARED | {"applicationId": "71e7", "raceDayDetails": {}, "resultSubmission": None}
APPLICATION = SHARED | {"approvalStatus": "APPROVED", "applicationResolutionType": "BALLOT", "ballotDraw": "Main draw"}
TICKET = {
    "id": "70aa12000000000000000abc",
    "title": "Half: club rate",
    "raceId": "9027714455",
    "eventOccurrenceId": "70aa11bb22cc33dd44ee55ff",
    "price": {"amount": 4200, "currency": "GBP"},
    "eventId": "4820193",
}
PERSONAL = ("Tomasz", "Reyes", "Mail.example", "mail.example", "0417", "CLUB27", "newsletter", "u77")


def raw(row: object) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(row).encode())


def stored(kind: Kind, row: object) -> Received:
    """The row as it is handed over."""
    item = read_row(kind, raw(row)).item
    assert isinstance(item, Received)
    return item


def entry(row: dict[str, Any], *, unit: str = "unknown", ways: Ways | None = None) -> EntryRecord:
    record = entry_records(row, unit=unit, ways=ways)[0]
    assert isinstance(record, EntryRecord)
    return record


def entry_records(row: dict[str, Any], *, unit: str = "unknown", ways: Ways | None = None) -> tuple[Record, ...]:
    item = stored(Kind.ENTRY, row)
    return mapping.entry(item.external_id, item.payload, ways or Ways(), unit).records


def application(row: dict[str, Any]) -> ApplicationRecord:
    item = stored(Kind.APPLICATION, row)
    record = mapping.application(item.external_id, item.payload, Ways()).record
    assert isinstance(record, ApplicationRecord)
    return record


def with_fields(*answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A participant whose form was answered like this, booked by nobody."""
    return {"id": "x", "eventId": "48", "raceId": "90", "fields": list(answers)} | more


def answer(label: str, value: Any, slug: str = "") -> dict[str, Any]:
    return {"label": label, "value": value} | ({"slug": slug} if slug else {})


PARTNER: dict[str, Any] = {
    "id": "p_3n8vt5y1qwe",
    "name": "Ely Striders",
    "description": "Running club",
    "type": "CORPORATE",
    "externalIds": {"enthuse": "4471", "justGiving": None},
    "contacts": [{"firstName": "Ines", "lastName": "Hall", "emailAddress": "ines@striders.example"}],
    "defaultMarketing": {"headline": "Run with us"},
    "specificMarketings": [{"eventId": "4820193", "headline": "Spring places"}],
    "canCreateSubPartners": False,
    "createdAt": "2026-12-01T09:00:00.000Z",
    "updatedAt": "2027-01-05T12:30:45.120Z",
}

GROUP: dict[str, Any] = {
    "id": "re_9kq2mz0b7xw",
    "name": "Club places",
    "description": "",
    "eventId": "4820193",
    "partnerId": "p_3n8vt5y1qwe",
    "maxCapacity": 40,
    "usedCapacity": 12,
    "tickets": [{"ticketId": "70aa12000000000000000abc", "price": None}],
    "type": "SINGLE_USE",
    "settings": {},
}
