"""How objects are written, endpoint by endpoint, generation by generation."""

from providers.sandbox.trackier.objects import (
    NO_PASSWORD,
    Affiliate,
    Campaign,
    Json,
    Link,
    Network,
    day,
)
from providers.sandbox.trackier.replies import shown
from providers.sandbox.trackier.switches import Switches


def old_user(network: Network, user: Affiliate, switches: Switches) -> Json:
    """As lists, single reads, creation and earnings show it."""
    return _user(network, user, switches) | {"currency": user.currency}


def new_user(network: Network, user: Affiliate, switches: Switches) -> Json:
    """As an edit shows it."""
    return _user(network, user, switches) | {
        "display_id": user.number,
        "manager_id": None,
        "region": {"currency": user.currency, "zone": user.zone, "lang": "en"},
        "tier_id": None,
        "login_attempts": None,
        "deleted": user.deleted,
        "status": "active" if user.live else "disabled",
    }


def _user(network: Network, user: Affiliate, switches: Switches) -> Json:
    return {
        "_id": user.id,
        "org_id": network.id,
        "username": user.username or user.name,
        "name": user.name,
        "email": user.email,
        "password": NO_PASSWORD,
        "phone": user.phone,
        "country": user.country,
        "type": "publisher",
        "login": None,
        "live": user.live,
        "created": day(user.created, switches.zone),
        "modified": day(user.modified, switches.zone),
        "meta": user.meta or [],
    }


def listed_campaign(campaign: Campaign, switches: Switches) -> Json:
    """As the list shows it: no short id, no status; commissions as a map or a list, by turns."""
    commissions = [_commission(each, campaign, switches) for each in campaign.commissions]
    as_map = {each["_id"]: {name: held for name, held in each.items() if name != "_id"} for each in commissions}
    return _bare(campaign, switches) | {"commissions": as_map if campaign.number % 2 else commissions}


def campaign_commissions(campaign: Campaign, switches: Switches) -> list[Json]:
    return [
        _commission(each, campaign, switches) | {"ad_id": campaign.id, "tier_id": None} for each in campaign.commissions
    ]


def _commission(commission: Json, campaign: Campaign, switches: Switches) -> Json:
    amounts = {name: shown(commission[name], switches) for name in ("rate", "revenue")}
    return {"_id": commission["_id"], "model": campaign.model, **amounts, "coverage": commission["coverage"]}


def single_campaign(campaign: Campaign, switches: Switches) -> Json:
    return _bare(campaign, switches)


def _bare(campaign: Campaign, switches: Switches) -> Json:
    return {
        "_id": campaign.id,
        "title": campaign.title,
        "description": campaign.values.get("description"),
        "image": None,
        "url": campaign.url,
        "device": ["all"],
        "os": [],
        "os_ver": None,
        "expiry": campaign.values.get("expiry"),
        "created": day(campaign.created, switches.zone),
    }


def edited_campaign(network: Network, campaign: Campaign, switches: Switches) -> Json:
    """As an edit shows it: more, but still no status."""
    return _bare(campaign, switches) | {
        "user_id": campaign.values.get("advertiser") or next(iter(network.advertisers), None),
        "org_id": network.id,
        "preview_url": campaign.values.get("preview_url"),
        "category": campaign.values.get("category", ["Running"]),
        "live": campaign.status == "active",
        "modified": day(campaign.modified, switches.zone),
        "meta": [],
    }


def created_campaign(network: Network, campaign: Campaign, switches: Switches) -> Json:
    return edited_campaign(network, campaign, switches) | {
        "display_id": campaign.number,
        "currency": campaign.values.get("currency", network.currency),
        "comm_model": campaign.model,
        "comm_type": "default",
        "coverage": ["ALL"],
        "conv_tracking": campaign.values.get("conversion_tracking", "postback"),
        "convt_domain": campaign.values.get("conversion_pixel_domain"),
        "vis": campaign.visibility,
        "status": campaign.status,
    }


def link_shape(link: Link, switches: Switches) -> Json:
    return {
        "_id": link.id,
        "user_id": link.affiliate.id,
        "ad_id": link.campaign.id,
        "domain": link.domain,
        "live": link.live,
        "created": day(link.created, switches.zone),
        "modified": None,
        "meta": [],
    }


def link_address(link: Link) -> str:
    return f"http://{link.domain}/{link.id}"
