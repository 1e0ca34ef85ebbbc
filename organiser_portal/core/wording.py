"""How figures, money and times are written. Pure: values in, text out."""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}
# ISO 4217 currencies that do not have two decimal places.
DECIMALS = {"CLP": 0, "ISK": 0, "JPY": 0, "KRW": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}

# English on every machine, and a list of fifty times need not ask its locale three hundred times.
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def grouped(number: float | Decimal) -> str:
    """2417 → "2,417". Decimals are kept as they are."""
    return f"{number:,}"


def money(minor: int, currency: str) -> str:
    """1050, "GBP" → "£10.50". A currency without a sign we know goes in front as its code."""
    code = currency.upper()
    decimals = DECIMALS.get(code, 2)
    return signed(f"{Decimal(minor).scaleb(-decimals):,.{decimals}f}", code)


def signed(amount: str, code: str) -> str:
    """ "10.50", "GBP" → "£10.50"; "-10.50", "CHF" → "−CHF 10.50"."""
    minus, plain = ("−" if amount.startswith("-") else ""), amount.removeprefix("-")
    return f"{minus}{SYMBOLS[code]}{plain}" if code in SYMBOLS else f"{minus}{code} {plain}".strip()


def span(length: timedelta) -> str:
    """A length of time in its one fitting unit: "0.4 s", "40 s", "3 min", "4 h", "12 days"."""
    if timedelta(0) < length < timedelta(seconds=10):
        return f"{max(0.1, length.total_seconds()):.1f} s"
    seconds = max(0, int(length.total_seconds()))
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR} h"
    return f"{seconds // DAY} days"


def age(then: datetime, now: datetime) -> str:
    """How old something is: "just now" in its first minute, then ``span``. A time ahead of us is "just now" too."""
    gone = now - then
    return "just now" if gone < timedelta(minutes=1) else span(gone)


def ago(then: datetime | None, now: datetime) -> str:
    """ "11 min ago", "just now", or that it has not been yet."""
    if then is None:
        return "not yet seen"
    old = age(then, now)
    return old if old == "just now" else f"{old} ago"


def day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """ "Sun 23 May", with the year when it is another one than now's."""
    return calendar_day(moment.astimezone(zone).date(), now.astimezone(zone).date())


def calendar_day(value: date, today: date) -> str:
    """As ``day``, of a date without a time."""
    text = f"{DAYS[value.weekday()][:3]} {value.day} {MONTHS[value.month - 1][:3]}"
    return text if value.year == today.year else f"{text} {value.year}"


def day_and_time(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """ "Sun 23 May 09:30", with the year when it is another one than now's."""
    return f"{day(moment, now, zone)} {moment.astimezone(zone).time().isoformat('minutes')}"


def in_full(moment: datetime, zone: tzinfo) -> str:
    """ "Sunday 23 May 2027, 09:30:05 BST": what stands behind a short time, on hover."""
    local = moment.astimezone(zone)
    named = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return f"{named}, {local.time().isoformat('seconds')} {local.tzname()}"
