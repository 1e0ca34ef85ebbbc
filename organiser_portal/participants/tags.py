"""Tags that staff give to entries. Stored as "|late|vip|", so that one can be looked for without reading them all."""

from collections.abc import Iterable

from django.db.models import Q

LONGEST = 30  # one tag
ROOM = 500  # all of them
PAID = "paid"  # who has paid is for staff to say: no platform tells


def parse(stored: str) -> list[str]:
    """ "|late|vip|" is ["late", "vip"]."""
    return [tag for tag in stored.split("|") if tag]


def join(tags: Iterable[str]) -> str:
    """Sorted, each once; nothing at all is ""."""
    kept = sorted({clean(tag) for tag in tags} - {""})
    return f"|{'|'.join(kept)}|" if kept else ""


def clean(tag: str) -> str:
    """One tag as it is stored: lower case, single spaces, without the sign between tags."""
    return " ".join(tag.replace("|", " ").casefold().split())[:LONGEST].strip()


def wanted(tag: str) -> str:
    """What the stored text of an entry with this tag contains."""
    return f"|{clean(tag)}|"


def with_tag(stored: str, tag: str) -> str:
    return join([*parse(stored), tag])


def without_tag(stored: str, tag: str) -> str:
    return join(each for each in parse(stored) if each != clean(tag))


def with_paid(stored: str, paid: bool) -> str:
    return with_tag(stored, PAID) if paid else without_tag(stored, PAID)


IS_PAID = Q(own_tags__contains=wanted(PAID))
