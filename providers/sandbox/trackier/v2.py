"""Version 2: flat envelopes, short ids, ISO dates."""

from datetime import UTC, datetime

from providers.sandbox.messages import Reply
from providers.sandbox.trackier import people
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.logs import click_rows, whole_row
from providers.sandbox.trackier.objects import CAMPAIGN, Affiliate, Campaign, Json, local, money
from providers.sandbox.trackier.offers import apply
from providers.sandbox.trackier.replies import NoSuchAddress, Refusal, answer
from providers.sandbox.trackier.reports import records


def publishers(ctx: Context) -> Reply:
    found = [_publisher(each) for each in ctx.network.affiliates.values()]
    limit, page = ctx.number("limit", 1000), ctx.number("page", 1)
    paging = {"perPage": limit, "currentPage": page, "totalCount": len(found)}
    return answer({"publishers": found[(page - 1) * limit : page * limit], "pagination": paging})


def new_publisher(ctx: Context) -> Reply:
    ctx.needs("name", "email", "password")
    if any(each.email.lower() == str(ctx.body["email"]).lower() for each in ctx.network.affiliates.values()):
        raise Refusal(33, "email is already taken")
    return answer({"success": True, "publisher": _publisher(people.store(ctx))})


def campaigns(ctx: Context) -> Reply:
    found = [_campaign(each, ctx) for each in ctx.network.campaigns.values()]
    limit, page = ctx.number("limit", 1000), ctx.number("page", 1)
    return answer({"success": True, "campaigns": found[(page - 1) * limit : page * limit], "count": len(found)})


def new_campaign(ctx: Context) -> Reply:
    """With what callers report as needed. Nothing is said about a default status: that of v1 is taken."""
    ctx.needs("title", "url", "advertiserId", "currency", "convTracking", "payouts")
    payer = ctx.network.payer(ctx.body["advertiserId"])
    if payer is None or not isinstance(ctx.body["advertiserId"], int):
        raise Refusal(20, "advertiserId is not valid")
    first: Json = ctx.body["payouts"][0]
    if any(first.get(name) is None for name in ("currency", "revenue", "payout", "geo")):
        raise Refusal(20, "payouts needs currency, revenue, payout and geo")
    found = Campaign(
        id=ctx.new_id(CAMPAIGN),
        number=1 + max((each.number for each in ctx.network.campaigns.values()), default=40),
        title=ctx.body["title"],
        url=ctx.body["url"],
        created=ctx.now,
        payout=money(first["payout"]),
        revenue=money(first["revenue"]),
        status=ctx.body.get("status", "pending"),
        values={name: ctx.body[name] for name in ("description", "currency") if name in ctx.body},
    )
    ctx.network.campaigns[found.id] = found
    return answer({"success": True, "campaign": _campaign(found, ctx)})


def set_status(ctx: Context) -> Reply:
    """Of several at once."""
    ctx.needs("campaignIds", "status")
    for each in [_by_number(ctx, str(number)) for number in ctx.body["campaignIds"]]:
        each.status = ctx.body["status"]
    return answer({"success": True})


def goals(ctx: Context, campaign_id: str) -> Reply:
    known = _by_number(ctx, campaign_id).goals
    found = [{"id": each["_id"], "title": each["title"], "payouts": each["payouts"]} for each in known]
    return answer({"success": True, "goals": found})


def advertisers(ctx: Context) -> Reply:
    found = [_publisher(each) for each in ctx.network.advertisers.values()]
    return answer({"advertisers": found[: ctx.number("limit", 1000)], "pagination": {"totalCount": len(found)}})


def clicks(ctx: Context) -> Reply:
    """By page tokens, which are numbers here."""
    rows = click_rows(ctx, campaigns=ctx.many("camp_ids"), publishers=ctx.many("pub_ids"))
    token, limit = ctx.number("pageToken", 1), ctx.number("limit", 1000)
    has_next = token * limit < len(rows)
    shown = rows[(token - 1) * limit : token * limit]
    following = {"nextPageToken": str(token + 1)} if has_next else {}
    return answer({"success": True, "clicks": shown, "hasNextPage": has_next, **following})


def not_for_networks(ctx: Context, *ids: str) -> Reply:
    """Partners' keys have these."""
    del ctx, ids
    raise Refusal(5)


def campaign(ctx: Context, campaign_id: str) -> Reply:
    return answer({"success": True, "campaign": _campaign(_by_number(ctx, campaign_id), ctx)})


def changed_campaign(ctx: Context, campaign_id: str) -> Reply:
    """Only what changes is sent, and there is no ``action``."""
    found = _by_number(ctx, campaign_id)
    if "action" in ctx.body:
        raise Refusal(20, "action is not allowed")
    apply(found, ctx.body)
    return answer({"success": True, "campaign": _campaign(found, ctx)})


def custom(ctx: Context) -> Reply:
    fields = ctx.many("kpi") or ["grossClicks", "payout", "revenue", "approvedConversions"]
    rows, _ = records(ctx, ctx.many("group") or ["campaign_id"], fields)
    return answer({"success": True, "records": rows})


def conversions(ctx: Context) -> Reply:
    if "/" + "/".join(ctx.request.segments[1:]) != ctx.switches.v2_conversions:
        raise NoSuchAddress
    start, end = ctx.day("start", ctx.today), ctx.day("end", ctx.today)
    zone = ctx.switches.zone
    found = [each for each in ctx.network.conversions.values() if start <= local(each.created, zone).date() <= end]
    limit, page = ctx.number("limit", 100), ctx.number("page", 1)
    rows = [whole_row(ctx, each) | {"created": _iso(each.created)} for each in found[(page - 1) * limit : page * limit]]
    paging = {"perPage": limit, "currentPage": page, "total": len(found)}
    return answer({"success": True, "conversions": rows, "pagination": paging})


def _by_number(ctx: Context, campaign_id: str) -> Campaign:
    found = next((each for each in ctx.network.campaigns.values() if str(each.number) == campaign_id), None)
    if found is None:
        raise Refusal(31)
    return found


def _publisher(user: Affiliate) -> Json:
    """No password hash here."""
    return {
        "id": user.number,
        "hashId": user.id,
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "company": None,
        "status": "active" if user.live else "disabled",
        "created": _iso(user.created),
    }


def _campaign(found: Campaign, ctx: Context) -> Json:
    currency = found.values.get("currency", ctx.network.currency)
    payout = {"currency": currency, "revenue": found.revenue, "payout": found.payout, "geo": ["ALL"]}
    return {
        "id": found.number,
        "title": found.title,
        "url": found.url,
        "status": found.status,
        "commModel": found.model.upper(),
        "currency": currency,
        "payouts": [payout],
        "created": _iso(found.created),
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


ROUTES: tuple[Route, ...] = (
    ("GET", ("publishers",), publishers),
    ("POST", ("publishers",), new_publisher),
    ("GET", ("publishers", "conversions"), not_for_networks),
    ("GET", ("publishers", "reports"), not_for_networks),
    ("GET", ("publishers", "profile"), not_for_networks),
    ("POST", ("publishers", "profile"), not_for_networks),
    ("GET", ("publishers", "categories"), not_for_networks),
    ("POST", ("publishers", "campaign", ANY, "access"), not_for_networks),
    ("GET", ("publisher", "campaigns"), not_for_networks),
    ("GET", ("publisher", "campaign", ANY), not_for_networks),
    ("GET", ("advertisers",), advertisers),
    ("GET", ("campaigns",), campaigns),
    ("POST", ("campaigns",), new_campaign),
    ("POST", ("campaigns", "status"), set_status),
    ("GET", ("campaigns", ANY, "goals"), goals),
    ("GET", ("campaigns", ANY), campaign),
    ("POST", ("campaigns", ANY), changed_campaign),
    ("GET", ("reports", "custom"), custom),
    ("GET", ("reports", "subid"), custom),
    ("GET", ("reports", "clicks"), clicks),
    ("GET", ("reports", "conversions"), conversions),
    ("GET", ("conversions",), conversions),
)
