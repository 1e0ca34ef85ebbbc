"""Words of the participants room for its templates."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from organiser_portal.core.tables import Line
from organiser_portal.organisations.roles import Role
from organiser_portal.participants import drawing
from organiser_portal.participants.tags import parse

register = template.Library()
register.filter("wave_name", drawing.wave_name)


@register.simple_tag(takes_context=True)
def entry_rows(context: Context, lines: Sequence[Line]) -> SafeString:
    """The rows of the list of entries; whoever may change entries can tick them."""
    picks = context["membership"].role != Role.VIEWER
    return drawing.draw(lines, context["organisation"], asked=context["asked"], picks=picks)


@register.filter
def tags(stored: str) -> list[str]:
    """The tags that staff gave, one by one."""
    return parse(stored)


@register.inclusion_tag("participants/whence.html", takes_context=True)
def whence(context: Context, *names: str) -> dict[str, Any]:
    """Where the value of these columns of the entry on the page is from."""
    return {"whence": context["picture"].origins.of(*names), "organisation": context["organisation"]}
