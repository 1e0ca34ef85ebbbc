"""In what two values differ, so that conflicts that are alike can be settled alike. Pure."""

import unicodedata
from enum import StrEnum

from organiser_portal.participants.folding import fold


class Pattern(StrEnum):
    """From the slightest to the greatest. The value is stored."""

    CASE = "case"
    SPACING = "spacing"
    ACCENTS = "accents"
    FILLED = "filled"
    EMPTIED = "emptied"
    OTHER = "other"


# As they follow a count: "37 where …".
WORDS = {
    Pattern.CASE: "only letter case differs",
    Pattern.SPACING: "only spaces or punctuation differ",
    Pattern.ACCENTS: "only accents differ",
    Pattern.FILLED: "we have nothing",
    Pattern.EMPTIED: "the provider has nothing",
    Pattern.OTHER: "the values differ",
}


def pattern(ours: object, theirs: object) -> Pattern:
    """The slightest thing that two unequal values differ in; what is told of one is not excluded for a greater one."""
    mine, yours = (str(value if value is not None else "").strip() for value in (ours, theirs))
    if not mine or not yours:
        return Pattern.EMPTIED if mine else Pattern.FILLED
    if mine.casefold() == yours.casefold():
        return Pattern.CASE
    if _bare(mine.casefold()) == _bare(yours.casefold()):
        return Pattern.SPACING
    if _bare(fold(mine)) == _bare(fold(yours)):
        return Pattern.ACCENTS
    return Pattern.OTHER


def _bare(text: str) -> str:
    """Letters and figures alone, with the marks that belong to letters."""
    kept = "".join(sign for sign in text if unicodedata.category(sign)[0] in "LNM")
    return unicodedata.normalize("NFC", kept) or text
