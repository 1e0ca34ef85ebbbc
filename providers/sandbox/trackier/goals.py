"""What is paid for at a campaign besides its usual result, what single partners get for it, and its landing pages."""

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.objects import OTHER, Campaign, Json, money, named, php_date
from providers.sandbox.trackier.replies import Refusal, answer, success

GOAL_FIELDS = ("title", "value", "type", "model", "whitelist_pubs", "blacklist_pubs")
PAGE_FIELDS = ("title", "preview_url", "url")


def of_campaign(ctx: Context, campaign_id: str) -> Reply:
    """At the root, with a currency."""
    found = [{"goal": _goal(each), "payouts": each["payouts"]} for each in ctx.campaign(campaign_id).goals]
    return answer({"success": True, "currency": ctx.network.currency, "goals": found})


def created(ctx: Context) -> Reply:
    given = ctx.body.get("goal")
    if not isinstance(given, dict):
        raise Refusal(20, "The goal field is required")
    for name in ("title", "value", "type", "ad_id", "model"):
        if given.get(name) in (None, ""):
            raise Refusal(20, f"The {name} field is required")
    ctx.needs("payouts")
    campaign = ctx.campaign(str(given["ad_id"]))
    goal = {"_id": ctx.new_id(OTHER)} | {name: given[name] for name in GOAL_FIELDS if name in given}
    goal["payouts"] = [_payout(ctx, each) for each in ctx.body["payouts"]]
    campaign.goals.append(goal)
    return success(goal=_goal(goal), payouts=goal["payouts"], message="Goal Created Successfully!!")


def single(ctx: Context, goal_id: str) -> Reply:
    goal, _ = _find(ctx, goal_id)
    return success(goal=_goal(goal), payouts=goal["payouts"])


def changed(ctx: Context, goal_id: str) -> Reply:
    goal, _ = _find(ctx, goal_id)
    goal |= {name: ctx.body[name] for name in GOAL_FIELDS if name in ctx.body}
    pubs = {name: goal.get(name, []) for name in ("whitelist_pubs", "blacklist_pubs")}
    return success(goal=_goal(goal) | pubs, payouts=goal["payouts"], message="Goal updated Successfully!!")


def removed(ctx: Context, goal_id: str) -> Reply:
    goal, campaign = _find(ctx, goal_id)
    campaign.goals.remove(goal)
    return success(message="Goal removed from database!!")


def new_payout(ctx: Context, goal_id: str) -> Reply:
    goal, _ = _find(ctx, goal_id)
    goal["payouts"].append(_payout(ctx, ctx.body))
    return answer({"success": True, "payouts": goal["payouts"]})


def changed_payout(ctx: Context, goal_id: str, payout_id: str) -> Reply:
    """Under ``payout``, and yet a list."""
    goal, _ = _find(ctx, goal_id)
    found = named(goal["payouts"], "_id", payout_id)
    found |= _payout(ctx, ctx.body) | {"_id": payout_id}
    return success(payout=[found], message="Payout Updated Successfully!!")


def removed_payout(ctx: Context, goal_id: str, payout_id: str) -> Reply:
    goal, _ = _find(ctx, goal_id)
    goal["payouts"].remove(named(goal["payouts"], "_id", payout_id))
    return success(message="Payout removed successfully!!")


def own_payouts(ctx: Context, campaign_id: str, publisher_id: str = "") -> Reply:
    found = ctx.campaign(campaign_id).own_payouts
    return success(payouts=[each for each in found if not publisher_id or publisher_id in each["pids"]])


def new_own_payout(ctx: Context, campaign_id: str) -> Reply:
    made = {"_id": ctx.new_id(OTHER), "ad_id": campaign_id, "user_id": None} | _own_payout(ctx)
    ctx.campaign(campaign_id).own_payouts.append(made)
    return _at_root("Publisher Specific Payout Created Successfully", payouts=[made])


def changed_own_payout(ctx: Context, campaign_id: str, payout_id: str) -> Reply:
    found = named(ctx.campaign(campaign_id).own_payouts, "_id", payout_id)
    found |= _own_payout(ctx)
    return _at_root("Publisher Specific Payout Updated Successfully", payouts=[found])


def removed_own_payout(ctx: Context, campaign_id: str, payout_id: str) -> Reply:
    """The only answer without ``data``."""
    payouts = ctx.campaign(campaign_id).own_payouts
    payouts.remove(named(payouts, "_id", payout_id))
    return answer({"success": True, "message": "Publisher Specific Payout Deleted Successfully"})


def pages(ctx: Context, campaign_id: str) -> Reply:
    return success(landing_pages=ctx.campaign(campaign_id).pages)


def new_page(ctx: Context, campaign_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    ctx.needs("url")
    made: Json = {"_id": ctx.new_id(OTHER), "int_id": len(campaign.pages) + 1, "modified": None}
    campaign.pages.append(made | dict.fromkeys(PAGE_FIELDS) | _page(ctx))
    return _at_root("Landing page added Successfully", landing_pages=campaign.pages)


def changed_page(ctx: Context, campaign_id: str, page_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    found = named(campaign.pages, "_id", page_id)
    found |= _page(ctx) | {"modified": php_date(ctx.now, ctx.switches.zone)}
    return _at_root("Landing page updated Successfully", landing_pages=campaign.pages)


def removed_page(ctx: Context, campaign_id: str, page_id: str) -> Reply:
    campaign = ctx.campaign(campaign_id)
    campaign.pages.remove(named(campaign.pages, "_id", page_id))
    return _at_root("Landing page deleted Successfully", landing_pages=campaign.pages)


def _find(ctx: Context, goal_id: str) -> tuple[Json, Campaign]:
    for campaign in ctx.network.campaigns.values():
        for goal in campaign.goals:
            if goal["_id"] == goal_id:
                return goal, campaign
    raise Refusal(31)


def _goal(goal: Json) -> Json:
    return {name: goal.get(name) for name in ("_id", "title", "value", "type")}


def _payout(ctx: Context, given: Json) -> Json:
    if any(name not in given for name in ("payout", "revenue", "coverage")):
        raise Refusal(20, "payout, revenue and coverage are required")
    amounts = {name: money(given[name]) for name in ("revenue", "payout")}
    return {"_id": ctx.new_id(OTHER), "coverage": given["coverage"], **amounts, "model": "fixed"}


def _own_payout(ctx: Context) -> Json:
    """Comes back as ``rate``, without the revenue."""
    ctx.needs("goal_id", "pids", "payout")
    if ctx.body.get("crev") not in (0, 1):
        raise Refusal(20, "The crev field is required")
    if ctx.body["crev"] == 1:
        ctx.needs("revenue")
    known = {name: ctx.body[name] for name in ("goal_id", "pids", "crev")}
    return known | {"rate": money(ctx.body["payout"]), "coverage": ctx.body.get("coverage", ["ALL"])}


def _page(ctx: Context) -> Json:
    return {name: ctx.body[name] for name in PAGE_FIELDS if name in ctx.body}


def _at_root(message: str, **held: object) -> Reply:
    """The message beside ``data``, not in it."""
    return answer({"success": True, "message": message, "data": held})


ROUTES: tuple[Route, ...] = (
    ("POST", ("goal",), created),
    ("GET", ("goal", "campaign", ANY), of_campaign),
    ("POST", ("goal", "payout", ANY), new_payout),
    ("POST", ("goal", "payout", ANY, ANY), changed_payout),
    ("DELETE", ("goal", "payout", ANY, ANY), removed_payout),
    ("GET", ("goal", ANY), single),
    ("POST", ("goal", ANY), changed),
    ("DELETE", ("goal", ANY), removed),
    ("GET", ("campaign", "pub-payout", ANY), own_payouts),
    ("POST", ("campaign", "pub-payout", ANY), new_own_payout),
    ("GET", ("campaign", "pub-payout", ANY, ANY), own_payouts),
    ("POST", ("campaign", "pub-payout", ANY, ANY), changed_own_payout),
    ("DELETE", ("campaign", "pub-payout", ANY, ANY), removed_own_payout),
    ("GET", ("campaign", "lpages", ANY), pages),
    ("POST", ("campaign", "lpages", ANY), new_page),
    ("POST", ("campaign", "lpages", ANY, ANY), changed_page),
    ("DELETE", ("campaign", "lpages", ANY, ANY), removed_page),
)
