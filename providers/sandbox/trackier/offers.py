"""Campaigns and what belongs to one: commissions, caps, domains, access."""

from datetime import timedelta

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.figures import Accepts, by_day
from providers.sandbox.trackier.objects import CAMPAIGN, CAP, COMMISSION, Campaign, Json, money, named
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
KEPT = (
    "description",
    "preview_url",
    "currency",
    "category",
    "device",
    "conversion_tracking",
    "conversion_pixel_domain",
)
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
    payer = ctx.network.payer(ctx.body["advertiser_id"])
    tracking = ctx.body.get("conversion_tracking", "postback")
    if payer is None or (tracking != "postback" and not ctx.body.get("conversion_pixel_domain")):
        raise Refusal(20, "advertiser_id or conversion_pixel_domain is not valid")
    made = [_new_commission(ctx, each) for each in ctx.body["commissions"]]
    campaign = Campaign(
        id=ctx.new_id(CAMPAIGN),
        number=1 + max((each.number for each in ctx.network.campaigns.values()), default=40),
        title=ctx.body["title"],
        url=ctx.body["url"],
        created=ctx.now,
        payout=made[0]["rate"],
        revenue=made[0]["revenue"],
        status=ctx.body.get("status", "pending"),
        visibility=ctx.body.get("visibility", "public"),
        model=ctx.body["model"],
        commissions=made,
        values={name: ctx.body[name] for name in KEPT if name in ctx.body} | {"advertiser": payer.id},
    )
    campaign.caps = [_new_cap(ctx, campaign, each) for each in ctx.body.get("caps") or []]
    ctx.network.campaigns[campaign.id] = campaign
    return success(
        campaign=created_campaign(ctx.network, campaign, ctx.switches),
        commissions=campaign_commissions(campaign, ctx.switches),
        caps=campaign.caps,
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
        for campaign_id in ctx.body["campaign_ids"]:
            ctx.network.access.add((ctx.affiliate(affiliate_id).id, ctx.campaign(campaign_id).id))
    return success(message="Campaign Access Granted")


def single_commission(ctx: Context, campaign_id: str, commission_id: str) -> Reply:
    return success(
        commission=named(campaign_commissions(ctx.campaign(campaign_id), ctx.switches), "_id", commission_id)
    )


def removed_commission(ctx: Context, campaign_id: str, commission_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    campaign.commissions.remove(named(campaign.commissions, "_id", commission_id))
    return success(message="Commission removed!!")


def commissions(ctx: Context, campaign_id: str) -> Reply:
    return success(commissions=campaign_commissions(ctx.campaign(campaign_id), ctx.switches))


def set_commission(ctx: Context, campaign_id: str, commission_id: str = "") -> Reply:
    campaign = ctx.campaign(campaign_id)
    found = named(campaign.commissions, "_id", commission_id) if commission_id else {"_id": ctx.new_id(COMMISSION)}
    if not commission_id:
        ctx.needs("rate", "revenue")
        campaign.commissions.append(found | {"coverage": ["ALL"]})
        found = campaign.commissions[-1]
    found |= {name: money(ctx.body[name]) for name in ("rate", "revenue") if name in ctx.body}
    found |= {name: ctx.body[name] for name in ("coverage",) if name in ctx.body}
    message = "Commission Updated!!" if commission_id else "Commission Saved Successfully!!"
    return success(commission=found, message=message)


def caps(ctx: Context, campaign_id: str, cap_id: str = "") -> Reply:
    """Always a list, even of one."""
    found = ctx.campaign(campaign_id).caps
    return success(caps=[named(found, "id", cap_id)] if cap_id else found)


def new_caps(ctx: Context, campaign_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    ctx.needs("caps")
    made = [_new_cap(ctx, campaign, each) for each in ctx.body["caps"]]
    campaign.caps.extend(made)
    return answer({"success": True, "message": "CAP Added Successfully", "data": {"caps": made}})


def changed_cap(ctx: Context, campaign_id: str, cap_id: str) -> Reply:
    found = named(ctx.campaign(campaign_id).caps, "id", cap_id)
    found |= _cap_values(ctx.body)
    return answer({"success": True, "message": "CAP Updated Successfully", "data": {"caps": [found]}})


def removed_cap(ctx: Context, campaign_id: str, cap_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    campaign.caps.remove(named(campaign.caps, "id", cap_id))
    return success(message="CAP removed from database!!")


def _new_commission(ctx: Context, given: Json) -> Json:
    """What is ``payout`` in a new campaign is ``rate`` from then on."""
    amounts = {"rate": money(given.get("payout")), "revenue": money(given.get("revenue"))}
    return {"_id": ctx.new_id(COMMISSION), **amounts, "coverage": given.get("coverage") or ["ALL"]}


def _new_cap(ctx: Context, campaign: Campaign, given: Json) -> Json:
    if not given.get("type"):
        raise Refusal(20, "The type field is required")
    cap: Json = {"id": ctx.new_id(CAP), "ad_id": campaign.id, "geo": ["ALL"], "redirect": {"type": "blank"}}
    return cap | dict.fromkeys(("daily", "monthly", "lifetime")) | _cap_values(given)


def _cap_values(given: Json) -> Json:
    """As stored: ``pc`` goes by another name."""
    known = ("type", "pids", "daily", "monthly", "lifetime", "geo", "pub_cap_type")
    values: Json = {name: given[name] for name in known if name in given}
    return values | ({"pause_campaign": given["pc"]} if "pc" in given else {})


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
    ("GET", ("commissions", ANY, ANY), single_commission),
    ("POST", ("commissions", ANY, ANY), set_commission),
    ("DELETE", ("commissions", ANY, ANY), removed_commission),
    ("GET", ("caps", ANY), caps),
    ("POST", ("caps", ANY), new_caps),
    ("GET", ("caps", ANY, ANY), caps),
    ("POST", ("caps", ANY, ANY), changed_cap),
    ("DELETE", ("caps", ANY, ANY), removed_cap),
)
