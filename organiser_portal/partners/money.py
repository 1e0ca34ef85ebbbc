"""Amounts in words. Never without their currency, and never two currencies in one."""

from collections.abc import Iterable
from decimal import Decimal

from organiser_portal.core.exact import ENOUGH

NOT_TOLD = "(currency not told)"


def exactly(amount: Decimal, currency: str) -> str:
    """ "12.345 GBP": every decimal that says something, two at least."""
    plain = ENOUGH.create_decimal(amount).normalize(ENOUGH)
    exponent = plain.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{plain.quantize(Decimal(1).scaleb(-places), context=ENOUGH):,f} {currency or NOT_TOLD}"


def rounded(amount: Decimal, currency: str) -> str:
    """ "12.35 GBP", for lists; the exact one belongs beside it."""
    return f"{amount:,.2f} {currency or NOT_TOLD}"


def by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Sums, one for each currency, in their order of name."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = ENOUGH.add(sums.get(currency, Decimal(0)), amount)
    return dict(sorted(sums.items()))
