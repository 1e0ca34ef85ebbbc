"""What eventrac's objects look like, after its reference: which fields may be null it does not always say."""

from providers.contract import A_LIST, FLAG, NOTHING, NUMBER, TEXT, Contract, list_of, one_of, record
from providers.records import Kind

FEE_PAYERS = one_of("organiser", "participant")

RACE_PRICE = record(
    amount=NUMBER,
    affiliated_amount=NUMBER | NOTHING,
    currency=TEXT,
    booking_fee=NUMBER,
    booking_fee_paid_by=FEE_PAYERS,
)
SKU_PRICE = record(
    amount=NUMBER,
    shipping_amount=NUMBER,
    currency=TEXT,
    booking_fee=NUMBER,
    booking_fee_paid_by=FEE_PAYERS,
)
PRODUCT = record(
    title=TEXT | NOTHING,
    description=TEXT | NOTHING,
    img_url=TEXT | NOTHING,
    max_quantity=NUMBER | NOTHING,
    variations=list_of(
        record(id=NUMBER, title=TEXT | NOTHING, inventory_remain=NUMBER | NOTHING, price=SKU_PRICE),
    ),
)
QUESTION = record(
    id=NUMBER,
    label=TEXT,
    mandatory=FLAG,
    input_type=TEXT,
    select_options=list_of(record(id=NUMBER, label=TEXT)),
)
EVENT = record(
    id=NUMBER | TEXT,  # text where the walk names the event of a race that does not
    name=TEXT,
    description=TEXT | NOTHING,
    url=TEXT | NOTHING,
    has_future_races=FLAG,
    location=TEXT | NOTHING,
    img_url=TEXT | NOTHING,
    header_image_url=TEXT | NOTHING,
    geo_location=record(lat=NUMBER, lng=NUMBER, zoom=NUMBER) | NOTHING | A_LIST,
    organiser_terms=TEXT | NOTHING,
    platform_terms=TEXT | NOTHING,
)
RACE = record(
    id=NUMBER,
    name=TEXT,
    capacity=NUMBER | NOTHING,
    participant_count=NUMBER,
    date=TEXT,
    closing_date=TEXT | NOTHING,
    description=TEXT | NOTHING,
    created=TEXT | NOTHING,
    modified=TEXT | NOTHING,
    affiliations=list_of(TEXT),
    team_race=FLAG,
    min_team_size=NUMBER | NOTHING,
    max_team_size=NUMBER | NOTHING,
    form_additions=list_of(QUESTION),
    products=list_of(PRODUCT),
    product=list_of(PRODUCT),
    event=EVENT,
    has_capacity=FLAG,
    status=one_of("open", "closed", "full"),
    price=RACE_PRICE,
    category=TEXT | NOTHING,
    url=TEXT | NOTHING,
)

CONTRACT: Contract = {Kind.EVENT: EVENT, Kind.RACE: RACE}
