"""Values as the pages show them: the filters behind ``{% load portal %}``. Times are in the zone of the request."""

from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organiser_portal.core import wording
from organiser_portal.core.markup import filled

NOTHING = "–"


def number(value: Any) -> str:
    """2417 → "2,417"; None → "–"."""
    return NOTHING if value is None or value == "" else wording.grouped(value)


def money(minor: int | None, currency: str = "") -> str:
    """``{{ 1050|money:"GBP" }}`` → "£10.50"; None → "–"."""
    return NOTHING if minor is None else wording.money(minor, currency)


def price(item: Any) -> SafeString | str:
    """The price of anything with ``price_minor``, ``price_unknown`` and ``currency``.

    A price whose unit the provider does not say is shown as it came, with that as a hint.
    """
    if item.price_minor is not None:
        return wording.money(item.price_minor, item.currency)
    if item.price_unknown is None:
        return NOTHING
    return format_html(
        '<span class="unsaid" title="As the provider sent it. It does not say whether these are pounds or pence.">'
        '{}<span class="visually-hidden"> (unit not said by the provider)</span></span>',
        f"{item.price_unknown.normalize():f}",
    )


def age(moment: datetime | None, now: datetime | None = None) -> SafeString | str:
    """ "3 min" in a ``<time>`` with the absolute time on hover; None → "never"."""
    if moment is None:
        return "never"
    return _time(moment, wording.age(moment, now or timezone.now()), zone_named())


def day(moment: datetime | date | None, zone: str = "") -> SafeString | str:
    """ "Sun 23 May", the year only when it is another one; None → "–". ``zone`` as for ``moment``."""
    if moment is None:
        return NOTHING
    if not isinstance(moment, datetime):
        return wording.calendar_day(moment, timezone.localdate())
    local = zone_named(zone)
    return _time(moment, wording.day(moment, timezone.now(), local), local)


def moment(value: datetime | None, zone: str = "") -> SafeString | str:
    """ "Sun 23 May 09:30" in ``zone`` (a name such as "Europe/London", else the zone of the request); None → "–"."""
    if value is None:
        return NOTHING
    local = zone_named(zone)
    return _time(value, wording.day_and_time(value, timezone.now(), local), local)


def clock(value: datetime | None, zone: str = "") -> SafeString | str:
    """ "09:30"; None → "–". ``zone`` as for ``moment``."""
    if value is None:
        return NOTHING
    local = zone_named(zone)
    return _time(value, f"{value.astimezone(local):%H:%M}", local)


def born(value: date | None) -> str:
    """ "3 March 1989"; None → "missing"."""
    return "missing" if value is None else f"{value.day} {value:%B %Y}"


def initials(person: object) -> str:
    """Two letters for whoever ``str()`` names: "Morwenna Pascoe" → "MP", "olive@…" → "OL"."""
    words = str(person).split("@")[0].replace(".", " ").split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else "".join(words)[:2]
    return letters.upper()


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """ "Firefox on Linux" out of a user agent; what it does not know it leaves out."""
    found = [next((word for sign, word in known if sign in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return " on ".join(word for word in found if word) or "Unknown browser"


def _time(value: datetime, text: str, zone: tzinfo) -> SafeString:
    return filled('<time datetime="%s" title="%s">%s</time>', value.isoformat(), wording.in_full(value, zone), text)


def zone_named(name: str = "") -> tzinfo:
    """The zone of this name (such as "Europe/London"); without one that of the request."""
    return ZoneInfo(name) if name else timezone.get_current_timezone()
