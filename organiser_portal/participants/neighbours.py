"""An entry's place in the list it was opened from: who stands before and after it, and where it stands itself."""

from dataclasses import dataclass

from django.http import QueryDict

from organiser_portal.core.keyset import Count
from organiser_portal.organisations.models import Organisation
from organiser_portal.participants.models import Entry
from organiser_portal.participants.selection import select_entries

LIST = "in"
"""``?in=entries`` in the address of an entry: it was opened from the list that the rest of the address asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Ids, None at either end. ``number`` of ``count``, both capped. ``query`` asks for the list once more."""

    previous: int | None
    next: int | None
    number: Count
    count: Count
    query: str

    def __str__(self) -> str:
        """ "17 of 2,417"."""
        return f"beyond the first {self.number.number:,}" if self.number.capped else f"{self.number} of {self.count}"


def neighbours(organisation: Organisation, entry: Entry, address: QueryDict) -> Neighbours | None:
    """None when the entry was not opened from a list, or no longer matches what that list asks for."""
    if LIST not in address:
        return None
    place = select_entries(organisation, address).place_of(entry.pk)
    if place is None:
        return None
    return Neighbours(
        previous=place.previous, next=place.next, number=place.number, count=place.count, query=asked(address)
    )


def asked(address: QueryDict) -> str:
    """The address of the list, without where in it one is."""
    return asked_of(address).urlencode(safe=",")


def asked_of(address: QueryDict) -> QueryDict:
    """The same, by name."""
    query = address.copy()
    for name in (LIST, "after", "before", "open"):
        query.pop(name, None)
    return query
