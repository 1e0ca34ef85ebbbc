"""When connections last told all of one kind: the age of figures that carry none of their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection, SyncState
from providers.port import Resource
from providers.records import Kind


def told_at(connections: Iterable[Connection], kind: Kind) -> Mapping[int, datetime]:
    """Connection's key → when its listing of this kind was last read without fault. One query, none for nobody."""
    listings = {(row.pk, each.key) for row in connections for each in face(row.provider).resources if each.kind is kind}
    if not listings:
        return {}
    states = SyncState.objects.filter(connection__in={pk for pk, _ in listings}, last_success_at__isnull=False)
    rows = states.values_list("connection_id", "resource", "last_success_at").order_by("last_success_at")
    return {pk: at for pk, resource, at in rows if at and (pk, resource) in listings}


def counting(provider: str) -> list[Resource]:
    """The listings that tell how many its races have sold: its events, where races have no list."""
    resources = face(provider).resources
    races = [each for each in resources if each.kind is Kind.RACE]
    return races or [each for each in resources if each.kind is Kind.EVENT]


def counted_at(connections: Iterable[Connection]) -> Mapping[int, datetime]:
    """Connection's key → when it last told how many its races have sold."""
    rows = list(connections)
    with_races = [row for row in rows if any(each.kind is Kind.RACE for each in counting(row.provider))]
    others = [row for row in rows if row not in with_races]
    return {**told_at(with_races, Kind.RACE), **told_at(others, Kind.EVENT)}
