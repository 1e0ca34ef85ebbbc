"""Partners in templates."""

from decimal import Decimal
from typing import Any

from django import template

from organiser_portal.core.display import NOTHING
from organiser_portal.core.templatetags.portal import bar
from organiser_portal.partners.figures import LINE

register = template.Library()


@register.inclusion_tag("components/bar.html")
def fill(used: int, held: int, channel: int, *, size: str = "") -> dict[str, Any]:
    """Places used of those held; what is held and not claimed is hatched. The line is what should be used."""
    segments = [(used, channel), (max(0, held - used), channel, True)]
    return bar(segments, held, f"{used} of {held} places used", size=size, line=LINE * held)


@register.filter
def earned(money: Any) -> str:
    """ "12.345 GBP" of a ``figures.Money``."""
    return exact(money.earned, money.currency)


@register.filter
def exact(amount: Decimal | None, currency: str = "") -> str:
    """ "12.345 GBP": every decimal that says something, two at least, and the currency beside it; None → "–"."""
    if amount is None:
        return NOTHING
    plain = amount.normalize()
    exponent = plain.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{plain.quantize(Decimal(1).scaleb(-places)):,f} {currency or '(currency not told)'}"


@register.filter
def rounded(money: Any, of: str = "earned") -> str:
    """ "12.35 GBP": ``of`` names the amount, for lists; the exact one belongs beside it."""
    return f"{getattr(money, of):,.2f} {money.currency or '(currency not told)'}"


@register.filter
def plainly(text: str) -> str:
    """ "SINGLE_USE" as "single use": a provider's own word as people write it."""
    return text.replace("_", " ").lower() if text.isupper() or "_" in text else text
