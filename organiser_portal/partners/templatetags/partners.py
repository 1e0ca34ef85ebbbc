"""Partners in templates."""

from decimal import Decimal
from typing import Any

from django import template

from organiser_portal.core.templatetags.portal import bar
from organiser_portal.partners.models import Earning

register = template.Library()


@register.inclusion_tag("components/bar.html")
def fill(used: int, held: int, channel: int, *, size: str = "") -> dict[str, Any]:
    """Places used of those held; what is held and not claimed is hatched."""
    segments = [(used, channel), (max(0, held - used), channel, True)]
    return bar(segments, held, f"{used} of {held} places used", size=size)


@register.filter
def earned(earning: Earning) -> str:
    """ "12.345 GBP": every decimal that says something, two at least, and the currency beside it."""
    exact = earning.payout.normalize()
    exponent = exact.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{exact.quantize(Decimal(1).scaleb(-places)):,f} {earning.currency or '(currency not told)'}"
