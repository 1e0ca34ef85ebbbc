"""Campaigns and what belongs to one: commissions, caps, domains, access."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.figures import Accepts, by_day
from providers.sandbox.trackier.objects import CAMPAIGN, CAP, COMMISSION, Campaign, Json
from providers.sandbox.trackier.replies import Refusal, answer, data, refused, success
from providers.sandbox.trackier.shapes import (
    campaign_commissions,
    created_campaign,
    edited_campaign,
    listed_campaign,
    single_campaign,
)

GROUPS = {
    "targeting": ("device", "os", "visibility", "category"),
    "image_upload": ("image_url",),
    "basic_info": ("title", "url", "preview_url", "description", "expiry", "live", "category", "status", "model"),
    "settings": ("blacklist_pubs", "whitelist_pubs"),
}
ATTRIBUTES = frozenset({"title", "url", "status", "model", "visibility"})


def listed(ctx: Context) -> Reply:
    active = ctx.one("active", "1") != "0"
    limit = min(ctx.number("limit", 20), ctx.switches.page_limit)
    page = 1 if ctx.switches.ignore_page else ctx.number("page", 1)
    found = [each for each in ctx.network.campaigns.values() if (each.status == "active") is active]
    rows = [listed_campaign(each, ctx.switches) for each in found[(page - 1) * limit : page * limit]]
    return data(campaigns=rows, total=len(found), page=page, limit=limit)


def single(ctx: Context, campaign_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    commissions = campaign_commissions(campaign, ctx.switches)
    return data(campaign=single_campaign(campaign, ctx.switches), commissions=commissions)


def created(ctx: Context) -> Reply:
    ctx.needs("title", "url", "advertiser_id", "commissions", "model")
    first: Json = ctx.body["commissions"][0]
    campaign = Campaign(
        id=ctx.new_id(CAMPAIGN),
        number=1 + max((each.number for each in ctx.network.campaigns.values()), default=40),
        title=ctx.body["title"],
        url=ctx.body["url"],
        created=ctx.now,
        payout=_money(first.get("payout")),
        revenue=_money(first.get("revenue")),
        status=ctx.body.get("status", "pending"),
        visibility=ctx.body.get("visibility", "public"),
        model=ctx.body["model"],
        values={name: ctx.body[name] for name in ("description", "currency", "category") if name in ctx.body},
    )
    campaign.commissions.append(
        {"_id": ctx.new_id(COMMISSION), "rate": campaign.payout, "revenue": campaign.revenue, "coverage": ["ALL"]}
    )
    ctx.network.campaigns[campaign.id] = campaign
    return success(
        campaign=created_campaign(ctx.network, campaign, ctx.switches),
        commissions=campaign_commissions(campaign, ctx.switches),
        caps=[],
        message="Campaign created Successfully!!",
    )


def changed(ctx: Context, campaign_id: str) -> Reply:
    """Only the fields of the group that ``action`` names count."""
    campaign = ctx.campaign(campaign_id)
    if ctx.body.get("action") not in GROUPS:
        raise Refusal(20, "The action field is required")
    apply(campaign, {name: ctx.body[name] for name in GROUPS[ctx.body["action"]] if name in ctx.body})
    campaign.modified = ctx.now
    shown = edited_campaign(ctx.network, campaign, ctx.switches)
    return success(campaign=shown, message="Campaign Updated!!")


def apply(campaign: Campaign, values: Json) -> None:
    for name, value in values.items():
        if name in ATTRIBUTES:
            setattr(campaign, name, value)
        else:
            campaign.values[name] = value


def removed(ctx: Context, campaign_id: str) -> Reply:
    del ctx.network.campaigns[ctx.campaign(campaign_id).id]
    for key in [key for key in ctx.network.links if key[1] == campaign_id]:
        del ctx.network.links[key]
    return success(message="Campaign removed!!")


def stats(ctx: Context, campaign_id: str, affiliate_id: str = "") -> Reply:
    campaign = ctx.campaign(campaign_id)
    accepts: Accepts = lambda link: link.campaign is campaign and affiliate_id in ("", link.affiliate.id)  # noqa: E731 - short
    rows = ctx.ledger.daily(ctx.day("start", ctx.today - timedelta(days=30)), ctx.day("end", ctx.today), accepts)
    return success(**by_day(rows, revenue=True))


def domains(ctx: Context) -> Reply:
    return success(domains=ctx.network.domains)


def set_domains(ctx: Context) -> Reply:
    """The whole list is replaced."""
    given = ctx.body.get("domains")
    if not isinstance(given, list):
        return refused(domains=ctx.network.domains, message="Invalid Request Body!!")
    ctx.network.domains = [str(each) for each in given]
    return success(domains=ctx.network.domains, message="Domains updated!!")


def assigned(ctx: Context) -> Reply:
    ctx.needs("publisher_ids", "campaign_ids")
    for affiliate_id in ctx.body["publisher_ids"]:
        ctx.affiliate(affiliate_id)
    return success(message="Campaign Access Granted")


def commissions(ctx: Context, campaign_id: str) -> Reply:
    return success(commissions=campaign_commissions(ctx.campaign(campaign_id), ctx.switches))


def set_commission(ctx: Context, campaign_id: str, commission_id: str = "") -> Reply:
    campaign = ctx.campaign(campaign_id)
    found = _named(campaign.commissions, "_id", commission_id) if commission_id else {"_id": ctx.new_id(COMMISSION)}
    if not commission_id:
        ctx.needs("rate", "revenue")
        campaign.commissions.append(found | {"coverage": ["ALL"]})
        found = campaign.commissions[-1]
    found |= {name: _money(ctx.body[name]) for name in ("rate", "revenue") if name in ctx.body}
    found |= {name: ctx.body[name] for name in ("coverage",) if name in ctx.body}
    message = "Commission Updated!!" if commission_id else "Commission Saved Successfully!!"
    return success(commission=found, message=message)


def caps(ctx: Context, campaign_id: str, cap_id: str = "") -> Reply:
    """Always a list, even of one."""
    found = ctx.campaign(campaign_id).caps
    return success(caps=[_named(found, "id", cap_id)] if cap_id else found)


def new_caps(ctx: Context, campaign_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    ctx.needs("caps")
    made = []
    for given in ctx.body["caps"]:
        if not given.get("type"):
            raise Refusal(20, "The type field is required")
        cap: Json = {"id": ctx.new_id(CAP), "ad_id": campaign.id, "geo": ["ALL"], "redirect": {"type": "blank"}}
        cap |= dict.fromkeys(("daily", "monthly", "lifetime")) | _cap_values(given)
        campaign.caps.append(cap)
        made.append(cap)
    return answer({"success": True, "message": "CAP Added Successfully", "data": {"caps": made}})


def changed_cap(ctx: Context, campaign_id: str, cap_id: str) -> Reply:
    found = _named(ctx.campaign(campaign_id).caps, "id", cap_id)
    found |= _cap_values(ctx.body)
    return answer({"success": True, "message": "CAP Updated Successfully", "data": {"caps": [found]}})


def removed_cap(ctx: Context, campaign_id: str, cap_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    campaign.caps.remove(_named(campaign.caps, "id", cap_id))
    return success(message="CAP removed from database!!")


def goals(ctx: Context, campaign_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    payout = {"_id": campaign.id, "coverage": ["ALL"], "revenue": campaign.revenue, "payout": campaign.payout}
    goal = {"_id": campaign.id, "title": "Paid entry", "value": "entry", "type": "public"}
    found = [{"goal": goal, "payouts": [payout | {"model": "fixed"}]}]
    return answer({"success": True, "currency": ctx.network.currency, "goals": found})


def _cap_values(given: Json) -> Json:
    """As stored: ``pc`` goes by another name."""
    known = ("type", "pids", "daily", "monthly", "lifetime", "geo", "pub_cap_type")
    values: Json = {name: given[name] for name in known if name in given}
    return values | ({"pause_campaign": given["pc"]} if "pc" in given else {})


def _named(found: list[Json], key: str, wanted: str) -> Json:
    named = next((each for each in found if each[key] == wanted), None)
    if named is None:
        raise Refusal(31)
    return named


def _money(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except ArithmeticError as error:
        raise Refusal(20, "amounts must be numbers") from error


ROUTES: tuple[Route, ...] = (
    ("GET", ("campaign",), listed),
    ("POST", ("campaign",), created),
    ("GET", ("campaign", "domains"), domains),
    ("PUT", ("campaign", "domains"), set_domains),
    ("POST", ("campaign", "assign-publisher"), assigned),
    ("GET", ("campaign", "stats", ANY), stats),
    ("GET", ("campaign", "stats", ANY, ANY), stats),
    ("GET", ("campaign", ANY), single),
    ("POST", ("campaign", ANY), changed),
    ("DELETE", ("campaign", ANY), removed),
    ("GET", ("commissions", ANY), commissions),
    ("POST", ("commissions", ANY), set_commission),
    ("POST", ("commissions", ANY, ANY), set_commission),
    ("GET", ("caps", ANY), caps),
    ("POST", ("caps", ANY), new_caps),
    ("GET", ("caps", ANY, ANY), caps),
    ("POST", ("caps", ANY, ANY), changed_cap),
    ("DELETE", ("caps", ANY, ANY), removed_cap),
    ("GET", ("goal", "campaign", ANY), goals),
)
