"""From a provider's record to the columns of ours that a provider owns."""

from datetime import datetime
from typing import Any

from msgspec.structs import asdict

from organiser_portal.events.ingest import Place
from providers.records import PERSON_FIELDS, ApplicationRecord, EntryRecord, Person

ENTRY_COLUMNS: tuple[str, ...] = (
    *PERSON_FIELDS,
    "person_is_booker", "race_id", "listing_id", "status", "status_text", "ticket_type_id", "ticket_title",
    "price_minor", "price_unknown", "currency", "provider_bib", "provider_wave", "booking_id", "booker_name",
    "booker_email", "application_external_id", "partner_name", "partner_group", "partner_group_external_id",
    "partner_other_ids", "codes", "tags", "answers", "orders", "affiliations", "redacted", "entered_at",
    "remote_updated_at",
)  # fmt: skip
APPLICATION_COLUMNS: tuple[str, ...] = (
    *PERSON_FIELDS,
    "person_is_booker", "race_id", "listing_id", "approval", "resolution", "draw", "ticket_title", "booking_id",
    "partner_name", "partner_group", "answers", "redacted", "applied_at", "remote_updated_at",
)  # fmt: skip


def entry_values(record: EntryRecord, place: Place, ticket_type_id: int | None, now: datetime) -> dict[str, Any]:
    """What the provider says of an entry, by column name."""
    price = record.list_price
    return {
        **_shared(record, place),
        "status": record.status.value,
        "status_text": record.status_text,
        "ticket_type_id": ticket_type_id,
        "price_minor": price.minor if price else None,
        "price_unknown": price.unknown_unit if price else None,
        "currency": price.currency if price else "",
        "provider_bib": record.bib,
        "provider_wave": record.wave,
        "booker_name": record.booker_name,
        "booker_email": record.booker_email,
        "application_external_id": record.application_id,
        "partner_group_external_id": record.partner_group_id,
        "partner_other_ids": [list(pair) for pair in record.partner_other_ids],
        "codes": list(record.codes),
        "tags": list(record.tags),
        "orders": [{"sku_id": line.sku_id, "quantity": line.quantity} for line in record.orders],
        "affiliations": dict(record.affiliations),
        "entered_at": record.created_at or now,
    }


def application_values(record: ApplicationRecord, place: Place, now: datetime) -> dict[str, Any]:
    """What the provider says of an application, by column name."""
    return {
        **_shared(record, place),
        "approval": record.approval,
        "resolution": record.resolution,
        "draw": record.draw,
        "applied_at": record.created_at or now,
    }


def _shared(record: EntryRecord | ApplicationRecord, place: Place) -> dict[str, Any]:
    return {
        **_person(record.person),
        "person_is_booker": record.person_is_booker,
        "race_id": place.race_id,
        "listing_id": place.listing_id,
        "ticket_title": record.ticket_title,
        "booking_id": record.booking_id,
        "partner_name": record.partner_name,
        "partner_group": record.partner_group,
        "answers": [asdict(answer) for answer in record.answers],
        "redacted": record.redacted,
        "remote_updated_at": record.updated_at,
    }


def _person(person: Person) -> dict[str, Any]:
    values = asdict(person)
    values["gender"] = person.gender.value
    return values
