from django.urls import URLPattern, path

from organiser_portal.participants.views import (
    applications,
    conflicts,
    edit,
    entries,
    entry,
    export,
    rules,
    settlements,
)

app_name = "participants"
urlpatterns: list[URLPattern] = [
    path("entries/", entries.entry_list, name="entry-list"),
    path("entries/export/", export.entry_export, name="entry-export"),
    path("entries/add/", edit.entry_add, name="entry-add"),
    path("entries/add/place/", edit.entry_place_fields, name="entry-place-fields"),
    path("entries/<int:pk>/", entry.entry_detail, name="entry-detail"),
    path("entries/<int:pk>/state/", entry.entry_push_state, name="entry-push-state"),
    path("entries/<int:pk>/settle/", entry.entry_settle, name="entry-settle"),
    path("entries/<int:pk>/notes/", entry.entry_notes, name="entry-notes"),
    path("entries/<int:pk>/edit/", edit.entry_edit, name="entry-edit"),
    path("entries/<int:pk>/discard/", edit.entry_discard, name="entry-discard"),
    path("entries/<int:pk>/conflicts/<slug:field>/", conflicts.entry_conflict, name="entry-conflict"),
    path("conflicts/", conflicts.conflict_list, name="conflict-list"),
    path("conflicts/settle/", settlements.conflict_settle, name="conflict-settle"),
    path("conflicts/settlements/<int:pk>/", settlements.settlement_detail, name="settlement-detail"),
    path("conflicts/settlements/<int:pk>/undo/", settlements.settlement_undo, name="settlement-undo"),
    path("conflicts/rules/", rules.conflict_rules, name="conflict-rules"),
    path("applications/", applications.application_list, name="application-list"),
    path("applications/<int:pk>/", applications.application_detail, name="application-detail"),
]
