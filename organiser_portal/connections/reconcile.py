"""What of a page is new, what has changed, what is as we hold it. Pure: values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from providers.port import Received


class Held(NamedTuple):
    """The little we need to know of a row of ours to compare it."""

    fingerprint: bytes
    gone: bool = False

    @property
    def was_listed(self) -> bool:
        """Whether a walk has met it, and none found it gone: what we put there ourselves has no fingerprint."""
        return not self.gone and bool(self.fingerprint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A page, sorted. An item named twice in a page counts once, as it was said last."""

    new: tuple[Received, ...]
    changed: tuple[Received, ...]
    same: int


def reconcile(items: Sequence[Received], held: Mapping[str, Held]) -> Plan:
    """Compare items of one kind with the rows of ours that bear their external ids.

    A row that was gone and is listed again has changed, whatever its fingerprint.
    """
    new: list[Received] = []
    changed: list[Received] = []
    same = 0
    for item in {item.external_id: item for item in items}.values():
        row = held.get(item.external_id)
        if row is None:
            new.append(item)
        elif row.gone or row.fingerprint != item.fingerprint:
            changed.append(item)
        else:
            same += 1
    return Plan(new=tuple(new), changed=tuple(changed), same=same)
