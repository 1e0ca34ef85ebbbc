"""Amounts in words. Never without their currency, and never two currencies in one."""

from collections.abc import Iterable
from decimal import Decimal

from organiser_portal.core.exact import ENOUGH
from organiser_portal.core.wording import signed

NOT_TOLD = "(currency not told)"


def exactly(amount: Decimal, currency: str) -> str:
    """ "£12.345": every decimal that says something, two at least."""
    plain = ENOUGH.create_decimal(amount).normalize(ENOUGH)
    exponent = plain.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return _in(f"{plain.quantize(Decimal(1).scaleb(-places), context=ENOUGH):,f}", currency)


def rounded(amount: Decimal, currency: str) -> str:
    """ "£12.35", and "£0.015" of what is less than a tenth; for lists, the exact one belongs beside it."""
    if not amount or abs(amount) >= Decimal("0.1"):
        return _in(f"{amount:,.2f}", currency)
    return exactly(Decimal(f"{amount:.{1 - amount.adjusted()}f}"), currency)


def _in(amount: str, currency: str) -> str:
    return signed(amount, currency) if currency else f"{amount} {NOT_TOLD}"


def by_currency(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Sums, one for each currency, in their order of name."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = ENOUGH.add(sums.get(currency, Decimal(0)), amount)
    return dict(sorted(sums.items()))
