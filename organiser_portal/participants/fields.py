"""The fields of an entry as people read them, and the way back from stored text."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from organiser_portal.participants import tags
from organiser_portal.participants.models import Entry
from organiser_portal.participants.models.person import GENDERS
from providers.records import PERSON_FIELDS, SENSITIVE_FIELDS, EntryStatus

ADDRESS = ("address_1", "address_2", "city", "region", "postcode", "country")
PERSON = frozenset(PERSON_FIELDS)
# Staff's own: no provider writes them; the status is ours where no provider would say it.
OWN = ("bib", "wave", "notes", "status", "own_partner", "own_tags")

# Short enough for the left column of a page; the columns that are not here are called by their own name.
LABELS: Mapping[str, str] = {
    "birth_date": "Born",
    "answers": "Answers",
    "orders": "Order",
    "affiliations": "Memberships",
    "status": "Status",
    "status_text": "Status",
    "race_id": "Race",
    "ticket_title": "Ticket",
    "price_minor": "Price",
    "price_unknown": "Price",
    "provider_bib": "Bib at the provider",
    "provider_wave": "Wave at the provider",
    "own_partner": "Partner",
    "own_tags": "Tags",
    "partner_name": "Partner at the provider",
    "partner_group": "Reserved places",
    "booker_email": "Booker's e-mail",
    "gone_at": "Gone since",
    "place": "Where it goes",
}


def label(name: str) -> str:
    """ "first_name" → "First name"; a name nobody knows is shown as words."""
    if name in LABELS:
        return LABELS[name]
    known = {field.name: str(getattr(field, "verbose_name", field.name)) for field in Entry._meta.get_fields()}
    text = known.get(name, name.replace("_", " "))
    return text[:1].upper() + text[1:]


def about(name: str, questions: Mapping[str, str]) -> str:
    """What an objection is about, within a sentence: "date of birth", a question by what it asks.

    "" for what speaks for itself: "This race is full". ``questions``: id → what each asks.
    """
    group, _, key = name.partition(".")
    if group in ("", "race"):
        return ""
    if group == "answers" and questions.get(key):
        return questions[key]
    if group == "affiliations" and key:
        return membership_label(key)
    if group in PERSON:
        return str(Entry._meta.get_field(group).verbose_name)  # type: ignore[union-attr]  # a column has one
    return label(group).lower()


def text(name: str, value: Any) -> str:
    """A value as a page shows it: "3 March 1989", "Female". Nothing is ""."""
    if value is None or value == "":
        return ""
    if name == "birth_date":
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return f"{day.day} {day:%B %Y}"
    if name == "gender":
        return dict(GENDERS).get(value, str(value))
    if name == "status":
        return EntryStatus(value).value.capitalize() if value in set(EntryStatus) else str(value)
    if name == "own_tags":
        return ", ".join(tags.parse(value))
    return str(value)


def history_text(name: str, value: Any) -> str:
    """The same for history, into which medical and emergency data are never copied."""
    if name in SENSITIVE_FIELDS:
        return "…" if value else ""
    return text(name, value)


def from_stored(name: str, stored: Any) -> Any:
    """The column's value for what ``overrides`` and ``conflicts`` keep of it."""
    if name == "birth_date":
        return date.fromisoformat(stored) if stored else None
    return stored


def membership_label(slug: str) -> str:
    """ "uk-athletics" → "UK Athletics"."""
    words = slug.replace("_", "-").split("-")
    return " ".join(word.upper() if len(word) < 3 else word.capitalize() for word in words if word)
