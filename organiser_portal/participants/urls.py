from django.urls import URLPattern, path

from organiser_portal.participants.views import applications, bulk, edit, entries, entry, export, imports, pictures

app_name = "participants"
urlpatterns: list[URLPattern] = [
    path("entries/", entries.entry_list, name="entry-list"),
    path("entries/export/", export.entry_export, name="entry-export"),
    path("entries/add/", edit.entry_add, name="entry-add"),
    path("entries/add/place/", edit.entry_place_fields, name="entry-place-fields"),
    path("entries/bulk/", bulk.bulk_choose, name="bulk-choose"),
    path("entries/bulk/<slug:action>/", bulk.bulk, name="bulk"),
    path("entries/batches/", bulk.batch_list, name="batch-list"),
    path("entries/batches/<int:batch_id>/", bulk.batch_detail, name="batch-detail"),
    path("entries/batches/<int:batch_id>/result/", bulk.batch_result, name="batch-result"),
    path("entries/batches/<int:batch_id>/stop/", bulk.batch_stop, name="batch-stop"),
    path("entries/batches/<int:batch_id>/undo/", bulk.batch_undo, name="batch-undo"),
    path("entries/imports/", imports.import_list, name="import-list"),
    path("entries/imports/<int:import_id>/", imports.import_detail, name="import-detail"),
    path("entries/imports/<int:import_id>/columns/", imports.import_columns, name="import-columns"),
    path("entries/imports/<int:import_id>/commit/", imports.import_commit, name="import-commit"),
    path("entries/imports/<int:import_id>/stop/", imports.import_stop, name="import-stop"),
    path("entries/imports/<int:import_id>/undo/", imports.import_undo, name="import-undo"),
    path("entries/imports/<int:import_id>/drop/", imports.import_drop, name="import-drop"),
    path("entries/imports/<int:import_id>/result/", imports.import_result, name="import-result"),
    path("entries/<int:pk>/", entry.entry_detail, name="entry-detail"),
    path("entries/<int:pk>/state/", entry.entry_push_state, name="entry-push-state"),
    path("entries/<int:pk>/settle/", entry.entry_settle, name="entry-settle"),
    path("entries/<int:pk>/notes/", entry.entry_notes, name="entry-notes"),
    path("entries/<int:pk>/edit/", edit.entry_edit, name="entry-edit"),
    path("entries/<int:pk>/discard/", edit.entry_discard, name="entry-discard"),
    path("races/<int:pk>/pictures/", pictures.race_pictures, name="race-pictures"),
    path("applications/", applications.application_list, name="application-list"),
    path("applications/<int:pk>/", applications.application_detail, name="application-detail"),
]
