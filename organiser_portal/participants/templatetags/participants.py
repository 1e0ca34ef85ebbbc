"""Words of the participants room for its templates."""

from django import template

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
