"""The contract watch as people see it: what differed, in a sentence, and that somebody has seen it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from organiser_portal.connections import gateway
from organiser_portal.connections.models import Connection, ContractSurprise
from organiser_portal.organisations import audit
from organiser_portal.organisations.models import User
from providers.surprises import Why

# What the portal does about it, whoever sent it.
FOLLOWS: Mapping[str, str] = {
    Why.NEW_FIELD: "It stays in the stored record and is used for nothing.",
    Why.NEW_WORD: "It is shown as it came, and the portal draws no conclusion from it.",
    Why.NULL: "It is read as “not stated”.",
    Why.OTHER_SORT: "It is read as far as it can be, else as “not stated”.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One difference in words. ``sentence``: what is new; ``follows``: what the portal makes of it."""

    surprise: ContractSurprise
    kind: str
    path: str
    sentence: str
    follows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Those that nobody has looked at yet, and those that were seen and understood."""

    open: tuple[Line, ...]
    understood: tuple[Line, ...]


def lines(connection: Connection) -> Lines:
    """All of a connection, in one query; there are at most ``watch.MOST_ROWS``."""
    told = [_line(each) for each in connection.contract_surprises.select_related("understood_by")]
    return Lines(
        open=tuple(each for each in told if each.surprise.understood_at is None),
        understood=tuple(each for each in told if each.surprise.understood_at is not None),
    )


def watched(connection: Connection) -> list[str]:
    """The listings whose records the provider declares the shape of; none for a provider nobody knows."""
    try:
        kind = gateway.provider_class(connection.provider)
    except gateway.UnknownProvider:
        return []
    return [each.label for each in kind.resources if each.kind in kind.contract]


def understand(*, connection: Connection, surprises: QuerySet[ContractSurprise], actor: User, now: datetime) -> int:
    """Put these away: how many there were. They come back only as a row of their own, when something else differs."""
    with transaction.atomic():
        number = surprises.filter(connection=connection, understood_at=None).update(
            understood_at=now, understood_by=actor
        )
        if number:
            audit.record(
                organisation=connection.organisation,
                actor=actor,
                action="connection.changes_understood",
                subject=gateway.connection_name(connection),
                connection=connection.pk,
                changes=number,
            )
    return number


def _line(surprise: ContractSurprise) -> Line:
    return Line(
        surprise=surprise,
        kind=surprise.kind.replace("_", " "),
        path=surprise.path or "the whole record",
        sentence=_sentence(surprise.why, surprise.detail),
        follows=FOLLOWS.get(surprise.why, ""),
    )


def _sentence(why: str, detail: str) -> str:
    match why:
        case Why.NEW_FIELD:
            return "A field that was not there before."
        case Why.NEW_WORD:
            return f"A value that is not known here: {detail}." if detail else "A value that is not known here."
        case Why.NULL:
            return "Nothing, where a value is promised."
        case _:
            return f"{detail[:1].upper()}{detail[1:]}, where something else is promised."
