"""What listings ask and sell: replaced as one, since a provider sends it as one, and for a page of races together."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet

from organiser_portal.events.models import Listing, Product, Question, Sku
from providers.records import Money, ProductRecord, QuestionRecord, RaceRecord, SkuRecord

type Key = tuple[int, str]
"""The row that something belongs to, and its own id there."""


def store_sold(said: Iterable[tuple[Listing, RaceRecord]]) -> None:
    """Bring the questions, products and variations of these listings to exactly what is said of them last.

    In this order. What stays keeps its row.
    """
    told = {listing.pk: record for listing, record in said}
    questions = {
        (listing, question.external_id): _asked(question, position)
        for listing, record in told.items()
        for position, question in enumerate(record.questions)
    }
    _bring(Question.objects.filter(listing__in=told), ("listing_id", "external_id"), questions)
    products = {
        (listing, product.key[:120]): (position, product)
        for listing, record in told.items()
        for position, product in enumerate(record.products)
    }
    offered = {key: _offered(product, position) for key, (position, product) in products.items()}
    rows = _bring(Product.objects.filter(listing__in=told), ("listing_id", "key"), offered)
    skus = {
        (rows[key].pk, sku.external_id): _priced(sku, position)
        for key, (_, product) in products.items()
        for position, sku in enumerate(product.skus)
    }
    _bring(Sku.objects.filter(product__listing__in=told), ("product_id", "external_id"), skus)


def _bring[Row: Model](
    held: QuerySet[Row], names: tuple[str, str], wanted: Mapping[Key, Mapping[str, Any]]
) -> dict[Key, Row]:
    """The rows by ``names``, made, changed and removed so that they are these."""
    rows = {(getattr(row, names[0]), getattr(row, names[1])): row for row in held}
    gone = [row.pk for key, row in rows.items() if key not in wanted]
    new: list[Row] = []
    changed: list[Row] = []
    for key, values in wanted.items():
        row = rows.get(key)
        if row is None:
            row = rows[key] = held.model(**dict(zip(names, key, strict=True)))
            new.append(row)
        elif any(getattr(row, name) != value for name, value in values.items()):
            changed.append(row)
        for name, value in values.items():
            setattr(row, name, value)
    everyone = held.model._default_manager
    columns = list(next(iter(wanted.values()), ()))
    if gone:
        everyone.filter(pk__in=gone).delete()
    if new:  # somebody else may have brought one in at the same moment: it is written over
        everyone.bulk_create(new, update_conflicts=True, unique_fields=names, update_fields=columns)
    if changed:
        everyone.bulk_update(changed, columns)
    return rows


def _asked(question: QuestionRecord, position: int) -> dict[str, Any]:
    return {
        "label": question.label[:500],
        "mandatory": question.mandatory,
        "input_type": question.input_type[:30],
        "options": [{"id": option.external_id, "label": option.label} for option in question.options],
        "position": position,
    }


def _offered(product: ProductRecord, position: int) -> dict[str, Any]:
    return {
        "title": product.title[:300],
        "description": product.description,
        "max_quantity": product.max_quantity,
        "position": position,
    }


def _priced(sku: SkuRecord, position: int) -> dict[str, Any]:
    return {
        "title": sku.title[:300],
        "stock": sku.stock,
        "price_minor": _minor(sku.price),
        "shipping_minor": _minor(sku.shipping),
        "fee_minor": _minor(sku.fee),
        "fee_paid_by_entrant": sku.fee_paid_by_entrant,
        "currency": sku.price.currency[:3] if sku.price else "",
        "position": position,
    }


def _minor(money: Money | None) -> int | None:
    return money.minor if money else None
