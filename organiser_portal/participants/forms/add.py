"""The form that adds an entry: the race's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core import signing
from django.db.models import Prefetch
from django.http import QueryDict

from organiser_portal.connections.gateway import connection_name
from organiser_portal.core.keyset import row_id
from organiser_portal.core.wording import day_and_time
from organiser_portal.events.models import Listing, Race
from organiser_portal.organisations.models import Membership
from organiser_portal.participants.destinations import Destination, Destinations, destinations
from organiser_portal.participants.forms.asks import asks_here, asks_of
from organiser_portal.participants.forms.base import EntryForm
from organiser_portal.participants.forms.person import person_fields
from organiser_portal.participants.models.entry import new_reference
from organiser_portal.participants.prices import Bill, bill

SALT = "entry-add"
ASKED = ("answers.", "orders.", "affiliations.")
ALWAYS_NEEDED = frozenset({"first_name", "last_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The race and the channel that the form is about, as far as they are chosen."""

    race: Race | None
    ways: Destinations
    chosen: Destination


def place_of(membership: Membership, told: Mapping[str, Any], now: datetime) -> Place:
    """From what was typed: an unknown race is none, an unknown channel the first that is open."""
    asked = row_id(told.get("race"))
    races = Race.objects.of(membership.organisation).select_related("event", "organisation")
    race = races.filter(pk=asked).first() if asked else None
    ways = destinations(race, now)
    return Place(race=race, ways=ways, chosen=ways.chosen(str(told.get("destination") or "")) or ways.offered[0])


class AddForm(EntryForm):
    """``token`` carries the reference of the entry to be: the same form sent twice is one entry."""

    race = forms.ChoiceField(error_messages={"invalid_choice": "Choose one of your races."})
    destination = forms.ChoiceField(
        label="Where it goes",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "This channel takes no entries any more. Choose again."},
    )
    bib = forms.CharField(max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    wave = forms.CharField(max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Only staff see these.")
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        membership: Membership,
        place: Place,
        now: datetime,
        shown: Mapping[str, Any],
    ) -> None:
        """``data`` is checked; ``shown`` is only put back into the fields."""
        token = str(shown.get("token") or seal(membership, new_reference()))
        shown = {} if data is not None else shown
        super().__init__(data, initial={**shown, "token": token, "destination": place.chosen.value})
        self.membership, self.place = membership, place
        listing = place.chosen.listing
        self.asks = asks_of(listing) if listing else asks_here(place.race)
        _choices(self.fields["race"], race_choices(membership, now))
        _choices(self.fields["destination"], [(each.value, each.label) for each in place.ways.offered])
        needed = ALWAYS_NEEDED | (place.chosen.provider.capabilities.needed_to_add if place.chosen.provider else set())
        hidden = () if membership.may_see_sensitive(now) else ("medical",)
        self.fields.update(person_fields(leave_out=hidden, needed=needed, today=now.date()))
        self.fields.update(self.asks.fields())

    def clean_token(self) -> str:
        """The reference inside. A token of somebody else's is no token."""
        reference = opened(self.membership, self.cleaned_data["token"])
        if reference is None:
            raise forms.ValidationError("This form is out of date. Save once more.")
        return reference

    def renew_token(self) -> None:
        """The next saving is of another entry."""
        self.put("token", seal(self.membership, new_reference()))

    def carried(self) -> list[tuple[str, str]]:
        """What was typed for another channel or race, kept in case one goes back."""
        told = self.typed().items()
        return [
            (name, str(value)) for name, value in told if value and name.startswith(ASKED) and name not in self.fields
        ]

    def bill(self) -> Bill | None:
        """What the chosen provider will ask for; None when nobody will be asked."""
        way, told = self.place.chosen, self.typed()
        if way.listing is None or way.provider is None:
            return None
        affiliated = any(str(told.get(f"affiliations.{slug}") or "").strip() for slug in self.asks.slugs)
        return bill(
            way.listing, affiliated=affiliated, wanted=self.asks.wanted(told), provider_label=way.provider.label
        )


def seal(membership: Membership, reference: str) -> str:
    """The reference of an entry to be, for this person in this organisation alone."""
    return signing.dumps([membership.pk, reference], salt=SALT)


def opened(membership: Membership, token: str) -> str | None:
    try:
        owner, reference = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return str(reference) if owner == membership.pk else None


NAMES_OF_SOURCES = ("race_id", "connection__provider", "connection__label")


def race_choices(membership: Membership, now: datetime) -> list[tuple[str, Any]]:
    """Races ahead under their events, soonest first, then those that are over."""
    races = (
        Race.objects.of(membership.organisation)
        .select_related("event")
        .prefetch_related(Prefetch("listings", Listing.objects.select_related("connection").only(*NAMES_OF_SOURCES)))
        .order_by("starts_at", "name", "id")
    )
    ahead: dict[str, list[tuple[str, str]]] = {}
    over: list[tuple[str, str]] = []
    for race in races:
        choice = (str(race.pk), _race_label(race, now))
        if race.starts_at is not None and race.starts_at < now:
            over.insert(0, choice)
        else:
            ahead.setdefault(race.event.name, []).append(choice)
    return [("", "Choose a race"), *ahead.items(), *([("Over", over)] if over else [])]


def _race_label(race: Race, now: datetime) -> str:
    """Name, start, and where it is sold: races of one name that nobody has linked yet must be told apart."""
    parts = [race.name]
    if race.starts_at is not None:
        parts.append(day_and_time(race.starts_at, now, ZoneInfo(race.event.time_zone)))
    sources = sorted({connection_name(listing.connection) for listing in race.listings.all()})
    return ", ".join(parts) + (f" ({', '.join(sources)})" if sources else "")


def _choices(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
