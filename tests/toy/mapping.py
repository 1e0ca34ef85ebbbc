"""One function per record, strict, no I/O."""

import msgspec

from providers.errors import BadRecord
from providers.parsing import day, instant, lenient, text
from providers.records import EntryRecord, EventRecord, Person, RaceRecord, Record


class Row(msgspec.Struct):
    card: str
    race: str
    name: str = ""
    mail: str = ""
    born: str = ""
    sent: str = ""


def _read(payload: bytes) -> Row:
    try:
        return msgspec.json.decode(payload, type=Row)
    except msgspec.ValidationError as error:
        raise BadRecord(str(error).partition(" - at ")[2] or "not a row") from None


def card(payload: bytes) -> str:
    return _read(payload).card


def entry(external_id: str, payload: bytes) -> tuple[Record, ...]:
    row = _read(payload)
    first, _, last = text(row.name).rpartition(" ")
    at = lenient(instant, row.sent, None)
    record = EntryRecord(
        external_id=external_id,
        event_id="all",
        race_id=row.race,
        person=Person(first_name=first, last_name=last, email=text(row.mail), birth_date=lenient(day, row.born, None)),
        created_at=at,
        updated_at=at,
    )
    event = EventRecord(external_id="all", name="Startline races", stub=True, as_of=at)
    race = RaceRecord(external_id=row.race, event_id="all", name=row.race, stub=True, as_of=at)
    return record, event, race
