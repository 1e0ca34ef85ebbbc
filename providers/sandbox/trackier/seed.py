"""Clubs and runners with an audience, the races as campaigns, and what came of them in the last weeks."""

from datetime import datetime, timedelta
from decimal import Decimal

from providers.sandbox.dice import Dice
from providers.sandbox.letsdothis.objects import PARTICIPANT, hex_id
from providers.sandbox.programme import programme
from providers.sandbox.trackier.objects import (
    AFFILIATE,
    CAMPAIGN,
    CAP,
    CLICK,
    COMMISSION,
    CONVERSION,
    LINK,
    OTHER,
    Affiliate,
    Campaign,
    Conversion,
    Link,
    Network,
    long_id,
)

SEEDED = {"s": (12, 240), "m": (60, 5_000), "l": (300, 50_000)}
SPREAD = 70  # days over which conversions are spread
_NAMED = (
    "Hexley Striders", "Ely Striders", "Coastline Running Club", "Mara Runs", "The Slow Miles Podcast",
    "Trail &amp; Error", "Fellrunner Weekly", "parkpace.example", "Run Mummy Run On", "Elusen y Môr Runners",
    "Brackwater Harriers", "Kit Corner",
)  # fmt: skip
_STATUSES = ("approved",) * 14 + ("pending",) * 3 + ("cancelled",) * 2 + ("rejected",)


def fill(network: Network, *, seed: int, size: str, now: datetime) -> None:
    affiliates, conversions = SEEDED[size]
    for number in range(affiliates):
        add_affiliate(network, number, now)
    _add_campaigns(network, seed=seed, size=size, now=now)
    _add_links(network, now)
    _add_conversions(network, conversions, seed=seed, now=now)


def add_affiliate(network: Network, number: int, now: datetime) -> Affiliate:
    created = now - timedelta(days=300 - number % 200, minutes=7 * number)
    name = _NAMED[number] if number < len(_NAMED) else f"{_NAMED[number % 5]} {number}"
    affiliate = Affiliate(
        id=long_id(created, AFFILIATE, number),
        number=number + 1,
        name=name,
        email=f"partner{number}@mail.example",
        created=created,
        phone=None if number % 4 == 0 else f"07700 900{number % 1000:03d}",
        live=number % 9 != 8,
        meta={"bank": {"account_no": "CANARY-BANK"}, "payout": {"paypal": "CANARY-PAYPAL"}} if number % 3 == 0 else {},
    )
    network.affiliates[affiliate.id] = affiliate
    return affiliate


def _add_campaigns(network: Network, *, seed: int, size: str, now: datetime) -> None:
    races = [race for event in programme(size, seed=seed, now=now) for race in event.races]
    for race in races:
        status = "active" if race.starts_at > now else "paused"
        add_campaign(network, race.name, now - timedelta(days=120 - race.number % 60), status=status)
    add_campaign(network, races[0].name, now - timedelta(days=420), status="disabled")
    add_campaign(network, "Trail &amp; Fell Series Pass", now - timedelta(days=30), status="active")


def add_campaign(network: Network, title: str, created: datetime, *, status: str) -> Campaign:
    number = len(network.campaigns) + 41
    payout = Decimal("2.5") if number % 3 else Decimal("0.0151515151515")
    campaign = Campaign(
        id=long_id(created, CAMPAIGN, number),
        number=number,
        title=title,
        url="https://fellgate.example/enter?tid={click_id}",
        created=created,
        payout=payout,
        revenue=payout + Decimal("0.5"),
        status=status,
    )
    commission = long_id(created, COMMISSION, number)
    campaign.commissions.append(
        {"_id": commission, "rate": campaign.payout, "revenue": campaign.revenue, "coverage": ["ALL"]}
    )
    payout_id = long_id(created, OTHER, 2 * number)
    price = {"revenue": campaign.revenue, "payout": campaign.payout}
    payouts = [{"_id": payout_id, "coverage": ["ALL"], **price, "model": "fixed"}]
    goal = {"_id": long_id(created, OTHER, 2 * number + 1), "title": "Paid entry", "value": "entry", "type": "public"}
    campaign.goals.append(goal | {"payouts": payouts})
    if number % 2:
        campaign.caps.append(_cap(campaign, long_id(created, CAP, number)))
    network.campaigns[campaign.id] = campaign
    return campaign


def _cap(campaign: Campaign, cap_id: str) -> dict[str, object]:
    return {
        "id": cap_id, "ad_id": campaign.id, "pub_id": "ALL", "pids": ["ALL"], "type": "conversion", "daily": None,
        "monthly": 500, "lifetime": None, "pause_campaign": 1, "pub_cap_type": "group", "geo": ["ALL"],
        "redirect": {"type": "blank", "value": ""},
    }  # fmt: skip


def _add_links(network: Network, now: datetime) -> None:
    campaigns = list(network.campaigns.values())
    for place, affiliate in enumerate(network.affiliates.values()):
        for step in range(3):
            add_link(network, affiliate, campaigns[(place + step) % len(campaigns)], now - timedelta(days=SPREAD + 5))


def add_link(network: Network, affiliate: Affiliate, campaign: Campaign, created: datetime, domain: str = "") -> Link:
    number = len(network.links)
    link = Link(
        id=long_id(created, LINK, number),
        affiliate=affiliate,
        campaign=campaign,
        domain=domain or network.domains[0],
        created=created,
    )
    network.links[affiliate.id, campaign.id] = link
    return link


def _add_conversions(network: Network, count: int, *, seed: int, now: datetime) -> None:
    links = list(network.links.values())
    for number in range(count):
        dice = Dice(seed, 9_000_000 + number)
        link = links[dice.below(len(links))]
        created = now - timedelta(seconds=3600 + number * (SPREAD * 86_400 // count))
        add_conversion(network, link, number, created, status=_STATUSES[dice.below(len(_STATUSES))])


def add_conversion(network: Network, link: Link, number: int, created: datetime, *, status: str) -> Conversion:
    """The second of all belongs to the same click as the first."""
    conversion = Conversion(
        id=long_id(created, CONVERSION, number),
        click=long_id(network.created, CLICK, 0 if number == 1 else number),
        affiliate=link.affiliate,
        campaign=link.campaign,
        created=created,
        status=status,
        payout=link.campaign.payout,
        revenue=link.campaign.revenue,
        sale=Decimal(18 + number % 40),
        transaction=hex_id(PARTICIPANT, number) if number % 3 == 0 else None,
    )
    network.conversions[conversion.id] = conversion
    return conversion
