"""The logs: conversions, clicks, imports and their jobs."""

from datetime import timedelta
from decimal import Decimal

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.objects import (
    CLICK,
    CONVERSION,
    JOB,
    Conversion,
    Json,
    Link,
    local,
    long_id,
    naive,
    offset_date,
    php_date,
)
from providers.sandbox.trackier.replies import Refusal, answer, shown, success

COLUMNS = (
    "_id", "cid", "created", "status", "method", "payout", "revenue", "sale", "txnId", "sub1", "goal_id", "goal_name",
    "campaign_id", "campaign_long_id", "campaign_name", "publisher_id", "publisher_long_id", "publisher_name", "adid",
    "pid", "ipaddr", "clickIp",
)  # fmt: skip
USUAL = ("cid", "status", "payout", "adid", "pid")
MOST_ERRORS = 10


def conversions(ctx: Context) -> Reply:
    """A filter counts only if ``query[]`` names it; everything in force is said back."""
    named = {"start", "end", *([] if ctx.switches.ignore_query else ctx.many("query"))}
    fields = ctx.many("fields") if "fields" in named and ctx.many("fields") else list(USUAL)
    echo: Json = {"fields": fields}
    if not ctx.switches.ignore_query:
        echo |= {name: ctx.one(name) for name in ("start", "end") if ctx.one(name)}
    found = _filtered(ctx, named, echo)
    limit = min(ctx.number("limit", 500), ctx.switches.page_limit)
    page = 1 if ctx.switches.ignore_page else ctx.number("page", 1)
    rows = {each.id: _row(ctx, each, fields) for each in found[(page - 1) * limit : page * limit]}
    return answer(
        {
            "success": True,
            "query": echo,
            "limit": limit,
            "page": page,
            "columns": {name: name.title() for name in COLUMNS},
            "records": _as_records(ctx, rows),
            "count": len(found),
        }
    )


def _as_records(ctx: Context, rows: dict[str, Json]) -> object:
    if ctx.switches.records == "list":
        return [{"_id": name, **row} for name, row in rows.items()]
    return rows or []


def _filtered(ctx: Context, named: set[str], echo: Json) -> list[Conversion]:
    found = sorted(ctx.network.conversions.values(), key=lambda each: (each.created, each.id), reverse=True)
    if ctx.switches.ignore_query:
        return found
    start, end = ctx.day("start", ctx.today), ctx.day("end", ctx.today)
    found = [each for each in found if start <= local(each.created, ctx.switches.zone).date() <= end]
    for name, values in (("adid", ctx.many("adid")), ("pid", ctx.many("pid")), ("cid", ctx.asked.get("cid", []))):
        if name in named and values:
            echo[name] = values
            found = [each for each in found if {str(part) for part in _names(each, name)} & set(values)]
    for name in named & set(COLUMNS) - {"adid", "pid", "cid"}:
        if wanted := ctx.one(name):
            echo[name] = wanted
            found = [each for each in found if str(whole_row(ctx, each).get(name)) == wanted]
    return found


def _names(conversion: Conversion, name: str) -> tuple[object, ...]:
    held = {
        "adid": (conversion.campaign.id, conversion.campaign.number),
        "pid": (conversion.affiliate.id, conversion.affiliate.number),
        "cid": (conversion.click,),
    }
    return held[name]


def _row(ctx: Context, each: Conversion, fields: list[str]) -> Json:
    """``status`` and ``referer`` come even if nobody asked."""
    row = whole_row(ctx, each)
    return {name: row.get(name) for name in fields if name != "_id"} | {"status": each.status, "referer": None}


def whole_row(ctx: Context, each: Conversion) -> Json:
    return {
        "_id": each.id,
        "cid": each.click,
        "created": php_date(each.created, ctx.switches.zone),
        "status": each.status,
        "method": "PostBack URL",
        "payout": shown(each.payout, ctx.switches),
        "revenue": shown(each.revenue, ctx.switches),
        "sale": shown(each.sale, ctx.switches),
        "txnId": each.transaction,
        "sub1": None,
        "goal_id": None,
        "goal_name": None,
        "campaign_id": each.campaign.number,
        "campaign_long_id": each.campaign.id,
        "campaign_name": each.campaign.title,
        "publisher_id": each.affiliate.number,
        "publisher_long_id": each.affiliate.id,
        "publisher_name": each.affiliate.name,
        "adid": each.campaign.title,
        "pid": each.affiliate.name,
        "ipaddr": "192.0.2.0",
        "clickIp": "192.0.2.0",
    }


def imported(ctx: Context) -> Reply:
    """Asynchronous: the work shows when the job is read. More than ten errors halt it part-way."""
    items = ctx.body.get("conversions")
    if not isinstance(items, list):
        raise Refusal(20, "The conversions field is required")
    tally = {"Total Processed": 0, "Imported": 0, "Edited": 0, "Errors": 0}
    for item in items:
        tally["Total Processed"] += 1
        tally[_import_one(ctx, item if isinstance(item, dict) else {})] += 1
        if tally["Errors"] > MOST_ERRORS:
            break
    job_id = ctx.new_id(JOB)
    status = "failed" if tally["Errors"] > MOST_ERRORS else "completed"
    told = " | ".join(f"{name}: {number}" for name, number in tally.items())
    ctx.network.jobs[job_id] = {"at": ctx.now, "status": status, "told": told, "reads": 0}
    shown_job = {"_id": job_id, "status": "pending", "created": offset_date(ctx.now)}
    return success(message="Job has been queued!!", job=shown_job)


def _import_one(ctx: Context, item: Json) -> str:
    known = ctx.network.conversions.get(str(item.get("conversion_id", "")))
    if known:
        known.status = item.get("status", known.status)
        return "Edited"
    affiliate = ctx.network.affiliate(item.get("publisher_id"))
    campaign = ctx.network.campaign(item.get("campaign_id"))
    if affiliate is None or campaign is None or "conversion_id" in item:
        return "Errors"
    made = Conversion(
        id=ctx.new_id(CONVERSION),
        click=str(item.get("click_id") or ctx.new_id(CLICK)),
        affiliate=affiliate,
        campaign=campaign,
        created=ctx.now,
        status=item.get("status", "approved"),
        payout=Decimal(str(item.get("payout", campaign.payout))),
        revenue=Decimal(str(item.get("revenue", campaign.revenue))),
        sale=Decimal(str(item.get("sale_amount", 0))),
        transaction=item.get("txn_id"),
    )
    ctx.network.conversions[made.id] = made
    return "Imported"


def jobs(ctx: Context) -> Reply:
    """To be read here counts as well: nobody follows a job whose answer was lost."""
    latest = list(ctx.network.jobs.items())[-50:]
    for _, found in latest:
        found["reads"] += 1
    return success(jobs=[_job(job_id, job) for job_id, job in reversed(latest)])


def job(ctx: Context, job_id: str) -> Reply:
    """Pending, then in progress, then done, by reads. Its log is in the network's zone, the job itself in UTC."""
    found = ctx.network.jobs.get(job_id)
    if found is None:
        raise Refusal(31)
    found["reads"] += 1
    logged = found["at"] + timedelta(seconds=11)
    log = {"_id": job_id, "object": "import.csv.conversions", "priority": 1, "message": found["told"]}
    logs = [log | {"created": naive(logged, ctx.switches.zone)}] if found["reads"] > 2 else []
    return success(job=_job(job_id, found), logs=logs)


def _job(job_id: str, found: Json) -> Json:
    status = {0: "pending", 1: "pending", 2: "progress"}.get(found["reads"], found["status"])
    return {"_id": job_id, "name": "import.json.conversion", "status": status, "created": offset_date(found["at"])}


def clicks(ctx: Context) -> Reply:
    rows = click_rows(ctx, campaigns=ctx.many("campaign_id"), publishers=ctx.many("publisher_id"))
    limit, page = min(ctx.number("limit", 1000), 1000), ctx.number("page", 1)
    echo = {"start": str(ctx.day("start", ctx.today)), "end": str(ctx.day("end", ctx.today))}
    return success(
        clicks=rows[(page - 1) * limit : page * limit],
        fieldMap={"_id": "Click ID"},
        query=echo | {"campaign_id": ctx.many("campaign_id"), "publisher_id": ctx.many("publisher_id")},
        pagination={"per_page": limit, "current_page": page, "total": len(rows)},
    )


def click_rows(ctx: Context, *, campaigns: list[str], publishers: list[str]) -> list[Json]:
    """Numbered by the day and the link, so that a click keeps its id. Both kinds of id narrow; nothing: all."""

    def wanted(link: Link) -> bool:
        in_campaign = not campaigns or {link.campaign.id, str(link.campaign.number)} & set(campaigns)
        by_partner = not publishers or {link.affiliate.id, str(link.affiliate.number)} & set(publishers)
        return bool(in_campaign and by_partner)

    daily = ctx.ledger.daily(ctx.day("start", ctx.today), ctx.day("end", ctx.today), wanted)
    return [
        {
            "_id": long_id(each.affiliate.created, CLICK, each.day.toordinal() * 1000 + number),
            "created": f"{each.day} 09:58:02",
            "campaign_id": each.campaign.number,
            "campaign_long_id": each.campaign.id,
            "campaign_title": each.campaign.title,
            "publisher_id": each.affiliate.number,
            "publisher_long_id": each.affiliate.id,
            "publisher_name": each.affiliate.name,
            "country": "GB",
            "device": "mobile",
        }
        for each in daily
        for number in range(each.figures.clicks)
    ]


ROUTES: tuple[Route, ...] = (
    ("GET", ("network", "conversions"), conversions),
    ("POST", ("network", "conversion-import"), imported),
    ("GET", ("jobs",), jobs),
    ("GET", ("jobs", ANY), job),
    ("GET", ("network", "clicks"), clicks),
)
