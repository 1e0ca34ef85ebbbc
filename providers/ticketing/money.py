"""Amounts in major units without a currency, made exact minor units of the one the connection names."""

from decimal import Decimal, InvalidOperation

import msgspec

from providers.records import Money

# Everything else has two decimals (ISO 4217).
_NO_DECIMALS = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
        *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_LARGEST = Decimal(2**31 - 1)
_MOST_DIGITS = 9  # before the point, or noughts behind it: more is no price, and no column holds it


def money(raw: msgspec.Raw, currency: str) -> Money | None:
    """The amount, read from its text. A fraction of a minor unit is kept as it came, not rounded."""
    amount = decimal(raw)
    if amount is None or not -_MOST_DIGITS <= amount.adjusted() < _MOST_DIGITS:
        return None
    minor = amount.scaleb(_decimals(currency))
    if minor != minor.to_integral_value() or abs(minor) > _LARGEST:
        return Money(minor=None, currency=currency, unknown_unit=amount)
    return Money(minor=int(minor), currency=currency)


def decimal(raw: msgspec.Raw) -> Decimal | None:
    """A JSON number, or a number in a string; None for anything else."""
    try:
        amount = Decimal(bytes(raw).decode().strip().strip('"').strip())
    except (InvalidOperation, UnicodeDecodeError):
        return None
    return amount if amount.is_finite() else None


def _decimals(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2
