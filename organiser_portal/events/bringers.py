"""Who brings entrants, by kind: asked by the room of entries, answered by that of partners. Neither knows the other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from organiser_portal.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringers:
    """Those of one kind: ``names`` as rows of one column, and ``brought``, the entries tied to one of them."""

    names: QuerySet[Any, Any]
    brought: Q


type Answer = Callable[[Organisation, str], Bringers]

_answers: list[Answer] = []


def answer(function: Answer) -> Answer:
    """For the one room that knows."""
    _answers[:] = [function]
    return function


def bringers(organisation: Organisation, kind: str) -> Bringers:
    """``kind`` is a ``PartnerKind`` value."""
    return _answers[0](organisation, kind)
