"""Entries and applications, as administrators see them: enough to find and follow one, without what is private in it.

Contacts, birth dates, answers, medical and emergency data are for the organisation's own people.
"""

from typing import override

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from organiser_portal.core.admin import LeanAdmin
from organiser_portal.participants.models import Application, Entry
from organiser_portal.participants.search import by_words

MOST_WORDS = 8


class PersonAdmin(LeanAdmin):
    """Found as in the console: by any fragment of name, e-mail or bib, or by reference. Lists name nobody."""

    search_fields = ("search_text",)
    search_help_text = "Any part of a name, e-mail address or bib, or the beginning of a reference."

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model, Model], search_term: str
    ) -> tuple[QuerySet[Model, Model], bool]:
        return by_words(queryset, " ".join(search_term.split()[:MOST_WORDS])), False


@admin.register(Entry)
class EntryAdmin(PersonAdmin):
    fields = (
        "organisation", "connection", "external_id", "reference", "origin", "race", "listing", "first_name",
        "last_name", "status", "status_text", "ticket_title", "push_state", "redacted", "overridden", "entered_at",
        "remote_updated_at", "first_seen", "last_seen", "gone_at", "created_by",
    )  # fmt: skip
    readonly_fields = ("overridden",)
    list_display = (
        "id", "race", "organisation", "connection", "external_id", "status", "push_state", "entered_at", "gone_at",
    )  # fmt: skip
    list_select_related = ("organisation", "race", "connection")
    list_filter = ("status", "origin", "push_state", "organisation")

    @admin.display
    def overridden(self, entry: Entry) -> str:
        """Which fields staff wrote over, never with what."""
        return ", ".join(sorted(entry.overrides)) or "–"


@admin.register(Application)
class ApplicationAdmin(PersonAdmin):
    fields = (
        "organisation", "connection", "external_id", "race", "listing", "first_name", "last_name", "approval",
        "resolution", "draw", "ticket_title", "redacted", "applied_at", "remote_updated_at", "first_seen",
        "last_seen", "gone_at",
    )  # fmt: skip
    list_display = (
        "id", "organisation", "race", "connection", "external_id", "approval", "resolution", "applied_at", "gone_at",
    )  # fmt: skip
    list_select_related = ("organisation", "race", "connection")
    list_filter = ("organisation",)
