"""What staff type about a race."""

from datetime import timedelta
from typing import Any

from django import forms

from organiser_portal.events.models import Listing, Race

NEAR = timedelta(days=2)


class LicenceForm(forms.Form):
    capacity = forms.IntegerField(
        label="Licence",
        help_text="The most runners over all platforms. Leave it empty for no limit.",
        min_value=0,
        max_value=2_000_000,
        required=False,
    )


class LinkForm(forms.Form):
    """Which of our races this listing is. Those on the same days stand first."""

    race = forms.ChoiceField(label="It is the same race as")

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listing = listing
        field = self.fields["race"]
        assert isinstance(field, forms.ChoiceField)
        near, others = _parted(listing)
        field.choices = [("", "Choose a race"), ("On the same days", near), ("On other days", others)]

    def chosen(self) -> Race:
        return Race.objects.get(organisation=self.listing.organisation_id, pk=self.cleaned_data["race"])


def _parted(listing: Listing) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    races = Race.objects.filter(organisation=listing.organisation_id).exclude(pk=listing.race_id)
    near: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for race in races.select_related("event").order_by("-starts_at", "name"):
        date = f", {race.starts_at:%d %b %Y}" if race.starts_at else ""
        choice = (str(race.pk), f"{race.name}{date} ({race.event.name})")
        here = listing.race.starts_at
        close = bool(race.starts_at and here and abs(race.starts_at - here) <= NEAR)
        (near if close else others).append(choice)
    return near, others
