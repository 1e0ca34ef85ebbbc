"""Version 2: flat envelopes, short ids, ISO dates."""

from datetime import UTC, datetime

from providers.sandbox.messages import Reply
from providers.sandbox.trackier import people
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.logs import whole_row
from providers.sandbox.trackier.objects import Affiliate, Campaign, Json, local
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
    payout = {"currency": ctx.network.currency, "revenue": found.revenue, "payout": found.payout, "geo": ["ALL"]}
    return {
        "id": found.number,
        "title": found.title,
        "url": found.url,
        "status": found.status,
        "commModel": found.model.upper(),
        "currency": ctx.network.currency,
        "payouts": [payout],
        "created": _iso(found.created),
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


ROUTES: tuple[Route, ...] = (
    ("GET", ("publishers",), publishers),
    ("POST", ("publishers",), new_publisher),
    ("GET", ("campaigns",), campaigns),
    ("GET", ("campaigns", ANY), campaign),
    ("POST", ("campaigns", ANY), changed_campaign),
    ("GET", ("reports", "custom"), custom),
    ("GET", ("reports", "conversions"), conversions),
    ("GET", ("conversions",), conversions),
)
