"""By which group and partner an entry came. Pure: what a provider says of the entry in, our keys out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Trace(NamedTuple):
    """What an entry says of where it came from. ``event_id`` is our event listing's key.

    ``partner_ids``: (kind, id) of the partner elsewhere, as at a fundraising platform.
    """

    group_external_id: str
    group_name: str
    partner_name: str
    event_id: int | None
    partner_ids: Sequence[Sequence[str]] = ()


class Tied(NamedTuple):
    group_id: int | None
    partner_id: int | None


class PartnerFacts(NamedTuple):
    """``other_ids``: (kind, id) pairs."""

    pk: int
    name: str
    other_ids: Sequence[Sequence[str]] = ()


class GroupFacts(NamedTuple):
    pk: int
    external_id: str
    name: str
    event_id: int | None
    partner_id: int | None


NOTHING = Tied(None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """One connection's groups and partners, ready to be asked. None under a name or an id: several bear it."""

    groups_by_id: Mapping[str, GroupFacts] = field(default_factory=dict)
    groups_by_name: Mapping[tuple[int | None, str], GroupFacts | None] = field(default_factory=dict)
    partners_by_name: Mapping[str, int | None] = field(default_factory=dict)
    partners_by_other_id: Mapping[tuple[str, str], int | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to be tied to."""
        return bool(self.groups_by_id or self.partners_by_name)

    def of(self, trace: Trace) -> Tied:
        """The group by its id, else by event and name. The partner by an id it has elsewhere, else through the group,
        else by name. Only if unique.
        """
        group = self.groups_by_id.get(trace.group_external_id) if trace.group_external_id else None
        if group is None and trace.group_name:
            group = self.groups_by_name.get((trace.event_id, _plain(trace.group_name)))
        through = group.partner_id if group else None
        named = self.partners_by_name.get(_plain(trace.partner_name)) if trace.partner_name else None
        return Tied(group.pk if group else None, self._by_other_id(trace) or through or named)

    def _by_other_id(self, trace: Trace) -> int | None:
        """None also when its ids are those of different partners."""
        found = {self.partners_by_other_id.get((kind, number)) for kind, number in trace.partner_ids} - {None}
        return found.pop() if len(found) == 1 else None


def ties(groups: Iterable[GroupFacts], partners: Iterable[PartnerFacts]) -> Ties:
    by_id: dict[str, GroupFacts] = {}
    by_name: dict[tuple[int | None, str], GroupFacts | None] = {}
    for group in groups:
        by_id[group.external_id] = group
        key = (group.event_id, _plain(group.name))
        by_name[key] = None if key in by_name else group
    named: dict[str, int | None] = {}
    elsewhere: dict[tuple[str, str], int | None] = {}
    for pk, name, other_ids in partners:
        named[_plain(name)] = None if _plain(name) in named else pk
        for kind, number in other_ids:
            elsewhere[kind, number] = None if (kind, number) in elsewhere else pk
    return Ties(groups_by_id=by_id, groups_by_name=by_name, partners_by_name=named, partners_by_other_id=elsewhere)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
