"""What eventrac sends, by its own names. Nothing but an id is relied on, so nothing else has a type yet."""

import msgspec


class IdPayload(msgspec.Struct):
    id: object = None


class EventPayload(msgspec.Struct):
    id: object = None
    name: object = None
    description: object = None
    url: object = None
    has_future_races: object = None
    location: object = None
    img_url: object = None
    header_image_url: object = None


class PricePayload(msgspec.Struct):
    amount: object = None
    affiliated_amount: object = None
    shipping_amount: object = None
    currency: object = None
    booking_fee: object = None
    booking_fee_paid_by: object = None


class OptionPayload(msgspec.Struct):
    id: object = None
    label: object = None


class FormAdditionPayload(msgspec.Struct):
    id: object = None
    label: object = None
    mandatory: object = None
    input_type: object = None
    select_options: object = None


class VariationPayload(msgspec.Struct):
    id: object = None
    title: object = None
    inventory_remain: object = None
    price: object = None


class ProductPayload(msgspec.Struct):
    title: object = None
    description: object = None
    img_url: object = None
    max_quantity: object = None
    variations: object = None


class RacePayload(msgspec.Struct):
    """``products`` is called ``product`` in one place of the documentation, and left out in another."""

    id: object = None
    name: object = None
    capacity: object = None
    participant_count: object = None
    date: object = None
    closing_date: object = None
    description: object = None
    modified: object = None
    affiliations: object = None
    team_race: object = None
    min_team_size: object = None
    max_team_size: object = None
    form_additions: object = None
    products: object = None
    product: object = None
    event: object = None
    has_capacity: object = None
    status: object = None
    price: object = None
    category: object = None
    url: object = None


class ParticipantPayload(msgspec.Struct):
    """An entry, read back or just written; also one failed item of the bulk answer (with ``errors``, no id)."""

    id: object = None
    race_id: object = None
    external_reference: object = None
    first_name: object = None
    last_name: object = None
    dob: object = None
    gender: object = None
    errors: object = None
