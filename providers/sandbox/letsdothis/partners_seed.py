"""Partners and the places reserved for them."""

from datetime import datetime, timedelta

from providers.sandbox.clock import iso_milliseconds, milliseconds
from providers.sandbox.dice import Dice
from providers.sandbox.letsdothis.accounts import Account
from providers.sandbox.letsdothis.objects import Body, Group, Row, short_id
from providers.sandbox.people import person

PARTNER = "partner"
_NAMED = (
    ("Marrow & Me", "CHARITY"), ("Harbour Lights Hospice", "CHARITY"), ("Hexley Striders", "FRIENDS_AND_FAMILY"),
    ("Brackwater Building Society", "CORPORATE"), ("The Wren Trust", "CHARITY"),
    ("North Pennine Rescue Support", "CHARITY"),
    ("Fellgate Outdoor", "SPONSOR"), ("Loop & Lace Socks", "MERCH_PARTNER"),
    ("Elusen y Môr", "CHARITY"), ("St Cuthbert’s Children’s Fund", "CHARITY"), ("Tyne & Tarn Law LLP", "CORPORATE"),
    ("Ely Striders", "FRIENDS_AND_FAMILY"),
)  # fmt: skip
_WORDS = ("Northern", "Harbour", "Silver", "Open", "Bright", "Oak", "River", "Beacon", "Lantern", "Meadow", "Kestrel")
_CAUSES = (
    "Hospice",
    "Heart Fund",
    "Air Ambulance",
    "Dementia Trust",
    "Children’s Charity",
    "Lifeboat Crew",
    "Animal Rescue",
)
_GROUPS = ("Charity places", "Club places", "Team places", "Late places")


def seed_partners(account: Account, count: int, now: datetime) -> None:
    account.partners.fill(_partner(number, now) for number in range(count))


def _partner(number: int, now: datetime) -> Row:
    name, kind = _NAMED[number] if number < len(_NAMED) else (_made_up(number), "CHARITY")
    who = person(99, number)
    created = milliseconds(now - timedelta(days=200 - number % 90, minutes=number))
    updated = created + number % 50 * 86_400_000
    is_charity = kind == "CHARITY"
    body: Body = {
        "id": short_id("p_", number),
        "name": name,
        "description": "",
        "type": kind,
        "externalIds": {
            "enthuse": str(4471 + number) if is_charity else None,
            "justGiving": str(180_000 + number * 7) if is_charity and number % 2 else None,
        },
        "contacts": [{"firstName": who.first_name, "lastName": who.last_name, "emailAddress": who.email}],
        "defaultMarketing": {"headline": f"Run for {name}", "websiteUrl": f"https://partner{number}.example/"},
        "specificMarketings": [],
        "canCreateSubPartners": number % 10 == 1,
        "createdAt": iso_milliseconds(created),
        "updatedAt": iso_milliseconds(updated),
    }
    return Row(PARTNER, body["id"], created, updated, number=number, body=body)


def _made_up(number: int) -> str:
    dice = Dice(5, number)
    return f"{dice.pick(_WORDS)} {dice.pick(_CAUSES)} {number}"


def seed_groups(account: Account, count: int) -> dict[str, list[Group]]:
    """Reserved-entry groups, shared out over events and partners; by event id."""
    partners = [row.body for row in account.partners if row.body]
    events = [editions[-1] for editions in account.events.values()]
    offered: dict[str, list[Group]] = {}
    for number in range(count):
        event = events[number % len(events)]
        partner = None if number % 11 == 10 else partners[number * 7 % len(partners)]
        body: Body = {
            "id": short_id("re_", number),
            "name": f"{_GROUPS[number % len(_GROUPS)]}{f' {number}' if count > 100 else ''}",
            "description": "",
            "eventId": event.id,
            "partnerId": partner["id"] if partner else None,
            "maxCapacity": 10 + number * 5 % 40,
            "usedCapacity": 0,
            "tickets": [{"ticketId": event.races[number % len(event.races)].tickets[0].id, "price": None}],
            "type": "MULTI_USE" if number % 5 == 4 else "SINGLE_USE",
            "settings": {},
        }
        group = Group(id=body["id"], event_id=event.id, body=body, partner=partner)
        account.groups[group.id] = group
        offered.setdefault(event.id, []).append(group)
    return offered
