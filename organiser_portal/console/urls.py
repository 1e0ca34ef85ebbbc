from django.urls import path

from organiser_portal.console import views

app_name = "console"
urlpatterns = [
    path("", views.home, name="home"),
]
