"""The questions and products of a listing: replaced as one, since a provider sends them as one."""

from collections.abc import Sequence

from organiser_portal.events.models import Listing, Product, Question, Sku
from providers.records import Money, ProductRecord, QuestionRecord, SkuRecord


def store_questions(listing: Listing, questions: Sequence[QuestionRecord]) -> None:
    """Bring the listing's questions to exactly these, in this order. Ids that stay keep their row."""
    for position, question in enumerate(questions):
        Question.objects.update_or_create(
            listing=listing,
            external_id=question.external_id,
            defaults={
                "label": question.label[:500],
                "mandatory": question.mandatory,
                "input_type": question.input_type[:30],
                "options": [{"id": option.external_id, "label": option.label} for option in question.options],
                "position": position,
            },
        )
    listing.questions.exclude(external_id__in=[question.external_id for question in questions]).delete()


def store_products(listing: Listing, products: Sequence[ProductRecord]) -> None:
    """Bring the listing's products and their variations to exactly these, in this order."""
    for position, product in enumerate(products):
        row, _ = Product.objects.update_or_create(
            listing=listing,
            key=product.key[:120],
            defaults={
                "title": product.title[:300],
                "description": product.description,
                "max_quantity": product.max_quantity,
                "position": position,
            },
        )
        _store_skus(row, product.skus)
    listing.products.exclude(key__in=[product.key[:120] for product in products]).delete()


def _store_skus(product: Product, skus: Sequence[SkuRecord]) -> None:
    for position, sku in enumerate(skus):
        Sku.objects.update_or_create(
            product=product,
            external_id=sku.external_id,
            defaults={
                "title": sku.title[:300],
                "stock": sku.stock,
                "price_minor": _minor(sku.price),
                "shipping_minor": _minor(sku.shipping),
                "fee_minor": _minor(sku.fee),
                "fee_paid_by_entrant": sku.fee_paid_by_entrant,
                "currency": sku.price.currency[:3] if sku.price else "",
                "position": position,
            },
        )
    product.skus.exclude(external_id__in=[sku.external_id for sku in skus]).delete()


def _minor(money: Money | None) -> int | None:
    return money.minor if money else None
