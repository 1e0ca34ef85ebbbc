"""What a listing sells and asks."""

from django.db import models

from organiser_portal.connections.models import SyncedModel
from organiser_portal.events.models.event import EventListing
from organiser_portal.events.models.race import Listing


class TicketType(SyncedModel):
    """What one can buy. ``listing`` None: the provider ties it to the event only."""

    event_listing = models.ForeignKey(EventListing, on_delete=models.CASCADE, related_name="ticket_types")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="ticket_types", null=True, blank=True)
    title = models.CharField(max_length=300, blank=True)
    price_minor = models.IntegerField(null=True, blank=True)
    price_unknown = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    stub = models.BooleanField(default=False)
    as_of = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title or self.external_id


class Question(models.Model):
    """A question of a race's own form. ``options``: list of {"id": str, "label": str}."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="questions")
    external_id = models.CharField(max_length=120)
    label = models.CharField(max_length=500)
    mandatory = models.BooleanField(default=False)
    input_type = models.CharField(max_length=30, default="text")
    options = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["listing", "external_id"], name="question_once_per_listing")]

    def __str__(self) -> str:
        return self.label


class Product(models.Model):
    """Something sold beside the place. ``max_quantity`` None: no stated limit."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="products")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    max_quantity = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["listing", "key"], name="product_once_per_listing")]

    def __str__(self) -> str:
        return self.title


class Sku(models.Model):
    """One variation of a product. ``stock`` None: not stated. Money in minor units of ``currency``."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="skus")
    external_id = models.CharField(max_length=120)
    title = models.CharField(max_length=300, blank=True)
    stock = models.IntegerField(null=True, blank=True)
    price_minor = models.IntegerField(null=True, blank=True)
    shipping_minor = models.IntegerField(null=True, blank=True)
    fee_minor = models.IntegerField(null=True, blank=True)
    fee_paid_by_entrant = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "external_id"], name="sku_once_per_product")]

    def __str__(self) -> str:
        return self.title
