"""What a provider will ask for an entry, worked out from what its listing says. The portal charges nobody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from organiser_portal.events.models import Listing, Sku


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a bill: minor units, None when the provider does not say."""

    text: str
    minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """``total`` None: a line has no amount, or the currencies differ."""

    lines: tuple[Line, ...]
    currency: str
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """So many of one variation."""

    sku: Sku
    quantity: int


def place_price(listing: Listing, *, affiliated: bool) -> int | None:
    """The place alone, in minor units, without the provider's fee."""
    if affiliated and listing.affiliated_price_minor is not None:
        return listing.affiliated_price_minor
    return listing.price_minor


def bill(listing: Listing, *, affiliated: bool, wanted: Sequence[Wanted], provider_label: str) -> Bill:
    """The place, the fee if the entrant pays it, and every product with fee and shipping."""
    at_less = affiliated and listing.affiliated_price_minor is not None
    name = listing.name or "Place"
    lines = [Line(text=f"{name}, affiliated" if at_less else name, minor=place_price(listing, affiliated=affiliated))]
    if listing.fee_paid_by_entrant and listing.fee_minor:
        lines.append(Line(text=f"{provider_label}'s fee, paid by the entrant", minor=listing.fee_minor))
    ordered = [each for each in wanted if each.quantity > 0]
    lines.extend(_order_line(each) for each in ordered)
    one_currency = {listing.currency, *(each.sku.currency for each in ordered)} - {""}
    amounts = [line.minor for line in lines if line.minor is not None]
    whole = len(amounts) == len(lines) and len(one_currency) == 1
    return Bill(lines=tuple(lines), currency=listing.currency, total=sum(amounts) if whole else None)


def each_price(sku: Sku) -> int | None:
    """One piece, with the fee if the entrant pays it, in minor units."""
    if sku.price_minor is None:
        return None
    return sku.price_minor + ((sku.fee_minor or 0) if sku.fee_paid_by_entrant else 0)


def _order_line(each: Wanted) -> Line:
    one, post = each_price(each.sku), each.sku.shipping_minor or 0
    text = " ".join(filter(None, [f"{each.quantity} ×" if each.quantity > 1 else "", named(each.sku)]))
    return Line(text=f"{text}, with post" if post else text, minor=None if one is None else each.quantity * one + post)


def named(sku: Sku) -> str:
    """ "Finisher vest, M". Some providers repeat the product's name in the variation's."""
    product, title = sku.product.title, sku.title
    return title if not product or product in title else f"{product}, {title}".rstrip(", ")
