"""Reports, and links: tracking links and those by which partners recruit partners."""

from collections.abc import Iterable
from decimal import Decimal

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.figures import Daily, Figures, by_day, summed
from providers.sandbox.trackier.objects import LINK, REFERRAL, Json, Link, naive
from providers.sandbox.trackier.replies import Refusal, refused, shown, success
from providers.sandbox.trackier.shapes import link_address, link_shape

DEFAULT_FIELDS = ("grossClicks", "payout", "revenue", "profit", "approvedConversions")


def custom(ctx: Context) -> Reply:
    groups = ctx.many("group") or ["adid"]
    fields = ctx.many("fields") or list(DEFAULT_FIELDS)
    rows, total = records(ctx, groups, fields)
    if rows and "profit" in fields:
        rows[0]["profit"] += Decimal("0.01")  # rounded by itself
    partners = [
        {"_id": each.id, "display_id": each.number, "name": each.name} for each in ctx.network.affiliates.values()
    ]
    return success(
        records=rows,
        total=total,
        affs=partners,
        ads=[],
        groupingMap={name: name.title() for name in groups},
        fieldMap={name: name.title() for name in fields},
        report_currency=ctx.network.currency,
        query={"start": ctx.one("start"), "end": ctx.one("end"), "group": groups, "fields": fields},
    )


def records(ctx: Context, groups: list[str], fields: list[str]) -> tuple[list[Json], Json]:
    """One row for every combination of the groups that had any traffic, and the sum."""
    wanted = ctx.ledger.daily(ctx.day("start", ctx.today), ctx.day("end", ctx.today), lambda link: _wanted(ctx, link))
    known = [name for name in groups if name != "created" or ctx.switches.daily_report]
    grouped: dict[tuple[object, ...], list[Daily]] = {}
    for row in wanted:
        grouped.setdefault(tuple(_group(row)[name] for name in known), []).append(row)
    rows = [
        dict(zip(known, keys, strict=True)) | _figures(ctx, summed(found), fields) for keys, found in grouped.items()
    ]
    return rows, _figures(ctx, summed(wanted), fields)


def _wanted(ctx: Context, link: Link) -> bool:
    campaigns = ctx.many("adid") + ctx.many("camp_ids")
    partners = ctx.many("pid") + ctx.many("pub_ids")
    in_campaign = not campaigns or link.campaign.id in campaigns or str(link.campaign.number) in campaigns
    return in_campaign and (not partners or link.affiliate.id in partners or str(link.affiliate.number) in partners)


def _group(row: Daily) -> Json:
    """Titles and names under ``adid`` and ``pid``; ids only under their long names."""
    return {
        "adid": row.campaign.title,
        "campaign_id": row.campaign.number,
        "campaign_long_id": row.campaign.id,
        "pid": row.affiliate.name,
        "publisher_id": row.affiliate.number,
        "publisher_long_id": row.affiliate.id,
        "created": row.day.isoformat(),
        "month": row.day.strftime("%Y-%m"),
    }


def _figures(ctx: Context, found: Figures, fields: Iterable[str]) -> Json:
    known: Json = {
        "grossClicks": found.clicks,
        "impressions": 0,
        "payout": shown(found.payout, ctx.switches),
        "revenue": shown(found.revenue, ctx.switches),
        "profit": found.revenue - found.payout,
        "approvedConversions": found.conversions,
        "pendingTotalConversions": found.pending,
    }
    return {name: known[name] for name in fields if name in known}


def stats(ctx: Context) -> Reply:
    if not (ctx.one("start") and ctx.one("end")):
        raise Refusal(20, "start and end are required")
    return success(**by_day(ctx.ledger.daily(ctx.day("start", ctx.today), ctx.day("end", ctx.today)), revenue=True))


def link(ctx: Context, affiliate_id: str, campaign_id: str) -> Reply:
    ctx.affiliate(affiliate_id), ctx.campaign(campaign_id)
    found = ctx.network.links.get((affiliate_id, campaign_id))
    if found is None:
        raise Refusal(31)
    return success(tracking_link=link_address(found), link=link_shape(found, ctx.switches))


def ensure_link(ctx: Context, affiliate_id: str, campaign_id: str) -> Reply:
    """A second time it is refused, with the link that is there, on its old domain."""
    affiliate, campaign = ctx.affiliate(affiliate_id), ctx.campaign(campaign_id)
    found = ctx.network.links.get((affiliate_id, campaign_id))
    is_new = found is None
    if found is None:
        domain = str(ctx.body.get("domain") or ctx.network.domains[0])
        found = Link(id=ctx.new_id(LINK), affiliate=affiliate, campaign=campaign, domain=domain, created=ctx.now)
        ctx.network.links[affiliate_id, campaign_id] = found
    held = {"tracking_link": link_address(found), "link": link_shape(found, ctx.switches)}
    if is_new:
        return success(message="Link created!!", **held)
    return refused(message="Link already exists!!", **held)


def referrals(ctx: Context) -> Reply:
    found = [{**each, "signUps": 0} for each in ctx.network.referrals.values()]
    return success(referrals=found, publishers=_names(ctx))


def new_referral(ctx: Context) -> Reply:
    ctx.needs("publisher_id")
    partner = ctx.affiliate(str(ctx.body["publisher_id"]))
    referral = {
        "_id": ctx.new_id(REFERRAL),
        "user_id": partner.id,
        "recurring": ctx.body.get("recurring", True),
        "type": ctx.body.get("type", "percentage"),
        "base": ctx.body.get("base", "payout"),
        "rate": ctx.body.get("rate", 0.0),
        "live": True,
        "created": naive(ctx.now, ctx.switches.zone),
        "modified": None,
    }
    ctx.network.referrals[str(referral["_id"])] = referral
    return success(referral=referral, publishers=_names(ctx), message="Referral Link Created!!")


def changed_referral(ctx: Context, referral_id: str) -> Reply:
    found = ctx.network.referrals.get(referral_id)
    if found is None:
        raise Refusal(31)
    known = ("recurring", "type", "base", "rate", "live")
    found |= {name: ctx.body[name] for name in known if name in ctx.body}
    found["modified"] = naive(ctx.now, ctx.switches.zone)
    return success(referral=found, publishers=_names(ctx), message="Referral link Updated!!")


def removed_referral(ctx: Context, referral_id: str) -> Reply:
    if ctx.network.referrals.pop(referral_id, None) is None:
        raise Refusal(31)
    return success(message="Referral link removed!!")


def _names(ctx: Context) -> list[Json]:
    return [{"_id": each.id, "name": each.name, "username": each.username} for each in ctx.network.affiliates.values()]


ROUTES: tuple[Route, ...] = (
    ("GET", ("network", "customReport"), custom),
    ("GET", ("network", "stats"), stats),
    ("GET", ("network", "link", ANY, ANY), link),
    ("POST", ("network", "link", ANY, ANY), ensure_link),
    ("GET", ("network", "referral"), referrals),
    ("POST", ("network", "referral"), new_referral),
    ("PATCH", ("network", "referral", ANY), changed_referral),
    ("DELETE", ("network", "referral", ANY), removed_referral),
)
