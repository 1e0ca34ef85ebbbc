"""The two forms of an import: which file, and which of its columns is what."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from organiser_portal.core.form_fields import dress
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Membership
from organiser_portal.participants.destinations import HERE
from organiser_portal.participants.forms.add import place_of, race_choices
from organiser_portal.participants.forms.asks import answer_name, asks_of
from organiser_portal.participants.imports.dates import Order, Proof
from organiser_portal.participants.imports.headings import FULL_NAME, GROUPS, NUMBER, RACE, REFERENCE, label, match
from organiser_portal.participants.models import Import
from organiser_portal.participants.sensitive import sounds_sensitive
from providers.records import SENSITIVE_FIELDS

BY_COLUMN = "column"
NAMES_OF_COLUMNS = "c"


class UploadForm(forms.Form):
    """The file alone: what it is, its reader finds out."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
        help_text="CSV, TSV or Excel (.xlsx), with one row of headings. At most 20 MB and 200,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class ColumnsForm(forms.Form):
    """Heading → our field, the race, and where new entries go.

    ``before``: the latest import of a file with the same headings, whose choices are proposed again.
    """

    use_required_attribute = False
    race = forms.ChoiceField(
        error_messages={"invalid_choice": "Choose one of your races.", "required": "Choose the race."},
        help_text="Every row goes into the race that is chosen here, unless a column names it.",
    )
    destination = forms.ChoiceField(
        label="Where new entries go",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "This channel takes no entries any more. Choose again."},
    )
    month_first = forms.ChoiceField(
        label="Dates in this file",
        choices=[("0", "day/month/year"), ("1", "month/day/year")],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        imported: Import,
        before: Import | None,
        membership: Membership,
        now: datetime,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        """``data`` is checked; ``shown`` is only put back into the fields."""
        self.imported, self.sees_sensitive = imported, membership.may_see_sensitive(now)
        known = imported if imported.mapping else before
        told = data or shown or _as_sent(imported, before, now)
        self.place = place_of(membership, told, now)
        self.chosen = self.place.ways.chosen(str(told.get("destination") or "")) or self.place.ways.offered[-1]
        matched = match(self.headings, known.mapping if known else None, offered=self._targets(told))
        race = str(told.get("race") or (BY_COLUMN if RACE in matched.values() and not shown else ""))
        self.by_column = race == BY_COLUMN
        month_first = known.month_first if known else self.proof.order == Order.MONTH_FIRST
        start = {name: matched[heading] for name, heading in self.names.items()}
        start |= {"race": race, "destination": self.chosen.value, "month_first": "1" if month_first else "0"}
        super().__init__(data, initial={**start, **(shown or {})})
        _choices(self.fields["race"], [*_with_column(race_choices(membership, now))])
        _choices(self.fields["destination"], [(each.value, each.label) for each in self.place.ways.offered])
        self.fields["destination"].required = self.place.race is not None
        if not self.proof.open:
            del self.fields["month_first"]
        options = self._options(told)
        for name, heading in self.names.items():
            self.fields[name] = forms.ChoiceField(label=heading, choices=options, required=False)

    @property
    def headings(self) -> list[str]:
        return [column["heading"] for column in self.imported.columns]

    @property
    def names(self) -> Mapping[str, str]:
        """Name of the form's field → heading."""
        return {f"{NAMES_OF_COLUMNS}{number}": heading for number, heading in enumerate(self.headings)}

    @property
    def proof(self) -> Proof:
        """How the birth dates of this file are written, decided over all its rows."""
        wanted = match(self.headings, self.imported.mapping or None, offered=("birth_date",))
        dated = (column for column in self.imported.columns if wanted[column["heading"]] == "birth_date")
        return Proof.of(next(dated, {}))

    def rows(self) -> Iterator[tuple[Mapping[str, Any], BoundField]]:
        """Each column with its select. Samples of what sounds medical are for those who may see it."""
        for name, column in zip(self.names, self.imported.columns, strict=True):
            hidden = not self.sees_sensitive and sounds_sensitive(column["heading"])
            yield {**column, "samples": [] if hidden else column["samples"], "hidden": hidden}, dress(self[name])

    @property
    def one_race(self) -> Race | None:
        """The race of every row; None: a column names it."""
        return None if self.by_column else self.place.race

    @property
    def listing(self) -> Listing | None:
        return None if self.by_column else self.chosen.listing

    @property
    def month_is_first(self) -> bool:
        if "month_first" in self.fields:
            return bool(self.cleaned_data["month_first"] == "1")
        return self.proof.order == Order.MONTH_FIRST

    def mapping(self) -> dict[str, str]:
        """Heading → target, as chosen. Only for a valid form."""
        return {heading: self.cleaned_data[name] for name, heading in self.names.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen: dict[str, str] = {}
        for name, heading in self.names.items():
            target = cleaned.get(name)
            if target and target in chosen:
                self.add_error(name, f"“{chosen[target]}” is matched to this already.")
            elif target:
                chosen[target] = heading
        if not ({"first_name", "last_name"} <= chosen.keys() or {FULL_NAME, REFERENCE, NUMBER} & chosen.keys()):
            self.add_error(None, "Match the columns of first and last name, or one of the full name.")
        if self.by_column and RACE not in chosen:
            self.add_error("race", "No column is matched to “Race, by its name”. Choose the race, or match one.")
        for name, words in self._must_have().items():
            if name not in chosen:
                where = self.chosen.label
                self.add_error(None, f"{where} needs “{words}”: match a column to it, or keep new entries here.")
        return cleaned

    def _must_have(self) -> dict[str, str]:
        """What the chosen channel takes no entry without."""
        if self.listing is None or self.chosen.provider is None:
            return {}
        needed = sorted(self.chosen.provider.capabilities.needed_to_add)
        asked = {answer_name(each): each.label for each in asks_of(self.listing).questions if each.mandatory}
        return {**{name: label(name) for name in needed}, **asked}

    def _targets(self, told: Mapping[str, Any]) -> list[str]:
        offered = [target for group in GROUPS.values() for target in group]
        hidden = frozenset() if self.sees_sensitive else SENSITIVE_FIELDS
        return [*(target for target in offered if target not in hidden), *self._questions(told)]

    def _questions(self, told: Mapping[str, Any]) -> dict[str, str]:
        """What the chosen channel asks: name of the field → question."""
        listing = None if told.get("race") == BY_COLUMN else self.chosen.listing
        return {answer_name(each): each.label for each in asks_of(listing).questions}

    def _options(self, told: Mapping[str, Any]) -> list[tuple[str, Any]]:
        offered = set(self._targets(told))
        groups = [
            (group, [(target, label(target)) for target in targets if target in offered])
            for group, targets in GROUPS.items()
        ]
        asked = (f"What {self.chosen.label} asks", list(self._questions(told).items()))
        return [("", "Leave out"), *((group, options) for group, options in [*groups, asked] if options)]


def _as_sent(imported: Import, before: Import | None, now: datetime) -> dict[str, Any]:
    """What was chosen, as the form sends it. Of an earlier import only a race that is still ahead: where its new
    entries went is not proposed again, because that has consequences."""
    known = imported if imported.mapping else before
    if known is None:
        return {}
    if known.race is None:
        return {"race": BY_COLUMN} if RACE in known.mapping.values() else {}
    if known is imported:
        return {"race": str(known.race.pk), "destination": str(known.listing_id or HERE)}
    over = known.race.starts_at is not None and known.race.starts_at < now
    return {} if over else {"race": str(known.race.pk)}


def _with_column(choices: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    yield choices[0]
    yield BY_COLUMN, "A column of the file names it"
    yield from choices[1:]


def _choices(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
