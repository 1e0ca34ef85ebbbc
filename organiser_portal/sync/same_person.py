"""Whether what a provider holds under our reference is whom we sent."""

import unicodedata

from providers.port import Change, Receipt


def is_the_same(sent: Change, found: Receipt) -> bool:
    """Whether what the provider holds is what was sent. What either side does not say speaks neither way."""
    if found.race_id and sent.race_id and found.race_id != sent.race_id:
        return False
    if found.person is None:
        return True
    ours, theirs = sent.person, found.person
    names = ((ours.first_name, theirs.first_name), (ours.last_name, theirs.last_name))
    if any(mine and other and _folded(mine) != _folded(other) for mine, other in names):
        return False
    return not (ours.birth_date and theirs.birth_date) or ours.birth_date == theirs.birth_date


def _folded(name: str) -> str:
    """Without case, accents, hyphens and apostrophes, which travel badly."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
