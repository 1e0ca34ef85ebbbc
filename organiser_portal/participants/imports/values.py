"""A row's cells as values of an entry, each by the rules of the form that adds one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organiser_portal.core import csv
from organiser_portal.events.models import Race
from organiser_portal.participants.folding import fold, sort_name
from organiser_portal.participants.forms.asks import Asks
from organiser_portal.participants.forms.person import person_fields
from organiser_portal.participants.imports.dates import parse_date
from organiser_portal.participants.imports.headings import FULL_NAME, NUMBER, RACE, REFERENCE, label
from organiser_portal.participants.imports.identity import spellings
from organiser_portal.participants.imports.table import Line
from organiser_portal.participants.models import Entry
from organiser_portal.participants.sensitive import sounds_sensitive
from providers.records import PERSON_FIELDS, SENSITIVE_FIELDS

OWN = ("bib", "wave", "notes", "own_partner")
GENDERS = {
    **dict.fromkeys(("f", "female", "woman", "women", "girl", "w", "lady"), "f"),
    **dict.fromkeys(("m", "male", "man", "men", "boy", "gentleman"), "m"),
    **dict.fromkeys(("nb", "nonbinary", "non binary", "non-binary", "x", "other", "diverse", "d", "enby"), "nb"),
    **dict.fromkeys(("not stated", "prefer not to say", "unknown", "n/a", "-", "u"), ""),
}
NOTHING = frozenset({"", "n/a", "null", "none", "#n/a"})


class BadCell(Exception):
    """``str()`` says which value of a row cannot be taken, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one row says. Only what it fills in: an empty cell changes nothing. ``reason``: why it cannot be taken."""

    number: int
    reason: str = ""
    person: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    race: Race | None = None
    reference: str = ""
    external_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.person.get('first_name', '')} {self.person.get('last_name', '')}".strip()

    @property
    def sort_name(self) -> str:
        return sort_name(self.person.get("first_name", ""), self.person.get("last_name", "")) if self.name else ""

    @property
    def sort_names(self) -> set[str]:
        """As it may be stored: a double name is also found by its other joint."""
        first, last = (spellings(fold(self.person.get(name, ""))) for name in ("first_name", "last_name"))
        return {sort_name(each, other) for each in first for other in last} | {self.sort_name} if self.name else set()

    @property
    def birth_date(self) -> date | None:
        return self.person.get("birth_date")

    @property
    def email(self) -> str:
        return str(self.person.get("email", "")).casefold()


class RowReader:
    """Reads rows of one import. ``targets``: one for each column, "" for those that are left out."""

    def __init__(
        self,
        targets: Sequence[str],
        *,
        race_of: Callable[[str], Race],
        asks: Asks,
        month_first: bool,
        today: date,
    ) -> None:
        """``race_of`` finds the race by what a row says of it; it raises BadCell."""
        self.targets, self.race_of, self.month_first, self.today = targets, race_of, month_first, today
        self.fields = {**person_fields(today=today), **_own_fields(), **asks.fields()}
        for each in self.fields.values():
            each.required = False  # what must be there is asked of new entries alone

    def read(self, line: Line) -> Draft:
        number, cells = line
        told = {target: cell for target, cell in zip(self.targets, cells, strict=False) if target}
        try:
            if any(cells[len(self.targets) :]):
                raise BadCell(
                    f"It has {len(cells)} values for {len(self.targets)} headings: "
                    "a separator inside a value is probably not quoted."
                )
            race = self.race_of(told.pop(RACE, ""))
            values = {name: self._clean(name, text) for name, text in _named(told).items() if not _empty(text)}
        except BadCell as error:
            return Draft(number=number, reason=str(error), person=_who(told))
        return Draft(
            number=number,
            person={name: values[name] for name in PERSON_FIELDS if values.get(name)},
            own={name: values[name] for name in OWN if values.get(name)},
            answers={name: value for name, value in values.items() if name.startswith("answers.") and value},
            race=race,
            reference=values.get(REFERENCE, ""),
            external_id=values.get(NUMBER, ""),
        )

    def _clean(self, name: str, text: str) -> Any:
        if text.startswith("="):
            raise BadCell(f"{self._label(name)} holds a formula, not a value.")
        text = csv.unsafe(text)  # as our own downloads say that it is none
        if name not in self.fields:
            return text
        try:
            return self.fields[name].clean(self._as_typed(name, text))
        except ValidationError as error:
            said = "" if self._is_sensitive(name) else f" “{text[:60]}”"
            raise BadCell(f"{self._label(name)}{said}: {error.messages[0]}") from None

    def _as_typed(self, name: str, text: str) -> str:
        """As somebody would have typed it into the form."""
        if name == "birth_date":
            try:
                return parse_date(text, month_first=self.month_first, today=self.today).isoformat()
            except (ValueError, OverflowError):
                order = "month/day/year" if self.month_first else "day/month/year"
                raise BadCell(f"{self._label(name)} “{text[:40]}” is no date, read as {order}.") from None
        if name == "gender":
            word = text.casefold()
            if word not in GENDERS:
                raise BadCell(f"Gender “{text[:40]}” is not known: write F, M or non-binary.")
            return GENDERS[word]
        asked = self.fields[name]
        if isinstance(asked, forms.ChoiceField):
            return _chosen(asked, text)
        return text

    def _is_sensitive(self, name: str) -> bool:
        return name in SENSITIVE_FIELDS or sounds_sensitive(self._label(name))

    def _label(self, name: str) -> str:
        known = self.fields.get(name)
        return str(known.label) if known is not None and known.label else label(name)


def _own_fields() -> dict[str, forms.Field]:
    longest = {name: getattr(Entry._meta.get_field(name), "max_length", None) for name in OWN}
    return {name: forms.CharField(label=label(name), max_length=longest[name]) for name in OWN}


def _chosen(asked: forms.ChoiceField, text: str) -> str:
    """The option that is called so; what none is called is left for the field to refuse."""
    options = asked.widget.choices if isinstance(asked.widget, forms.Select) else []
    called = {fold(str(words)): str(value) for value, words in options if value}
    return called.get(fold(text), text)


def _named(told: Mapping[str, str]) -> dict[str, str]:
    """With a full name taken apart."""
    values = dict(told)
    whole = values.pop(FULL_NAME, "").strip()
    if whole:
        first, last = split_name(whole)
        values = {"first_name": first, "last_name": last, **{k: v for k, v in values.items() if v}}
    return values


def split_name(whole: str) -> tuple[str, str]:
    """ "Breathnach, Siobhán" and "Siobhán Breathnach" → first, last. The last word is the surname."""
    if "," in whole:
        last, first = whole.split(",", 1)
        return first.strip(), last.strip()
    first, _, last = whole.rpartition(" ")
    return first.strip(), last.strip()


def _empty(text: str) -> bool:
    return text.casefold() in NOTHING


def _who(told: Mapping[str, str]) -> dict[str, str]:
    """The name as it stands there, for a row that cannot be taken."""
    names = _named(told)
    return {name: names.get(name, "")[:200] for name in ("first_name", "last_name")}
