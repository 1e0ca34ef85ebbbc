from django.urls import URLPattern, path

from organiser_portal.operations import views

app_name = "operations"
urlpatterns: list[URLPattern] = [path("metrics", views.metrics, name="metrics")]
