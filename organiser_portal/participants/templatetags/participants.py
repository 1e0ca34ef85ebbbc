"""Words of the participants room for its templates."""

from typing import Any

from django import template
from django.template import Context

from organiser_portal.participants.tags import parse

register = template.Library()


@register.filter
def wave_name(wave: str) -> str:
    """ "C" is "Wave C"; "Wave C" and "Blue start" already say what they are."""
    return f"Wave {wave}" if len(wave) <= 2 else wave


@register.filter
def tags(stored: str) -> list[str]:
    """The tags that staff gave, one by one."""
    return parse(stored)


@register.inclusion_tag("participants/whence.html", takes_context=True)
def whence(context: Context, *names: str) -> dict[str, Any]:
    """Where the value of these columns of the entry on the page is from."""
    return {"whence": context["picture"].origins.of(*names), "organisation": context["organisation"]}
