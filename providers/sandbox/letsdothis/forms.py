"""Entry forms. Every organiser words the questions in a way of their own, so there are three ways here."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from providers.sandbox.people import Person


class Asked(NamedTuple):
    """``slug`` None: this form's questions have no slug key at all."""

    id: str
    slug: str | None
    label: str
    answer: Callable[[Person], Any]


_GENDERS = {"f": "Female", "m": "Male", "nb": "Non-binary", "": ""}
_LETTERS = {"f": "F", "m": "M", "nb": "X", "": ""}
SHIRTS = ("XS", "S", "M", "L", "XL", "2XL")


def _shirt(person: Person) -> str:
    return SHIRTS[person.number % len(SHIRTS)]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


_PLAIN = (
    Asked("f1", "first-name", "First name", lambda p: p.first_name),
    Asked("f2", "last-name", "Surname", lambda p: p.last_name),
    Asked("f3", "email", "Email", lambda p: p.email),
    Asked("f4", "date-of-birth", "Date of birth", lambda p: _iso(p.birth_date)),
    Asked("f5", "gender", "Gender", lambda p: _GENDERS[p.gender]),
    Asked("f6", "mobile", "Mobile number", lambda p: p.phone),
    Asked("f7", "club", "Running club (if any)", lambda p: p.club),
    Asked("f8", "postcode", "Postcode", lambda p: p.postcode),
    Asked("f9", "shirt", "Shirt size", lambda p: [_shirt(p)]),
    Asked("f10", "emergency-name", "Emergency contact name", lambda p: p.emergency_name),
    Asked("f11", "emergency-phone", "Emergency contact number", lambda p: p.emergency_phone),
    Asked("f12", "medical", "Any medical conditions we should know about?", lambda p: p.medical),
)
_CAMEL = (
    Asked("a1", "firstName", "Forename", lambda p: p.first_name),
    Asked("a2", "lastName", "Family name", lambda p: p.last_name),
    Asked("a3", "emailAddress", "E-mail address", lambda p: p.email),
    Asked("a4", "dob", "Birthday", lambda p: p.birth_date.strftime("%d/%m/%Y") if p.birth_date else ""),
    Asked("a5", "sex", "Sex", lambda p: _LETTERS[p.gender]),
    Asked("a6", "phoneNumber", "Phone", lambda p: p.phone),
    Asked("a7", "nationality", "Nationality", lambda p: p.nationality),
    Asked("a8", "addressCity", "Town or city", lambda p: p.city),
    Asked("a9", "tshirtSize", "T-shirt size", lambda p: {"id": f"size-{_shirt(p)}", "label": _shirt(p)}),
    Asked("a10", "emergencyContactName", "Who should we ring?", lambda p: p.emergency_name),
    Asked("a11", "emergencyContactNumber", "Their number", lambda p: p.emergency_phone),
    Asked("a12", "expectedFinish", "Expected finish time (minutes)", lambda p: 180 + p.number % 120),
)
_BARE = (
    Asked("q1", None, "First name", lambda p: p.first_name),
    Asked("q2", None, "Last name", lambda p: p.last_name),
    Asked("q3", None, "Email address", lambda p: p.email),
    Asked("q4", None, "Date of birth", lambda p: f"{p.birth_date}T00:00:00.000Z" if p.birth_date else None),
    Asked("q5", None, "Gender identity", lambda p: _GENDERS[p.gender].lower()),
    Asked("q6", None, "Contact number", lambda p: p.phone),
    Asked("q7", None, "Club", lambda p: p.club),
    Asked("q8", None, "Emergency contact", lambda p: p.emergency_name),
    Asked("q9", None, "Emergency contact phone", lambda p: p.emergency_phone),
    Asked("q10", None, "Medical information", lambda p: p.medical or None),
    Asked("q11", None, "Have you run an ultra before?", lambda p: p.number % 3 == 0),
)
FORMS: tuple[tuple[Asked, ...], ...] = (_PLAIN, _CAMEL, _BARE)


def answers(form: int, person: Person) -> list[dict[str, Any]]:
    """The ``fields`` of an entry; what was left empty is left out, except in the third form, where it is null."""
    rows: list[dict[str, Any]] = []
    for question, slug, label, answer in FORMS[form]:
        value = answer(person)
        if value == "" or (value is None and slug is not None):
            continue
        if slug is None:
            rows.append({"id": question, "label": label, "value": value})
        else:
            rows.append({"id": question, "slug": slug, "label": label, "value": value})
    return rows
