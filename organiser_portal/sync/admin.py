"""What the engines did, with what operators need to know of it."""

from django.contrib import admin

from organiser_portal.core.admin import LeanAdmin
from organiser_portal.sync.models import SyncRun


@admin.register(SyncRun)
class SyncRunAdmin(LeanAdmin):
    fields = (
        "organisation", "connection", "resource", "full", "resumed", "by_hand", "outcome", "started_at",
        "progressed_at", "finished_at", "seen", "new", "changed", "same", "gone", "rejected", "pages", "requests",
        "bytes", "promised", "named_before", "held", "error_kind", "error_sentence", "error_detail", "request_id",
    )  # fmt: skip
    list_display = (
        "id", "organisation", "connection", "resource", "outcome", "started_at", "took", "seen", "new", "changed",
        "gone", "rejected", "error_kind",
    )  # fmt: skip
    list_select_related = ("organisation", "connection")
    list_filter = ("outcome", "organisation", "resource")
    search_fields = ("error_kind", "request_id__exact", "connection__label")

    @admin.display
    def took(self, run: SyncRun) -> str:
        """Until it ended, or was last seen at work."""
        return f"{((run.finished_at or run.progressed_at) - run.started_at).total_seconds():.1f} s"
