"""The folded texts that search and sorting by name work on. No Django: another process folds as well."""

import unicodedata
from functools import lru_cache

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
