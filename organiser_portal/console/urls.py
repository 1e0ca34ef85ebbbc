from django.urls import path

from organiser_portal.console import views, views_audit

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
    path("counts/", views.counts, name="counts"),
    path("counts/<slug:listing>/", views.view_counts, name="view-counts"),
    path("search/", views.search, name="search"),
    path("audit/", views_audit.audit_list, name="audit-list"),
    path("keys/", views.keys, name="keys"),
]
