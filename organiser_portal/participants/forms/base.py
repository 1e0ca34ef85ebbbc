"""What the forms of adding and of editing an entry share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from organiser_portal.core.form_fields import dress
from organiser_portal.participants.fields import OWN
from organiser_portal.participants.fields import label as field_label
from organiser_portal.participants.forms.asks import Asks, order_name
from organiser_portal.participants.forms.person import HALF, LAYOUT
from organiser_portal.participants.models import Entry
from organiser_portal.participants.services import EntryValues
from providers.records import PERSON_FIELDS


class EntryForm(forms.Form):
    """Person, what the race asks and sells, and the portal's own fields. Saves nothing."""

    use_required_attribute = False  # our own summary says what is missing, with nothing lost
    asks: Asks

    def values(self) -> EntryValues:
        """What was typed, for the services. Only for a valid form."""
        told = self.cleaned_data
        return EntryValues(
            person={name: told[name] for name in PERSON_FIELDS if name in self.fields},
            own={name: told[name] for name in OWN if name in self.fields},
            answers=self.asks.answers(told) if self.asks.questions else None,
            orders=self.asks.orders(told) if self.asks.products else None,
            affiliations=self.asks.affiliations(told) if self.asks.slugs else None,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, sentence in self.asks.too_many(cleaned).items():
            self.add_error(name, sentence)
        return cleaned

    def object_to(self, field_errors: Mapping[str, Sequence[str]], *, label: str) -> None:
        """Put what a provider said on the fields that caused it; what fits none belongs to the whole form."""
        if not self.is_bound:
            self.full_clean()
            self.cleaned_data = {}
        for name, texts in field_errors.items():
            if name in self.fields and self.is_bound and name in self.changed_data:
                continue
            here = name in self.fields
            about = "" if here or not name else f"{field_label(name.split('.')[0])}: "
            for text in texts:
                self.add_error(name if here else None, f"{about}{label} says “{text}”.")

    def put(self, name: str, value: str) -> None:
        """Draw the form again with another hidden value than was sent."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data[name] = value
        self.data = data

    def typed(self) -> Mapping[str, Any]:
        """What the form shows now, checked or not."""
        return self.data if self.is_bound else self.initial

    def person_rows(self) -> list[tuple[BoundField, str]]:
        """Field and width, in the order of the page."""
        return [(self[name], width) for name, width in LAYOUT.items() if name in self.fields]

    def question_rows(self) -> list[tuple[BoundField, str]]:
        names = [name for name in self.fields if name.startswith(("answers.", "affiliations."))]
        return [(self[name], HALF) for name in names]

    def shelves(self) -> list[tuple[Any, list[BoundField]]]:
        """Each product with the fields of its variations."""
        return [
            (product, [dress(self[order_name(sku)]) for sku in product.skus.all()]) for product in self.asks.products
        ]


def initial_of(entry: Entry) -> dict[str, Any]:
    """An entry as the first state of its form."""
    return {
        **{name: getattr(entry, name) for name in (*PERSON_FIELDS, *OWN)},
        **{f"answers.{item['question_id']}": item.get("option_id") or item["value"] for item in entry.answers},
        **{f"orders.{item['sku_id']}": item["quantity"] for item in entry.orders},
        **{f"affiliations.{slug}": typed for slug, typed in entry.affiliations.items()},
    }
