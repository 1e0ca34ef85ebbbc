from django.urls import path

from organiser_portal.partners import views, views_do

app_name = "partners"
urlpatterns = [
    path("", views.partner_list, name="partner-list"),
    path("add/<int:connection_id>/", views_do.partner_add, name="partner-add"),
    path("<int:partner_id>/", views.partner_detail, name="partner-detail"),
    path("<int:partner_id>/places/", views_do.group_event, name="group-event"),
    path("<int:partner_id>/places/<int:event_listing_id>/", views_do.group_add, name="group-add"),
    path("<int:partner_id>/<str:verb>/", views_do.partner_do, name="partner-do"),
    path("places/<int:group_id>/<str:verb>/", views_do.group_do, name="group-do"),
]
