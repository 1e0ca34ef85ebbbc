from django.urls import path

from organiser_portal.saved_views import views

app_name = "saved_views"
urlpatterns = [
    path("usual/<slug:listing>/", views.usual_view, name="usual"),
    path("keep/<slug:listing>/", views.view_keep, name="view-keep"),
    path("<int:view_id>/", views.view_open, name="view-open"),
    path("<int:view_id>/change/", views.view_change, name="view-change"),
    path("<int:view_id>/question/", views.view_question, name="view-question"),
    path("<int:view_id>/remove/", views.view_remove, name="view-remove"),
]
