from django.urls import URLPattern, path

from organiser_portal.sync import views, views_completeness, views_outbound

app_name = "sync"
urlpatterns: list[URLPattern] = [
    path("freshness/", views.freshness, name="freshness"),
    path("connections/<int:pk>/progress/", views.progress, name="progress"),
    path("connections/<int:pk>/now/", views.sync_now, name="sync-now"),
    path("connections/<int:pk>/stop/", views.sync_stop, name="sync-stop"),
    path("connections/<int:pk>/push/", views.push_now, name="push-now"),
    path("runs/", views.run_list, name="run-list"),
    path("runs/<int:pk>/", views.run_detail, name="run-detail"),
    path("runs/<int:pk>/accept/", views_completeness.run_accept, name="run-accept"),
    path("completeness/", views_completeness.completeness, name="completeness"),
    path("outbound/", views_outbound.outbound_list, name="outbound-list"),
    path("outbound/<int:pk>/", views_outbound.outbound_detail, name="outbound-detail"),
    path("outbound/<int:pk>/retry/", views_outbound.outbound_retry, name="outbound-retry"),
    path("outbound/<int:pk>/undo/", views_outbound.outbound_undo, name="outbound-undo"),
    path("outbound/<int:pk>/discard/", views_outbound.outbound_discard, name="outbound-discard"),
]
