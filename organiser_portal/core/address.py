"""The address of a list: tidy, so that it can be read, shared and kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Model
from django.forms import BaseForm, BoundField, ChoiceField
from django.http import HttpRequest, QueryDict

from organiser_portal.core.tables import HERE, View


@dataclass(frozen=True, slots=True)
class Active:
    """One filter at work. ``without`` is what ``{% querystring %}`` needs to take it out of the address."""

    text: str
    without: dict[str, None]


def tidy(request: HttpRequest) -> QueryDict:
    """Drop what was left blank: a GET form sends every field. The request's own address is tidy from here on."""
    query = request.GET.copy()
    for name in list(query):
        query.setlist(name, [value for value in query.getlist(name) if value.strip()])
        if not query.getlist(name):
            del query[name]
    put(request, query)
    return query


def settle(request: HttpRequest, view: View) -> str:
    """Write the columns in one word, or not at all when they are the usual ones; the whole address for the browser."""
    query = request.GET.copy()
    query.pop("columns", None)
    if view.has_own_columns:
        query["columns"] = ",".join(column.key for column in view.chosen)
    put(request, query)
    return address_of(request)


def address_of(request: HttpRequest) -> str:
    """The whole address of a tidy list."""
    return f"{request.path}?{request.GET.urlencode(safe=',')}" if request.GET else request.path


def put(request: HttpRequest, query: QueryDict) -> None:
    """Let this be the request's own address."""
    request.GET = query  # type: ignore[assignment]  # a copy can be written to; nobody writes to it from here on


def active(form: BaseForm, *, besides: Iterable[str] = ("q",)) -> list[Active]:
    """The filters at work, in the order of the form, each in words. ``besides``: those that show for themselves."""
    cleaned = getattr(form, "cleaned_data", {})
    return [
        Active(f"{bound.label}: {_in_words(bound, cleaned[bound.name])}", {bound.name: None, **HERE})
        for bound in form
        if bound.name not in besides and cleaned.get(bound.name) not in (None, "", [])
    ]


def in_words(value: Any) -> str:
    """A cleaned value of whatever kind; several of one name are said once."""
    return ", ".join(dict.fromkeys(map(str, value))) if isinstance(value, list) else str(value)


def _in_words(bound: BoundField, value: Any) -> str:
    if isinstance(value, Model | list):
        return in_words(value)
    if bound.is_hidden:
        return f"{str(value).count(',') + 1:,}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(bound.field, ChoiceField):
        return dict(_flat(cast("Iterable[Any]", bound.field.choices))).get(str(value), str(value))
    return str(value)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), str(label)
