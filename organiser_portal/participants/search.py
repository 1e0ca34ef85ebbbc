"""Finding a person by any fragment of name, e-mail or bib: the folded text that search and sorting by name work on."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

from organiser_portal.connections.models import Connection

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from organiser_portal.organisations.models import Organisation
    from organiser_portal.participants.models import Entry

ANYWHERE = 3
"""So many letters are looked for within words, fewer at their beginnings: trigram indexes serve both, but not "sm"."""
SHORTEST_CODE = 5
MOST_OF_A_CODE = 1_000  # places of one booking

# Phones and word processors write other signs than a keyboard has, and some that nobody sees.
APOSTROPHES, DASHES, UNSEEN = "’‘ʼ′´", "‐‑‒–—−", "\u00ad\u200b\u200e\u200f\u2060\ufeff"
_TYPED = str.maketrans(APOSTROPHES + DASHES, "'" * len(APOSTROPHES) + "-" * len(DASHES), UNSEEN)
# Letters that do not come apart into a plain letter and a mark.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ŧ": "t", "ħ": "h"}
)
_PLAIN = {**_TYPED, **_LETTERS}


def typed(text: str) -> str:
    """In lower case and as a keyboard writes it: equal for what differs in nothing that anybody would call a change."""
    return unicodedata.normalize("NFC", text.casefold().translate(_TYPED))


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: "Siobhán  Ní Łódź" is "siobhan ni lodz". Any script is kept."""
    lowered = text.casefold()
    if not lowered.isascii():
        parts = unicodedata.normalize("NFKD", lowered.translate(_PLAIN))
        lowered = "".join(mark for mark in parts if not unicodedata.combining(mark))
    return " ".join(lowered.split())


_fold_name = lru_cache(maxsize=10_000)(fold)  # names come again and again


def sort_name(first: str, last: str) -> str:
    """What lists are sorted by: surname first. Nameless people come last."""
    return f"{_fold_name(last)} {_fold_name(first)}".strip()[:300] or "\U0010ffff"


def search_text(first_name: str, last_name: str, email: str, *bibs: str | None) -> str:
    """What fragments of a search are looked for in: folded, once each, a space before every word (see `by_words`)."""
    parts = dict.fromkeys((_fold_name(first_name), _fold_name(last_name), fold(email), *map(fold, filter(None, bibs))))
    parts.pop("", None)
    return f" {' '.join(parts)}" if parts else ""


def refresh(entry: "Entry") -> None:
    """Set both from the entry's effective values. The caller saves."""
    entry.sort_name = sort_name(entry.first_name, entry.last_name)
    entry.search_text = search_text(entry.first_name, entry.last_name, entry.email, entry.bib, entry.provider_bib)


def by_words[M: "Model"](
    queryset: "QuerySet[M]", text: str, organisation: "Organisation | None" = None
) -> "QuerySet[M]":
    """Every word has to be found, in any order: three letters and more anywhere, fewer where a word begins.

    A double name is found with a hyphen and with a space, however it is held.
    A word that looks like a number of ours or of a provider's finds whoever has it, but only as a whole: fragments of
    such numbers are in everyone's. ``organisation``: whose rows these are, where they are of one.
    """
    words = fold(text).split()
    for word in words:
        found = _in_text(word, alone=len(words) == 1)
        if looks_like_a_code(word):
            found |= Q(pk__in=having_code(queryset, word, organisation))
        queryset = queryset.filter(found)
    return queryset


def _in_text(word: str, *, alone: bool) -> Q:
    if len(word) >= ANYWHERE:
        found, otherwise = word, word.replace("-", " ")
    else:  # the "jo" of "mary jo", who is Mary-Jo; of everybody, those whose names begin so are enough
        found, otherwise = f" {word}", f" {word}" if alone else f"-{word}"
    held = Q(search_text__contains=found)
    return held if otherwise == found else held | Q(search_text__contains=otherwise)


def looks_like_a_code(word: str) -> bool:
    """Whether this may be a reference, a provider's number or a booking's."""
    return len(word) >= SHORTEST_CODE and any(letter.isdecimal() for letter in word)


def having_code[M: "Model"](queryset: "QuerySet[M]", word: str, organisation: "Organisation | None") -> list[int]:
    """The ids of rows with this reference, provider's number or booking: an index each, one query for all.

    Of whatever tenant, where an index does not ask: it is the query these ids go into that keeps to its own rows.
    """
    written = {word, word.upper()}
    rows = queryset.model._default_manager.order_by().values_list("pk", flat=True)
    numbered, booked = rows.filter(external_id__in=written), rows.filter(booking_id__in=written).exclude(booking_id="")
    if organisation:
        accounts = Connection.objects.of(organisation).order_by().values("pk")
        numbered, booked = numbered.filter(connection__in=accounts), booked.filter(organisation=organisation)
    found = [booked]
    if hasattr(queryset.model, "reference"):
        found.append(rows.filter(reference__gte=word, reference__lt=f"{word}g"))  # they are written in 0 to f
    return list(numbered.union(*found)[:MOST_OF_A_CODE])
