"""How often a connection asks, in minutes: usually, in race week, on race day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms

from organiser_portal.core.wording import span

DEFAULTS: Mapping[str, int] = {"usual": 240, "race_week": 15, "race_day": 1}
POLLING: Mapping[str, tuple[str, int, int, str]] = {
    "every_usual": ("Usually", 5, 1440, "5 minutes to a day."),
    "every_race_week": ("In the week before a race", 1, 720, "1 minute to 12 hours."),
    "every_race_day": ("On race day", 1, 240, "1 minute to 4 hours."),
}


def polling_fields() -> dict[str, forms.Field]:
    """Form fields by name, "every_" and the phase."""
    return {
        name: forms.IntegerField(
            label=label,
            min_value=least,
            max_value=most,
            initial=DEFAULTS[name.removeprefix("every_")],
            help_text=f"Minutes. {bounds}",
        )
        for name, (label, least, most, bounds) in POLLING.items()
    }


def polling_of(cleaned: Mapping[str, Any]) -> dict[str, int]:
    """Minutes by phase; what was left empty is as usual."""
    return {phase: cleaned.get(f"every_{phase}") or usual for phase, usual in DEFAULTS.items()}


def polling_faults(minutes: Mapping[str, int]) -> dict[str, str]:
    """Form field → what is wrong. The nearer the race, the oftener."""
    faults = {}
    if minutes["race_week"] > minutes["usual"]:
        faults["every_race_week"] = "Not less often than usually."
    if minutes["race_day"] > minutes["race_week"]:
        faults["every_race_day"] = "Not less often than in the week before."
    return faults


def told(usual: timedelta, week: timedelta, day: timedelta) -> str:
    """ "every 4 h, 15 min in race week, 1 min on race day"; what does not change is not said again."""
    nearer = [(week, "in race week"), (day, "on race day")]
    if week == day:
        nearer = [(week, "from race week on")] if week < usual else []
    return ", ".join([f"every {span(usual)}", *(f"{span(wait)} {when}" for wait, when in nearer)])
