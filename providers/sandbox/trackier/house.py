"""The network's own affairs: its account, its lists of words and fields, and those who pay."""

from urllib.parse import parse_qsl

from providers.sandbox.messages import Reply
from providers.sandbox.trackier.context import ANY, Context, Route
from providers.sandbox.trackier.objects import OTHER, Affiliate, Json, day, named
from providers.sandbox.trackier.replies import Refusal, data, success
from providers.sandbox.trackier.shapes import old_user

DEVICES = ("all", "android", "iphone", "winphone", "linux", "windows", "mac", "ipad")
EDITABLE = ("name", "username", "email", "phone", "country", "live", "zone", "currency")


def account(ctx: Context) -> Reply:
    return success(currencyCodes=["GBP", "EUR", "USD"], network=_network(ctx))


def changed_account(ctx: Context) -> Reply:
    network = ctx.network
    network.name = ctx.body.get("name", network.name)
    network.currency = ctx.body.get("currency", network.currency)
    network.appearance |= {name: ctx.body[name] for name in ("email", "support", "termsurl") if name in ctx.body}
    return account(ctx)


def _network(ctx: Context) -> Json:
    network = ctx.network
    return {
        "_id": network.id,
        "name": network.name,
        "domain": network.domain,
        "url": f"{network.domain}.example",
        "appearance": {"email": f"hello@{network.domain}.example", "support": "", "termsurl": "", "hlogo": ""}
        | network.appearance,
        "region": {"currency": network.currency, "zone": ctx.switches.zone},
        "live": True,
        "created": day(network.created, ctx.switches.zone),
        "modified": None,
        "meta": [],
    }


def countries(ctx: Context) -> Reply:
    del ctx
    return success(countries={"ALL": "All", "GB": "United Kingdom", "IE": "Ireland"})


def devices(ctx: Context) -> Reply:
    del ctx
    return success(devices={name: name.title() for name in DEVICES})


def categories(ctx: Context) -> Reply:
    return success(categories=[each | {"org_id": ctx.network.id} for each in ctx.network.categories])


def new_category(ctx: Context) -> Reply:
    """As JSON, or as a form."""
    is_form = "form" in ctx.request.headers.get("content-type", "")
    given = dict(parse_qsl(ctx.request.body.decode(errors="replace"))) if is_form else ctx.body
    if not given.get("name"):
        raise Refusal(20, "The name field is required")
    made = {"_id": ctx.new_id(OTHER), "name": str(given["name"])}
    ctx.network.categories.append(made)
    return success(category=made | {"org_id": ctx.network.id}, message="Category saved successfully!!")


def removed_category(ctx: Context, category_id: str) -> Reply:
    ctx.network.categories.remove(named(ctx.network.categories, "_id", category_id))
    return success(message="Category removed!!")


def fields(ctx: Context) -> Reply:
    """The key is ``id``. The first of the affiliates' is required where the switch says so."""
    kind = ctx.request.segments[-1]
    asked = {"required": True} if kind == "affiliate" and ctx.switches.required_field else {}
    first, *others = ctx.network.custom_fields[kind] or [{}]
    return success(fields=[each for each in (first | asked if first else {}, *others) if each])


def new_field(ctx: Context) -> Reply:
    """The answer does not tell its id."""
    ctx.needs("fname")
    label = str(ctx.body["fname"])
    made = {"id": ctx.new_id(OTHER), "label": label, "name": label.lower().replace(" ", "_")}
    made |= {"type": ctx.body.get("ftype", "text"), "required": ctx.body.get("frequired", True)}
    ctx.network.custom_fields[ctx.request.segments[-1]].append(made)
    return success(message="Custom field saved!!")


def removed_field(ctx: Context, field_id: str) -> Reply:
    held = ctx.network.custom_fields[ctx.request.segments[-2]]
    held.remove(named(held, "id", field_id))
    return success(message="Custom field removed!!")


def advertisers(ctx: Context) -> Reply:
    """Under ``type`` the word for partners, by a slip."""
    return data(advertisers=[old_user(ctx.network, each, ctx.switches) for each in ctx.network.advertisers.values()])


def advertiser(ctx: Context, advertiser_id: str) -> Reply:
    return data(advertiser=old_user(ctx.network, _payer(ctx, advertiser_id), ctx.switches))


def new_advertiser(ctx: Context) -> Reply:
    ctx.needs("name", "email", "password")
    payer = Affiliate(
        id=ctx.new_id(OTHER),
        number=1 + len(ctx.network.advertisers),
        name=ctx.body["name"],
        email=ctx.body["email"],
        created=ctx.now,
        live=False,
    )
    ctx.network.advertisers[payer.id] = payer
    return success(user=old_user(ctx.network, payer, ctx.switches), message="Advertiser Added!!")


def changed_advertiser(ctx: Context, advertiser_id: str) -> Reply:
    payer = _payer(ctx, advertiser_id)
    for name in EDITABLE:
        if name in ctx.body:
            setattr(payer, name, ctx.body[name])
    return success(user=old_user(ctx.network, payer, ctx.switches), message="Advertiser Updated!!")


def removed_advertiser(ctx: Context, advertiser_id: str) -> Reply:
    del ctx.network.advertisers[_payer(ctx, advertiser_id).id]
    return success(message="Advertiser removed!!")


def _payer(ctx: Context, advertiser_id: str) -> Affiliate:
    found = ctx.network.advertisers.get(advertiser_id)
    if found is None:
        raise Refusal(31)
    return found


def not_for_networks(ctx: Context, *ids: str) -> Reply:
    """Affiliates and advertisers have an API of their own at these addresses, for keys of theirs."""
    del ctx, ids
    raise Refusal(5)


THEIRS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("GET", ("affiliate", "campaigns")),
    ("GET", ("affiliate", "campaigns", ANY)),
    ("GET", ("affiliate", "link", ANY)),
    ("POST", ("affiliate", "link", ANY)),
    ("GET", ("affiliate", "customReport")),
    ("GET", ("affiliate", "conversions")),
    ("GET", ("affiliate", "account")),
    ("PATCH", ("affiliate", "account")),
    ("POST", ("affiliate", "requestAccess", ANY)),
    ("GET", ("advertiser", "campaigns")),
    ("GET", ("advertiser", "campaigns", ANY)),
    ("GET", ("advertiser", "campaignStats", ANY)),
    ("GET", ("advertiser", "report")),
    ("GET", ("advertiser", "customReport")),
    ("GET", ("advertiser", "account")),
    ("PATCH", ("advertiser", "account")),
    ("POST", ("advertiser", "conversion-import")),
    ("GET", ("advertiser", "conversion-logs")),
)
ROUTES: tuple[Route, ...] = (
    *((method, path, not_for_networks) for method, path in THEIRS),
    ("GET", ("network", "account"), account),
    ("PATCH", ("network", "account"), changed_account),
    ("GET", ("dictionary", "countries"), countries),
    ("GET", ("dictionary", "devices"), devices),
    ("GET", ("dictionary", "categories"), categories),
    ("POST", ("dictionary", "categories"), new_category),
    ("DELETE", ("dictionary", "categories", ANY), removed_category),
    ("GET", ("dictionary", "customField", "affiliate"), fields),
    ("POST", ("dictionary", "customField", "affiliate"), new_field),
    ("DELETE", ("dictionary", "customField", "affiliate", ANY), removed_field),
    ("GET", ("dictionary", "customField", "advertiser"), fields),
    ("POST", ("dictionary", "customField", "advertiser"), new_field),
    ("DELETE", ("dictionary", "customField", "advertiser", ANY), removed_field),
    ("GET", ("advertiser",), advertisers),
    ("POST", ("advertiser",), new_advertiser),
    ("GET", ("advertiser", ANY), advertiser),
    ("POST", ("advertiser", ANY), changed_advertiser),
    ("DELETE", ("advertiser", ANY), removed_advertiser),
)
