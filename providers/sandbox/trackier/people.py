"""Affiliates: listed, made, changed, removed."""

from datetime import timedelta

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.figures import by_day
from providers.sandbox.trackier.objects import AFFILIATE, Affiliate
from providers.sandbox.trackier.replies import Refusal, data, success
from providers.sandbox.trackier.shapes import new_user, old_user

EDITABLE = ("name", "username", "email", "phone", "country", "live", "zone", "currency")


def listed(ctx: Context) -> Reply:
    users = [old_user(ctx.network, each, ctx.switches) for each in ctx.network.affiliates.values()]
    size = ctx.switches.affiliates_per_page
    if not size:
        return data(affiliates=users)
    page = ctx.number("page", 1)
    return data(affiliates=users[(page - 1) * size : page * size], total=len(users), page=page, limit=size)


def single(ctx: Context, affiliate_id: str) -> Reply:
    return data(affiliate=old_user(ctx.network, ctx.affiliate(affiliate_id), ctx.switches))


def created(ctx: Context) -> Reply:
    ctx.needs("name", "email", "password")
    _email_is_free(ctx, ctx.body["email"])
    if ctx.switches.required_field and not (ctx.body.get("custom_fields") or {}).get("club_website"):
        raise Refusal(20, "The custom_fields club_website field is required")
    user = store(ctx)
    return success(user=old_user(ctx.network, user, ctx.switches), message="Publisher Added!!")


def store(ctx: Context) -> Affiliate:
    """A new account, disabled at first. The password is not kept."""
    body = ctx.body
    user = Affiliate(
        id=ctx.new_id(AFFILIATE),
        number=1 + max((each.number for each in ctx.network.affiliates.values()), default=0),
        name=body["name"],
        email=body["email"],
        phone=body.get("phone"),
        country=body.get("country"),
        created=ctx.now,
        live=False,
    )
    ctx.network.affiliates[user.id] = user
    return user


def changed(ctx: Context, affiliate_id: str) -> Reply:
    user = ctx.affiliate(affiliate_id)
    if "email" in ctx.body and ctx.body["email"] != user.email:
        _email_is_free(ctx, ctx.body["email"])
    for name in EDITABLE:
        if name in ctx.body:
            setattr(user, name, ctx.body[name])
    for name, kept in (("bank", "bank"), ("meta_payout", "payout")):
        if name in ctx.body:
            user.meta[kept] = ctx.body[name]
    user.modified = ctx.now
    return success(affiliate=new_user(ctx.network, user, ctx.switches), message="Affiliate Updated!!")


def removed(ctx: Context, affiliate_id: str) -> Reply:
    """With all its data."""
    user = ctx.affiliate(affiliate_id)
    del ctx.network.affiliates[user.id]
    for key in [key for key in ctx.network.links if key[0] == user.id]:
        del ctx.network.links[key]
    for conversion in [each for each in ctx.network.conversions.values() if each.affiliate is user]:
        del ctx.network.conversions[conversion.id]
    return success(message="Affiliate removed!!")


def earnings(ctx: Context, affiliate_id: str) -> Reply:
    user = ctx.affiliate(affiliate_id)
    start, end = ctx.day("start", ctx.today - timedelta(days=30)), ctx.day("end", ctx.today)
    rows = ctx.ledger.daily(start, end, lambda link: link.affiliate is user)
    return data(user=old_user(ctx.network, user, ctx.switches), **by_day(rows, revenue=False))


def _email_is_free(ctx: Context, email: str) -> None:
    if any(each.email.lower() == str(email).lower() for each in ctx.network.affiliates.values()):
        raise Refusal(33, "email is already taken")


ROUTES: tuple[Route, ...] = (
    ("GET", ("affiliate",), listed),
    ("POST", ("affiliate",), created),
    ("GET", ("affiliate", "earning", ANY), earnings),
    ("GET", ("affiliates", "earning", ANY), earnings),
    ("GET", ("affiliate", ANY), single),
    ("POST", ("affiliate", ANY), changed),
    ("DELETE", ("affiliate", ANY), removed),
)
