"""What only medics and owners see: medical and emergency data, also where it hides in an answer to a question."""

from collections.abc import Mapping
from typing import Any

from organiser_portal.participants.folding import fold
from organiser_portal.participants.models import Application, Entry
from providers.records import SENSITIVE_FIELDS

type Answer = dict[str, Any]

# Folded beginnings of words that make a question about health or about whom to call.
SIGNS = (
    "medic", "emergenc", "allerg", "disabilit", "health", "illness", "injur", "doctor", "blood", "asthma", "diabet",
    "epilep", "pregnan", "next of kin", "in case of",
)  # fmt: skip


def sounds_sensitive(label: str) -> bool:
    """Whether a question's label is about health or about whom to call."""
    words = f" {fold(label)}"
    return any(f" {sign}" in words for sign in SIGNS)


def is_sensitive_answer(answer: Mapping[str, Any], mapping: Mapping[str, str]) -> bool:
    """``mapping``: the connection's confirmed mapping, question id → person field."""
    return mapping.get(str(answer.get("question_id"))) in SENSITIVE_FIELDS or sounds_sensitive(
        str(answer.get("label", ""))
    )


def parted(record: Entry | Application) -> tuple[list[Answer], list[Answer]]:
    """Its answers, those that anyone may see and those that only medics and owners may."""
    mapping = record.connection.mapping if record.connection else {}
    plain: list[Answer] = []
    hidden: list[Answer] = []
    for answer in record.answers:
        (hidden if is_sensitive_answer(answer, mapping) else plain).append(answer)
    return plain, hidden


def holds_sensitive(record: Entry | Application) -> bool:
    """Whether there is anything to hide."""
    return bool(parted(record)[1]) or any(getattr(record, name) for name in SENSITIVE_FIELDS)
