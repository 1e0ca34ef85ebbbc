"""Finding a person by any fragment: the folded text that search and sorting by name work on."""

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from organiser_portal.participants.models import Entry

# Letters that do not come apart into a plain letter and a mark.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ŧ": "t", "ħ": "h"}
)


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: "Siobhán  Ní Łódź" is "siobhan ni lodz". Any script is kept."""
    lowered = text.casefold()
    if not lowered.isascii():
        parts = unicodedata.normalize("NFKD", lowered.translate(_PLAIN))
        lowered = "".join(mark for mark in parts if not unicodedata.combining(mark))
    return " ".join(lowered.split())


def sort_name(first: str, last: str) -> str:
    """What lists are sorted by: surname first. Nameless people come last."""
    return fold(f"{last} {first}")[:300] or "\U0010ffff"


def search_text(*parts: str | None) -> str:
    """Everything one may search for, folded, once each."""
    return " ".join(dict.fromkeys(folded for part in parts if part and (folded := fold(part))))


def by_words[M: "Model"](queryset: "QuerySet[M]", text: str) -> "QuerySet[M]":
    """Every word has to be found, each anywhere, in any order."""
    for word in fold(text).split():
        queryset = queryset.filter(search_text__contains=word)
    return queryset


def refresh(entry: "Entry") -> None:
    """Set both from the entry's effective values. The caller saves."""
    entry.sort_name = sort_name(entry.first_name, entry.last_name)
    entry.search_text = search_text(
        entry.first_name,
        entry.last_name,
        entry.email,
        entry.bib,
        entry.provider_bib,
        entry.reference,
        entry.external_id,
        entry.booking_id,
    )
