"""Partners in templates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template

from organiser_portal.core.display import NOTHING
from organiser_portal.core.templatetags.portal import bar
from organiser_portal.partners.figures import LINE, Money, Places
from organiser_portal.partners.money import exactly
from organiser_portal.partners.money import rounded as money_rounded
from organiser_portal.partners.tables import RACE

register = template.Library()

PAID = {
    "cpa": "paid per result",
    "cpc": "paid per click",
    "cpl": "paid per lead",
    "cps": "paid per sale",
    "cpm": "paid per thousand views",
}


@register.inclusion_tag("components/bar.html")
def fill(used: int, held: int, channel: int, *, size: str = "") -> dict[str, Any]:
    """Places used of those held; what is held and not claimed is hatched. The line is what should be used."""
    segments = [(used, channel), (max(0, held - used), channel, True)]
    return bar(segments, held, f"{used} of {held} places used", size=size, line=LINE * held)


@register.filter
def earned(money: Money) -> str:
    """ "£12.345"."""
    return exactly(money.earned, money.currency)


@register.filter
def exact(amount: Decimal | None, currency: str = "") -> str:
    """ "£12.345": every decimal that says something, and the currency beside it; None → "–"."""
    return NOTHING if amount is None else exactly(amount, currency)


@register.filter
def rounded(money: Money, of: str = "earned") -> str:
    """ "£12.35": ``of`` names the amount, for lists; the exact one belongs beside it."""
    return money_rounded(getattr(money, of), money.currency)


@register.filter
def about(amount: Decimal | None, currency: str = "") -> str:
    """As ``rounded``, of an amount without its results; None → "–"."""
    return NOTHING if amount is None else money_rounded(amount, currency)


@register.filter
def pays_for(model: str) -> str:
    """The trade's letters as words: "cpa" as "paid per result"."""
    return PAID.get(model.lower(), plainly(model))


@register.filter
def plainly(text: str) -> str:
    """ "SINGLE_USE" as "single use": a provider's own word as people write it."""
    return text.replace("_", " ").lower() if text.isupper() or "_" in text else text


@register.filter
def at_key(races: Sequence[Places], key: str) -> Places:
    """The places of the race whose column this is."""
    return races[int(key.removeprefix(RACE))]
