"""``{% load navigation %}``: the lines of the main navigation."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: Context,
    name: str,
    text: str,
    icon_name: str,
    *,
    also: str = "",
    count: Any = "",
    css: str = "",
    href: str = "",
) -> dict[str, Any]:
    """A line of the main navigation; nothing if there is no such page.

    Current on every view whose name starts like its own ("participants:entry" for "participants:entry-list") or like
    one of the prefixes in ``also``, separated by spaces. ``href``: where it leads instead of there.
    """
    organisation = context.get("organisation")
    try:
        url = reverse(name, kwargs={"organisation": organisation.slug} if organisation else {})
    except NoReverseMatch:
        url = ""
    prefixes = (name.removesuffix("-list"), *also.split())
    here = _view_name(context)
    current = "" if not here.startswith(prefixes) else "page" if here == name else "true"
    return {
        "url": url and (href or url),
        "text": text,
        "icon_name": icon_name,
        "current": current,
        "count": count,
        "css": css,
        "id": name.split(":")[-1],
    }


def _view_name(context: Mapping[str, Any] | Context) -> str:
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    return str(match.view_name) if match else ""
