"""What is put on, as administrators see it: to look at, not to change."""

from django.contrib import admin

from organiser_portal.core.admin import LeanAdmin
from organiser_portal.events.models import Event, EventListing, Listing, Race, TicketType


@admin.register(Event)
class EventAdmin(LeanAdmin):
    fields = ("organisation", "name", "time_zone", "created_at")
    list_display = ("name", "organisation", "time_zone", "created_at")
    list_select_related = ("organisation",)
    list_filter = ("organisation",)
    search_fields = ("name",)


@admin.register(Race)
class RaceAdmin(LeanAdmin):
    fields = ("organisation", "event", "name", "starts_at", "sport", "licence_capacity", "created_at")
    list_display = ("name", "event", "organisation", "starts_at", "licence_capacity")
    list_select_related = ("event", "organisation")
    list_filter = ("organisation",)
    search_fields = ("name", "event__name")


@admin.register(EventListing)
class EventListingAdmin(LeanAdmin):
    fields = (
        "organisation", "connection", "external_id", "event", "name", "location", "url", "stub", "as_of",
        "first_seen", "last_seen", "gone_at",
    )  # fmt: skip
    list_display = ("id", "name", "connection", "organisation", "external_id", "stub", "last_seen", "gone_at")
    list_select_related = ("connection", "organisation")
    list_filter = ("organisation", "stub")
    search_fields = ("name", "external_id__exact")


@admin.register(Listing)
class ListingAdmin(LeanAdmin):
    fields = (
        "organisation", "connection", "external_id", "race", "event_listing", "name", "url", "starts_at", "closes_at",
        "capacity", "sold", "status", "status_text", "accepts_entries", "closed_because", "price_minor",
        "price_unknown", "currency", "stub", "as_of", "first_seen", "last_seen", "gone_at",
    )  # fmt: skip
    list_display = ("id", "name", "connection", "organisation", "external_id", "status", "capacity", "sold", "gone_at")
    list_select_related = ("connection", "organisation")
    list_filter = ("status", "organisation", "stub")
    search_fields = ("name", "external_id__exact")


@admin.register(TicketType)
class TicketTypeAdmin(LeanAdmin):
    fields = (
        "organisation", "connection", "external_id", "event_listing", "listing", "title", "price_minor",
        "price_unknown", "currency", "capacity", "stub", "as_of", "first_seen", "last_seen", "gone_at",
    )  # fmt: skip
    list_display = ("id", "title", "connection", "organisation", "external_id", "price_minor", "currency", "gone_at")
    list_select_related = ("connection", "organisation")
    list_filter = ("organisation",)
    search_fields = ("title", "external_id__exact")
