"""What of an edit by staff can still be undone: the fields that have the value it gave them. Reads, changes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from organiser_portal.connections.gateway import connection_name
from organiser_portal.participants import fields
from organiser_portal.participants.models import Entry, Revision
from organiser_portal.participants.sensitive import sounds_sensitive
from organiser_portal.participants.services.keeping import value_now
from providers.records import SENSITIVE_FIELDS

UNDONE = "Undone: "
"""How the summary of a revision that undoes another begins; what it undid follows."""
NEVER_KEPT = "Medical and emergency data are never copied into the history, so they are not undone from here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoable:
    """``stands``: names of the fields that can go back. ``stays``: sentences on those that cannot, "" for none."""

    stands: frozenset[str]
    stays: str


NOTHING = Undoable(stands=frozenset(), stays="")


def undoable(revision: Revision, entry: Entry, later: Sequence[Revision]) -> Undoable:
    """``later``: the revisions of the entry since, newest first."""
    if revision.source != "staff" or entry.redacted:
        return NOTHING
    stands = frozenset(name for name, value in revision.after.items() if value_now(entry, name) == value)
    named = [change["field"] for change in revision.changes]  # in the order of the form, which PostgreSQL's JSON loses
    moved = [name for name in named if name in revision.after and name not in stands]
    sentences = _changed_since(revision, entry, moved, later)
    if any(_is_never_kept(change) for change in revision.changes if change["field"] not in revision.after):
        sentences.append(NEVER_KEPT)
    return Undoable(stands=stands, stays=" ".join(sentences))


def _changed_since(revision: Revision, entry: Entry, names: Sequence[str], later: Sequence[Revision]) -> list[str]:
    """One sentence for each who changed any of them."""
    by_whom: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        told = {name, name.split(".")[0]}
        since = next((each for each in later if told & {change["field"] for change in each.changes}), None)
        by_whom[_whom(since, entry)].append(_label(revision, name))
    return [
        f"{' and '.join(filter(None, [', '.join(labels[:-1]), labels[-1]]))} "
        f"{'has' if len(labels) == 1 else 'have'} been changed since{whom}."
        for whom, labels in by_whom.items()
    ]


def _label(revision: Revision, name: str) -> str:
    said: Mapping[str, str] = next((change for change in revision.changes if change["field"] == name), {})
    return str(said.get("label") or fields.label(name.split(".")[0]))


def _whom(revision: Revision | None, entry: Entry) -> str:
    if revision is None:
        return ""
    if revision.source == "staff":
        return f" by {revision.by or 'somebody who has left'}"
    source = connection_name(entry.connection) if entry.connection else "a provider"
    return f" by {source}, run {revision.run_id:,}" if revision.run_id else f" by {source}"


def _is_never_kept(change: dict[str, str]) -> bool:
    return change["field"] in SENSITIVE_FIELDS or sounds_sensitive(change.get("label", ""))
