from django.urls import URLPattern, path

from organiser_portal.participants.views import applications, entries, export

app_name = "participants"
urlpatterns: list[URLPattern] = [
    path("entries/", entries.entry_list, name="entry-list"),
    path("entries/export/", export.entry_export, name="entry-export"),
    path("applications/", applications.application_list, name="application-list"),
    path("applications/<int:pk>/", applications.application_detail, name="application-detail"),
]
