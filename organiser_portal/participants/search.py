"""Finding a person by any fragment of name, e-mail or bib."""

from typing import TYPE_CHECKING

from django.db.models import Q

from organiser_portal.connections.models import Connection
from organiser_portal.participants.folding import fold, search_text, sort_name

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from organiser_portal.organisations.models import Organisation
    from organiser_portal.participants.models import Entry

ANYWHERE = 3
"""So many letters are looked for within words, fewer at their beginnings: trigram indexes serve both, but not "sm"."""
SHORTEST_CODE = 5
MOST_OF_A_CODE = 1_000  # places of one booking


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
