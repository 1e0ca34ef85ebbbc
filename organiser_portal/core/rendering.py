"""A page for a person, its fragment for HTMX, from one template."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
    address: str = "",
) -> HttpResponse:
    """The whole page, or only the partial named ``fragment`` when HTMX asks.

    The view names the fragment, never the client. A boosted or history-restoring request gets the whole page.
    ``address``: what the browser shows from now on, where that is not what it shows already: a page that looks again by
    itself adds nothing to the history. Typing in a search box changes it in place: "Back" leads to the page before, not
    through every letter.
    """
    htmx = getattr(request, "htmx", None)
    partial = bool(fragment and htmx and not htmx.boosted and not htmx.history_restore_request)
    name = f"{template}#{fragment}" if partial else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    if address and not (htmx and htmx.current_url_abs_path == address):
        response["HX-Replace-Url" if htmx and htmx.trigger_name == "q" else "HX-Push-Url"] = address
    return response
