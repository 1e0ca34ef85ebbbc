"""What one race's listing asks and sells, as form fields, and the answers on their way back.

Fields are named as a provider's objections are keyed: ``answers.<question id>``, ``orders.<SKU id>``,
``affiliations.<slug>``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms

from organiser_portal.core.wording import money
from organiser_portal.events.figures import with_ages
from organiser_portal.events.models import Listing, Product, Question, Race, Sku
from organiser_portal.participants.fields import membership_label
from organiser_portal.participants.prices import Wanted, each_price
from organiser_portal.participants.sensitive import sounds_sensitive
from providers.parsing import LARGEST_INTEGER

type Item = dict[str, Any]
LONGEST_ANSWER = 2_000
LONGEST_FIGURE = 10


@dataclass(frozen=True, kw_only=True)  # without slots: how old it is is remembered
class Asks:
    """The race's own part of a form. ``held``: SKU id → what the entry already has."""

    listing: Listing | None = None
    questions: Sequence[Question] = ()
    products: Sequence[Product] = ()
    slugs: Sequence[str] = ()
    strict: bool = True
    held: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def read_at(self) -> datetime | None:
        """How old the questions and the stock are."""
        return (with_ages([self.listing])[0].as_of or self.listing.last_seen) if self.listing else None

    def fields(self) -> dict[str, forms.Field]:
        return {
            **{answer_name(question): _question_field(question, strict=self.strict) for question in self.questions},
            **{f"affiliations.{slug}": _affiliation_field(slug) for slug in self.slugs},
            **{order_name(sku): self._sku_field(sku, product) for product in self.products for sku in _skus(product)},
        }

    def answers(self, cleaned: Mapping[str, Any]) -> list[Item]:
        """One item for each question, ``value`` being what a person reads."""
        return [_answer(question, str(cleaned.get(answer_name(question)) or "")) for question in self.questions]

    def orders(self, cleaned: Mapping[str, Any]) -> list[Item]:
        return [{"sku_id": each.sku.external_id, "quantity": each.quantity} for each in self.wanted(cleaned)]

    def affiliations(self, cleaned: Mapping[str, Any]) -> dict[str, str]:
        return {slug: str(cleaned.get(f"affiliations.{slug}") or "") for slug in self.slugs}

    def wanted(self, cleaned: Mapping[str, Any]) -> list[Wanted]:
        """Every variation on sale and how many of it, 0 for none. Takes typed text as well as cleaned figures."""
        skus = (sku for product in self.products for sku in _skus(product))
        return [Wanted(sku=sku, quantity=_figure(cleaned.get(order_name(sku)))) for sku in skus]

    def too_many(self, cleaned: Mapping[str, Any]) -> dict[str, str]:
        """Field name → sentence, where the variations of a product together pass what one entry may have."""
        errors: dict[str, str] = {}
        for product in self.products:
            names = [order_name(sku) for sku in _skus(product)]
            if (
                product.max_quantity is not None
                and sum(_figure(cleaned.get(name)) for name in names) > product.max_quantity
            ):
                first = next(name for name in names if _figure(cleaned.get(name)))
                errors[first] = f"At most {product.max_quantity} of “{product.title}” for one entry."
        return errors

    def _sku_field(self, sku: Sku, product: Product) -> forms.Field:
        most = [limit for limit in (self._stock(sku), product.max_quantity) if limit is not None]
        limit = "Only %(limit_value)s to be had." if most else "Not more than %(limit_value)s."
        gone = bool(most) and min(most) <= 0
        # Only the browser is told: what sold out while somebody was typing is said, not dropped.
        attrs: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off"} | ({"disabled": True} if gone else {})
        return forms.IntegerField(
            label=sku.title or product.title,
            required=False,
            min_value=0,
            max_value=min([*most, LARGEST_INTEGER]),
            widget=forms.NumberInput(attrs=attrs),
            help_text=_sku_help(sku),
            error_messages={"max_value": "Sold out." if gone else limit},
        )

    def _stock(self, sku: Sku) -> int | None:
        """What is left, with what this entry already has."""
        return None if sku.stock is None else max(0, sku.stock) + self.held.get(sku.external_id, 0)


def asks_of(listing: Listing | None, *, held: Mapping[str, int] | None = None, sensitive: bool = True) -> Asks:
    """What this listing asks and sells. Without ``sensitive``, no question about health or whom to call."""
    if listing is None:
        return Asks()
    return Asks(
        listing=listing,
        questions=[each for each in listing.questions.all() if sensitive or not sounds_sensitive(each.label)],
        products=list(listing.products.prefetch_related("skus")),
        slugs=listing.affiliations,
        held=held or {},
    )


def asks_here(race: Race | None, *, sensitive: bool = True) -> Asks:
    """What an entry kept only here is asked: the questions of the race's other channels. None must be answered."""
    if race is None:
        return Asks()
    listings = Listing.objects.filter(race=race, gone_at=None, questions__isnull=False).distinct().order_by("id")
    asks = asks_of(listings.first(), sensitive=sensitive)
    return Asks(questions=asks.questions, strict=False)


def answer_name(question: Question) -> str:
    return f"answers.{question.external_id}"


def order_name(sku: Sku) -> str:
    return f"orders.{sku.external_id}"


def _skus(product: Product) -> list[Sku]:
    return list(product.skus.all())


def _question_field(question: Question, *, strict: bool) -> forms.Field:
    told: dict[str, Any] = {"label": question.label, "required": question.mandatory and strict}
    if question.options:
        choices = [("", "–"), *((option["id"], option["label"]) for option in question.options)]
        return forms.ChoiceField(choices=choices, **told)
    widget = forms.Textarea(attrs={"rows": 2}) if question.input_type == "textarea" else forms.TextInput()
    widget.attrs["autocomplete"] = "off"
    if sounds_sensitive(question.label):
        told["help_text"] = "Once saved, only those with permission see it."
    return forms.CharField(max_length=LONGEST_ANSWER, widget=widget, **told)


def _affiliation_field(slug: str) -> forms.Field:
    return forms.CharField(
        label=f"{membership_label(slug)} number",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _answer(question: Question, typed: str) -> Item:
    item = {"question_id": question.external_id, "label": question.label, "value": typed}
    if not question.options:
        return item
    labels = {str(option["id"]): option["label"] for option in question.options}
    return {**item, "value": labels.get(typed, ""), "option_id": typed} if typed else item


def _sku_help(sku: Sku) -> str:
    price, post = each_price(sku), sku.shipping_minor
    parts = [
        money(price, sku.currency) if price is not None else "",
        f"post {money(post, sku.currency)}" if post else "",
    ]
    left = "" if sku.stock is None else "sold out" if sku.stock <= 0 else f"{sku.stock} left"
    return ", ".join(filter(None, [*parts, left]))


def _figure(value: Any) -> int:
    """What was typed as a quantity; anything but a figure counts as none."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < LONGEST_FIGURE else 0
