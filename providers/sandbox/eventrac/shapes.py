"""Objects as JSON, in the shapes of the reference's samples, inconsistencies included."""

from datetime import datetime

from providers.sandbox.clock import iso_seconds
from providers.sandbox.eventrac.objects import (
    WRITABLE_TEXTS,
    Event,
    Json,
    Participant,
    Product,
    Question,
    Race,
    Variation,
)
from providers.sandbox.eventrac.switches import Switches


def event_shape(event: Event, now: datetime, switches: Switches) -> Json:
    empty: object = [] if switches.empty_maps_as_lists else {}
    return {
        "id": event.id,
        "name": event.name,
        "description": event.description,
        "url": event.url,
        "has_future_races": any(race.starts_at > now for race in event.races),
        "location": event.location,
        "img_url": event.img_url,
        "header_image_url": None,
        "geo_location": event.geo_location or empty,
        "organiser_terms": event.organiser_terms,
        "platform_terms": "",
    }


def race_shape(race: Race, now: datetime, switches: Switches) -> Json:
    shape: Json = {
        "id": race.id,
        "name": race.name,
        "capacity": race.capacity,
        "participant_count": race.participant_count,
        "date": iso_seconds(race.starts_at),
        "closing_date": iso_seconds(race.closes_at),
        "description": race.description,
        "created": iso_seconds(race.created),
        "modified": iso_seconds(race.modified),
        "affiliations": list(race.affiliations),
        "team_race": race.team is not None,
        "min_team_size": race.team[0] if race.team else None,
        "max_team_size": race.team[1] if race.team else None,
        "form_additions": [_question(question) for question in race.questions],
        "event": event_shape(race.event, now, switches),
        "has_capacity": race.has_capacity,
        "status": race.status(now),
        "price": _race_price(race),
        "category": "running",
        "url": f"{race.event.url}/{race.id}",
    }
    if race.has_products and switches.products_key:
        shape[switches.products_key] = [_product(product) for product in race.products]
    return shape


def _race_price(race: Race) -> Json:
    price: Json = {"amount": race.price}
    if race.affiliated_price is not None:
        price["affiliated_amount"] = race.affiliated_price
    return price | {"currency": "GBP", "booking_fee": race.fee, "booking_fee_paid_by": race.fee_payer}


def _question(question: Question) -> Json:
    return {
        "id": question.id,
        "label": question.label,
        "mandatory": question.mandatory,
        "input_type": question.input_type,
        "select_options": [{"id": option, "label": label} for option, label in question.options],
    }


def _product(product: Product) -> Json:
    return {
        "title": product.title,
        "description": product.description,
        "img_url": None,
        "max_quantity": product.max_quantity,
        "variations": [_variation(variation) for variation in product.variations],
    }


def _variation(variation: Variation) -> Json:
    return {
        "id": variation.id,
        "title": variation.title,
        "inventory_remain": variation.stock,
        "price": {
            "amount": variation.amount,
            "shipping_amount": variation.shipping,
            "currency": "GBP",
            "booking_fee": variation.fee,
            "booking_fee_paid_by": variation.fee_payer,
        },
    }


def _dob(participant: Participant) -> str | None:
    return f"{participant.dob}T00:00:00+00:00" if participant.dob else None


def reduced_shape(participant: Participant) -> Json:
    """What a GET gives: no contact data, and the only success that names the reference."""
    return {
        "id": participant.id,
        "race_id": participant.race.id,
        "first_name": participant.given.get("first_name", ""),
        "last_name": participant.given.get("last_name", ""),
        "dob": _dob(participant),
        "external_reference": participant.external_reference,
        "gender": participant.gender,
    }


def added_shape(participant: Participant, switches: Switches) -> Json:
    """After adding one: everything; what was not given is null, except the second address line."""
    shape = _full(participant, missing=None, switches=switches) | {
        "profile_image": None,
        "form_additions": [dict(answer) for answer in participant.form_additions],
        "affiliations": dict(participant.affiliations) or ([] if switches.empty_maps_as_lists else {}),
        "orders": [dict(order) for order in participant.orders],
    }
    shape["address_2"] = shape["address_2"] or ""
    return shape


def stored_shape(participant: Participant, switches: Switches) -> Json:
    """After an update, and in a bulk answer: no lists, and what was not given is ""."""
    return _full(participant, missing="", switches=switches)


def _full(participant: Participant, *, missing: str | None, switches: Switches) -> Json:
    shape: Json = {"id": participant.id, "race_id": participant.race.id}
    if switches.return_reference:
        shape["external_reference"] = participant.external_reference
    shape |= {"email": participant.email, "dob": _dob(participant), "gender": participant.gender}
    return shape | {name: participant.given.get(name) or missing for name in WRITABLE_TEXTS}
