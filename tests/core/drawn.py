"""Markup of the components as a page draws it, on one line."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.template import Context, Template
from django.test import RequestFactory

NOW = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)


@dataclass
class Source:
    mark: str = "ev"
    channel: int = 2
    label: str = "eventrac"


def render(markup: str, **values: object) -> str:
    request = RequestFactory().get("/o/fellgate/entries/?q=jo&sort=name&after=abc")
    context = Context({"request": request, "source": Source(), "now": NOW, **values})
    return " ".join(Template("{% load lists portal %}" + markup).render(context).split())
