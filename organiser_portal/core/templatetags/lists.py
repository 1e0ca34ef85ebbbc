"""``{% load lists %}``: what every list is made of, so that all of them work alike.

``name`` is the singular of what is listed ("race"): the fragment is then "race-table", its form "race-filters".
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm
from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString

from organiser_portal.core.address import active
from organiser_portal.core.headings import heading
from organiser_portal.core.keyset import KeysetPage, row_id
from organiser_portal.core.neighbours import record_address
from organiser_portal.core.tables import View

register = template.Library()


@register.inclusion_tag("components/list_search.html", takes_context=True)
def list_search(context: Context, name: str, many: str, placeholder: str, *, fresh: str = "") -> dict[str, Any]:
    """The search of a list. ``fresh``: "line" says how old and complete it is, "age" only how old."""
    return {**_around(context), "name": name, "many": many, "placeholder": placeholder, "fresh": fresh}


@register.inclusion_tag("components/list_tools.html", takes_context=True)
def list_tools(
    context: Context,
    name: str,
    many: str,
    view: View | None,
    form: BaseForm,
    page: KeysetPage[Any],
    *,
    besides: str = "",
    download: str = "",
    file: str = "",
    single: str = "",
) -> dict[str, Any]:
    """How many, the filters at work as chips, and the menus of filters and columns; what makes no sense is said.

    ``view`` None: what is listed has no columns. ``besides``: fields, separated by spaces, that the page offers in a
    way of its own. ``download``: where the file is; ``file``: where it is in two ways, for
    spreadsheets and for Excel. ``single``: what one of them is called, where that is not ``name``.
    """
    request, own = context["request"], besides.split()
    valid = form.is_valid()
    return {
        **_around(context),
        "name": name,
        "many": many,
        "single": single or name,
        "view": view,
        "form": form,
        "page": page,
        "chips": active(form, besides=("q", *own)) if valid else [],
        "menu": [bound for bound in form.visible_fields() if bound.name not in ("q", *own)],
        "kept": _kept(request.GET, form, own),
        "narrowed": not valid or bool(set(request.GET) & {*form.fields} - {*own}),
        "download": download,
        "file": file,
    }


@register.inclusion_tag("components/list_choices.html", takes_context=True)
def list_choices(
    context: Context, name: str, label: str, field: str, choices: Iterable[tuple[str, str]], current: str
) -> dict[str, Any]:
    """What one asks for most, one press each: the values of ``field``, "" for all of them.

    Each starts at the top and in its usual order.
    """
    request = context["request"]
    items = [(text, _asking(request.GET, field, value) or request.path, value == current) for value, text in choices]
    return {"name": name, "label": label, "items": items}


@register.simple_tag(takes_context=True)
def sort_th(
    context: Context, text: str, key: str = "", *, current: str | None = None, target: str = "", css: str = ""
) -> SafeString:
    """Column heading. With ``key`` it is a link to ``?sort=key`` or, when sorted so already, ``?sort=-key``."""
    query = context["request"].GET
    sort = query.get("sort", "") if current is None else current
    return heading(text, key, sort=sort, query=query, target=target, css=css)


@register.inclusion_tag("components/list_head.html", takes_context=True)
def list_head(context: Context, name: str, view: View, *, fixed: bool = False) -> dict[str, Any]:
    """The headings of the chosen columns, each sorting where it can. ``fixed``: nobody sorts here."""
    return {"request": context["request"], "name": name, "view": view, "fixed": fixed}


@register.inclusion_tag("components/list_pager.html", takes_context=True)
def list_pager(context: Context, name: str, page: KeysetPage[Any]) -> dict[str, Any]:
    """The foot of a list: where one is in it, and its neighbours."""
    return {"request": context["request"], "name": name, "page": page}


@register.simple_tag(takes_context=True)
def list_row(context: Context, many: str, pk: int) -> str:
    """Where a row leads: its record, which knows its neighbours in this list. ``data-panel`` opens it beside it."""
    request = context["request"]
    return record_address(request.path, many, pk, request.GET)


@register.inclusion_tag("components/list_panel.html", takes_context=True)
def list_panel(context: Context, name: str, many: str) -> dict[str, Any]:
    """Where the chosen record opens beside its list, in ``<div class="beside">`` after it."""
    request = context["request"]
    pk = row_id(request.GET.get("open"))
    return {"name": name, "address": record_address(request.path, many, pk, request.GET) if pk else ""}


def _around(context: Context) -> dict[str, Any]:
    return {"request": context["request"], "organisation": context["organisation"]}


def _asking(query: QueryDict, field: str, value: str) -> str:
    asked = query.copy()
    for name in ("sort", "after", "before", field):
        asked.pop(name, None)
    if value:
        asked[field] = value
    return f"?{asked.urlencode(safe=',')}" if asked else ""


def _kept(query: QueryDict, form: BaseForm, own: list[str]) -> list[tuple[str, str]]:
    """What the form sends on unseen: hidden fields, and those that the page offers in a way of its own."""
    names = [*own, *(bound.name for bound in form.hidden_fields())]
    return [(name, value) for name in names for value in query.getlist(name)]
