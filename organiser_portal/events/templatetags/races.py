"""What the pages of races need beyond the portal's components."""

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# No headings (the page has its own), no images (the page may load none from elsewhere), nothing that runs.
TAGS = {"p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "a", "blockquote"}


@register.filter
def remote_html(text: str) -> SafeString:
    """A provider's description, sanitised here once more, whatever was done to it before it was stored."""
    clean = nh3.clean(text, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # noqa: S308 - what nh3 lets through has no script, style or handler
